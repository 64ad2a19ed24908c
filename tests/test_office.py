"""Old Word, WPS and Excel files through LibreOffice; what needs it is skipped where it is absent."""

import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which
from threading import Thread

import pytest

from policyparse.api import load_rules
from policyparse.errors import ReadError
from policyparse.pipeline import parse
from policyparse.readers import office, read
from policyparse.readers.signatures import OLE
from word_files import abstract, cell, level, num, paragraph, row, table, word

installed = pytest.mark.skipif(not (which("soffice") or which("libreoffice")), reason="LibreOffice is not installed")


CSV = "CSV:44,34,UTF8"
"""Divided by commas, texts in quotation marks."""


def converted(folder: Path, source: str, to: str, filter: str, as_what: str = "") -> list[bytes]:
    """The files of a folder in another format, by LibreOffice, which takes long to start."""
    files = sorted(folder.glob(f"*.{source}"))
    profile = (folder / "profile").as_uri()
    command = [which("soffice") or "libreoffice", f"-env:UserInstallation={profile}", "--headless"]
    command += [f"--infilter={as_what}"] if as_what else []
    command += ["--convert-to", f"{to}:{filter}", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [file.with_suffix(f".{to}").read_bytes() for file in files]


@pytest.fixture(scope="module")
def notice() -> bytes:
    numbering = abstract(
        1, level(0, "chineseCountingThousand", "%1、"), level(1, "chineseCountingThousand", "（%2）")
    ) + num(1, 1)  # fmt: skip
    return word(
        paragraph("青禾县2025年育苗工作实施方案")
        + paragraph("主要目标", list=1, level=0)
        + paragraph("面积", list=1, level=1)
        + paragraph("到2025年底，全县育苗面积达到3.5万亩。")
        + paragraph("任务分工", list=1, level=0)
        + table(
            row(cell("序号"), cell("重点任务"), cell("牵头单位")),
            row(cell("1"), cell("建设育苗基地"), cell("县农业农村局", properties='<w:vMerge w:val="restart"/>')),
            row(cell("2"), cell("推广良种"), cell(properties="<w:vMerge/>")),
            widths=(800, 4000, 2000),
        )
        + paragraph("各镇要抓好落实。"),
        numbering=numbering,
    )


@pytest.fixture(scope="module")
def old(notice: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The notice as Word 97 would have written it."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "notice.docx").write_bytes(notice)
    return converted(folder, "docx", "doc", "MS Word 97")[0]


@installed
def test_a_document_is_read_as_its_new_form_is(notice: bytes, old: bytes):
    document = read(old, "x.wps")
    assert document.format == "wps"
    assert document.text == read(notice, "x.docx").text
    assert document.text.startswith("青禾县2025年育苗工作实施方案\n一、 主要目标\n（一） 面积\n")
    units = [cell for cell in document.tables[0].cells if document.text[slice(*cell.span)] == "县农业农村局"]
    assert [cell.rowspan for cell in units] == [2]
    assert document.paragraphs


@installed
def test_rich_text_is_read():
    def signs(text: str) -> str:
        return "".join(f"\\u{ord(character)}?" for character in text)

    rows = "".join(
        rf"\trowd\cellx900\cellx4000\intbl {first}\cell {signs(second)}\cell\row"
        for first, second in ((signs("序号"), "任务"), ("1", "育苗"))
    )
    raw = rf"{{\rtf1\ansi {signs('云溪区育苗方案')}\par {rows}\pard {signs('附件')}\par}}".encode()
    document = read(raw, "x.doc")
    assert document.text == "云溪区育苗方案\n序号\t任务\n1\t育苗\n附件\n"
    assert document.format == "rtf"
    assert len(document.tables) == 1


@installed
def test_a_workbook_is_read_as_its_new_form_is(tmp_path: Path):
    (tmp_path / "notice.csv").write_text("序号,重点任务,目标值,牵头单位\n1,扩大育苗面积,85%,县农业农村局\n", "utf-8")
    (raw,) = converted(tmp_path, "csv", "xls", "MS Excel 97", CSV)
    old = read(raw, "x.et")
    assert old.format == "et"
    assert old.text.endswith("序号\t重点任务\t目标值\t牵头单位\n1\t扩大育苗面积\t85.00%\t县农业农村局\n")
    assert parse(old, load_rules()).parts[0].kind == "annex"


@installed
def test_nothing_is_fetched_or_run(tmp_path: Path):
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    secret, ran = tmp_path / "secret.txt", tmp_path / "ran"
    secret.write_text("confidential")
    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    web = f"http://127.0.0.1:{server.server_port}"
    field = r"{\field{\*\fldinst %s}{\fldrslt }}"
    fields = (
        f'INCLUDEPICTURE "{web}/picture.png" \\d',
        f'INCLUDETEXT "{secret}"',
        f'INCLUDETEXT "{secret.as_uri()}"',
        f'LINK Word.Document.8 "{secret}"',
        f'DDEAUTO sh "-c touch {ran}"',
    )
    body = "".join(field % instruction for instruction in fields)
    raw = rf"{{\rtf1\ansi{{\*\template {web}/template.dotm}} Notice {body}\par End}}".encode()
    assert read(raw, "x.rtf").text.split() == ["Notice", "End"]
    server.shutdown()
    assert not asked
    assert not ran.exists()


@installed
@pytest.mark.parametrize("raw", [OLE + bytes(range(256)) * 9 + office.TEXT, OLE + office.WORKBOOK])
def test_a_broken_file_is_one_clear_line(raw: bytes):
    with pytest.raises(ReadError, match=r"^坏\.doc: LibreOffice cannot read it; if it is protected"):
        read(raw, "坏.doc")


@installed
def test_a_truncated_file(old: bytes):
    with pytest.raises(ReadError, match=r"^坏\.doc: LibreOffice cannot read it"):
        read(old[: len(old) // 2], "坏.doc")


@pytest.mark.parametrize("name", ["锁.docx", "锁.xlsx", "锁.doc"])
def test_a_password_is_said_so(name: str):
    raw = OLE + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0")
    with pytest.raises(ReadError, match=f"^{name}: it is protected by a password; save it without one"):
        read(raw, name)


def test_without_libreoffice_one_line_names_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(office, "which", lambda _: None)
    monkeypatch.setattr(office, "PLACES", ())
    for raw, name in ((OLE, "旧.doc"), (b"{\\rtf1 x}", "旧.rtf")):
        with pytest.raises(ReadError, match=rf"^{name}: .*LibreOffice, which is not installed; install it"):
            read(raw, name)


def stuck(folder: Path) -> Path:
    """A LibreOffice that never comes to an end, and writes the number of its child into the file `child` beside it."""
    program = folder / "soffice"
    program.write_text(
        f"#!/bin/sh\nsleep 600 &\necho $! > {folder / 'new'}\nmv {folder / 'new'} {folder / 'child'}\nwait\n"
    )
    program.chmod(0o755)
    return program


def ended(pid: int) -> bool:
    """Whether a process ends within a minute."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(600):
        if not state.exists() or " Z " in state.read_text():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="a shell script stands for LibreOffice, and /proc tells")
def test_it_ends_with_the_process_that_asked_for_it(tmp_path: Path):
    stuck(tmp_path)
    (tmp_path / "temporary").mkdir()
    (tmp_path / "慢.doc").write_bytes(OLE)
    reader = subprocess.Popen(
        [sys.executable, "-m", "policyparse", "extract", tmp_path / "慢.doc"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "temporary")},
    )
    while not (tmp_path / "child").exists():
        assert reader.poll() is None
        time.sleep(0.05)
    reader.kill()
    reader.wait()
    assert ended(int((tmp_path / "child").read_text()))
    for _ in range(600):
        if not any((tmp_path / "temporary").iterdir()):
            return
        time.sleep(0.1)
    raise AssertionError("the copy of the notice is still there")


@pytest.mark.skipif(sys.platform != "linux", reason="a shell script stands for LibreOffice, and /proc tells")
def test_what_takes_too_long_is_ended_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program, child = stuck(tmp_path), tmp_path / "child"
    wait = subprocess.Popen.wait

    def until_it_has_a_child(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        while timeout and not child.exists():
            time.sleep(0.05)
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", until_it_has_a_child)
    monkeypatch.setattr(office, "which", lambda _: str(program))
    monkeypatch.setattr(office, "SECONDS", 1)
    with pytest.raises(ReadError, match=r"^慢\.doc: LibreOffice took more than 1 seconds and was ended"):
        read(OLE, "慢.doc")
    assert ended(int(child.read_text()))


def test_kinds_are_known_by_the_streams_and_by_the_name_where_both_are_there():
    text, workbook = office.TEXT, office.WORKBOOK
    assert office._kind(OLE + text, "doc") == "doc"
    assert office._kind(OLE + workbook, "doc") == "xls"
    assert office._kind(OLE + text + workbook, "wps") == "doc"
    assert office._kind(OLE + text + workbook, "et") == "xls"
    assert office._kind(OLE + "Bookman Old Style".encode("utf-16-le"), "") == "doc"
