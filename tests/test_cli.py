"""The command: what it prints, where, and with which exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from policyparse import readers
from policyparse.cli.commands import main

NOTICE = """青禾县人民政府关于稳定粮食生产的通知
一、总体要求
（一）稳定面积。到2025年，茶园面积稳定在38.5万亩。（责任单位：县农业农村局）
（二）建设农田。2025年底前新建灌溉渠系3万亩。（牵头单位：县水利局）
"""
CONTROL = "文中有不可见的控制字符，读取时已略去。"


def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in this process; what `process` gives, sooner."""
    done = CliRunner().invoke(
        main, list(map(str, arguments)), input=stdin, prog_name="policyparse", catch_exceptions=False
    )
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout_bytes, done.stderr_bytes)


def process(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as it is started."""
    return subprocess.run(
        [sys.executable, "-m", "policyparse", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=300,  # nothing hangs
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on standard error of a command that found its input unusable."""
    assert (done.returncode, done.stdout) == (2, b""), done
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("policyparse: ")
    return line.removeprefix("policyparse: ")


@pytest.fixture(autouse=True)
def _no_command_ends_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "hung", readers.hung)  # which commands set


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_bytes(NOTICE.encode())
    return path


def test_extract_prints_one_object_and_nothing_else(notice: Path) -> None:
    done = process("extract", notice)
    assert (done.returncode, done.stderr) == (0, b"")
    assert run("extract", notice).stdout == done.stdout
    found = json.loads(done.stdout)
    assert found["source"]["path"] == str(notice)
    assert [section["marker"] for section in found["parts"][0]["sections"][0]["sections"]] == ["（一）", "（二）"]
    assert {fact["name"] for task in found["tasks"] for fact in task["assignments"]} == {"县农业农村局", "县水利局"}
    for task in found["tasks"]:
        for fact in (*task["assignments"], *task["targets"], *task["deadlines"]):
            assert NOTICE[slice(*fact["span"])] == fact["text"]


def test_output_is_utf8_whatever_the_locale(notice: Path) -> None:
    done = process("extract", notice, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "县农业农村局" in done.stdout.decode()


def test_formats_say_the_same(notice: Path) -> None:
    as_json = json.loads(run("extract", notice).stdout)
    assert json.loads(run("extract", notice, "--format", "jsonl").stdout) == as_json
    assert yaml.safe_load(run("extract", notice, "--format", "yaml").stdout) == as_json


def test_several_files(notice: Path) -> None:
    assert len(json.loads(run("extract", notice, notice).stdout)) == 2
    assert len(run("extract", notice, notice, "--format", "jsonl").stdout.splitlines()) == 2
    assert len(list(yaml.safe_load_all(run("extract", notice, notice, "--format", "yaml").stdout))) == 2


def test_a_bad_file_among_several_is_told_and_the_others_are_written(notice: Path) -> None:
    done = process("extract", notice, "missing.txt", notice)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) == 2
    assert done.stderr.decode().splitlines() == ["policyparse: missing.txt: no such file"]


def test_standard_input(notice: Path) -> None:
    from_file, from_stdin = run("extract", notice), process("extract", "-", stdin=NOTICE.encode("gb18030"))
    assert json.loads(from_file.stdout)["tasks"] == json.loads(from_stdin.stdout)["tasks"]
    page = "<p>一、目标</p><p>二、任务</p>".encode()
    found = json.loads(run("extract", "-", "--format-in", "html", stdin=page).stdout)
    assert [section["title"] for section in found["parts"][0]["sections"]] == ["目标", "任务"]


def test_an_output_file_is_written_whole_or_not_at_all(notice: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    done = run("extract", notice, "-o", output)
    assert (done.returncode, done.stdout) == (0, b"")
    written = output.read_bytes()
    assert json.loads(written)["tasks"]
    assert run("extract", tmp_path / "missing.txt", "-o", output).returncode == 2
    assert output.read_bytes() == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notice.txt", "out.json"]


def test_an_output_file_that_cannot_be_written(notice: Path, tmp_path: Path) -> None:
    assert "cannot be written" in one_line(run("extract", notice, "-o", tmp_path / "no" / "out.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text(NOTICE * 500, "utf-8")
    command = f'"{sys.executable}" -m policyparse extract "{long}" | head -n 1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=300)
    assert (done.stdout, done.stderr) == (b"{\n", b"")


def test_outline_is_plain_where_nobody_looks(notice: Path) -> None:
    done = run("outline", notice)
    assert done.stdout.decode().splitlines()[1:] == [
        "  一、总体要求",
        "    （一）稳定面积  [责任单位1 目标1 时限1]",
        "    （二）建设农田  [责任单位1 目标1 时限1]",
    ]


@pytest.mark.parametrize(
    ("raw", "outlined", "read"),
    [
        (b" \n", ["文件里没有文字。"], ["文件里没有文字。"]),
        ("各镇要抓好落实。\n".encode(), ["没有找到带序号的标题，全文只作为正文读取。"], []),
        ("一、目标\n到2025年底前建成。\0\n".encode(), [CONTROL], [CONTROL]),
        ("一、目标\n三、任务\n".encode(), [], []),  # what is odd in a notice is no fault of reading
    ],
    ids=["empty", "no-headings", "control", "odd"],
)
def test_what_could_not_be_read_is_told_beside(
    tmp_path: Path, raw: bytes, outlined: list[str], read: list[str]
) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(raw)
    for verb, told in (("outline", outlined), ("text", read)):
        done = run(verb, path)
        assert done.returncode == 0
        assert done.stderr.decode().splitlines() == [f"policyparse: {path}: {message}" for message in told]
        assert not any(message.encode() in done.stdout for message in told)


def test_outline_is_a_tree_on_a_terminal() -> None:
    import io
    from contextlib import redirect_stdout

    import policyparse
    from policyparse import api, report

    assert policyparse.__version__
    with redirect_stdout(io.StringIO()) as screen:
        report.print_tree(api.extract(NOTICE))
    assert re.search(r"└── .*一、总体要求\n\s+├── （一）稳定面积", screen.getvalue())


@pytest.mark.parametrize("text", [NOTICE, "一、甲\r\n二、乙\r三", "\ufeff甲\u2028乙\x0c丙\n\n", ""])
def test_text_prints_exactly_the_layer_that_spans_count_in(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(text.encode())
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert run("text", path).stdout == expected.encode()


def test_schema_describes_the_output() -> None:
    described = json.loads(run("schema").stdout)
    assert described["title"] == "Notice"
    assert "metadata" in described["required"]


def test_version_and_help() -> None:
    assert re.fullmatch(r"policyparse \d+\.\d+\.\d+\S*\n", process("--version").stdout.decode())
    for arguments in (
        [],
        ["extract"],
        ["outline"],
        ["text"],
        ["schema"],
        ["patterns"],
        ["patterns", "test"],
        ["explain"],
    ):
        done = run(*arguments, "-h")
        assert done.returncode == 0
        assert b"Usage:" in done.stdout


def test_wrong_usage_is_exit_code_2() -> None:
    for arguments in (["extract"], ["nonsense"], ["extract", "a.txt", "--format", "nonsense"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert b"Error: " in done.stderr
        assert b"Traceback" not in done.stderr


# ---- bad input: one clear line, the right exit code, no traceback


def test_no_such_file() -> None:
    assert one_line(process("extract", "no/such/notice.txt")) == f"{Path('no/such/notice.txt')}: no such file"


def test_a_directory(tmp_path: Path) -> None:
    assert (
        one_line(run("extract", tmp_path, "--format-in", "txt"))
        == f"{tmp_path}: this is a directory; name the files in it"
    )
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert "this is a directory" in one_line(run("extract", folder))


def test_a_picture_named_txt(tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9)
    assert re.search(r"scan\.txt: a (?:damaged )?picture[^<>]*$", one_line(run("extract", path)))
    assert "scan.txt: this is a picture, not a text" in one_line(run("extract", path, "--format-in", "txt"))


def test_a_suffix_says_nothing_that_the_content_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "notice.odt"
    path.write_bytes(NOTICE.encode())
    assert run("extract", path).returncode == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n　\t\n\n", "empty"), ("今天天气很好。\n明天也是。\n", "no-headings")],
    ids=["empty", "blanks", "no-headings"],
)
def test_what_is_no_notice_gives_an_empty_result_and_a_diagnostic(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_text(text, "utf-8")
    done = run("extract", path)
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert code in [diagnostic["code"] for diagnostic in found["diagnostics"]]
    assert (found["tasks"], found["citations"]) == ([], [])


@pytest.mark.parametrize(
    "text",
    ["(" * 1_000_000, "（" * 300_000, "7" * 1_000_000, "一、\n" * 30_000, "一、" * 100_000],
    ids=["brackets", "wide-brackets", "digits", "markers", "markers-in-a-line"],
)
def test_strange_input_is_read_in_time(tmp_path: Path, text: str) -> None:
    path = tmp_path / "strange.txt"
    path.write_text(text, "utf-8")
    done = process("extract", path, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["source"]["characters"] == len(text)


# ---- rules


def rules(tmp_path: Path, text: str) -> Path:
    (tmp_path / "own").mkdir(exist_ok=True)
    (tmp_path / "own" / "mine.yaml").write_text(text, "utf-8")
    return tmp_path / "own"


GOOD = """
kind: deadline
rules:
- id: deadline.own-spring
  summary: Before the spring ploughing, 春耕前.
  cues: [春耕]
  pattern: '春耕 前'
  set: {kind: by}
  examples: [{text: 种子【春耕前】到位。, fields: {kind: by, end: None}}]
  rejects: [春耕开始。]
"""


def test_own_rules_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    folder = rules(tmp_path, GOOD)
    text = "一、备耕\n种子春耕前到位。2025年底前验收。\n".encode()
    found = json.loads(run("extract", "-", "--patterns", folder, stdin=text).stdout)
    assert [fact["text"] for task in found["tasks"] for fact in task["deadlines"]] == ["春耕前", "2025年底前"]
    tested = run("patterns", "test", folder)
    assert (tested.returncode, tested.stdout) == (0, b"2 examples, 0 faults\n")
    assert run("patterns", "list", folder).stdout.decode().split() == [
        "deadline", "deadline.own-spring", "Before", "the", "spring", "ploughing,", "春耕前.",
    ]  # fmt: skip
    assert "春耕 前" in run("explain", "deadline.own-spring", "--patterns", folder).stdout.decode()


def test_an_example_that_does_not_hold_is_told(tmp_path: Path) -> None:
    folder = rules(tmp_path, GOOD.replace("【春耕前】", "【春耕】前").replace("[春耕开始。]", "[春耕前开始。]"))
    done = run("patterns", "test", folder)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        "deadline.own-spring example 1: should find 【春耕】, finds 【春耕前】",
        "deadline.own-spring reject 1: should find nothing, finds 【春耕前】",
        "2 examples, 2 faults",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("春耕 前", "(春耕"), "rule deadline.own-spring: the pattern is not valid: missing )"),
        (GOOD.replace("春耕 前", "{spring}"), "rule deadline.own-spring: no fragment or list is named 'spring'"),
        (GOOD.replace("春耕 前", r"\L<springs>"), "rule deadline.own-spring: no fragment or list is named 'springs'"),
        (GOOD.replace("summary", "sumary"), "rule deadline.own-spring: "),
        (GOOD.replace("  pattern: '春耕 前'\n", ""), "rule deadline.own-spring: pattern: "),
        (GOOD.replace("cues: [", "summary: ["), "the key 'summary' stands twice"),
        (GOOD.replace("own-spring", "year-end"), "rule deadline.year-end stands in deadlines.yaml already"),
        (
            GOOD.replace("set: {kind: by}", "set: {kind: before}"),
            "set has kind: 'before'; it must be one of by, during",
        ),
        (GOOD.replace("kind: deadline", "kind: citation"), "the pattern has no group 'title' or 'number'; write "),
        (GOOD.replace("kind: deadline", "kind: dedline"), "there is no kind 'dedline'; it must be one of "),
        ("kind: [", "not valid YAML"),
        ("- a\n- b\n", "mine.yaml: "),
        ("", "kind: "),
    ],
)
def test_a_bad_rule_file_is_named_with_rule_and_fault(tmp_path: Path, notice: Path, text: str, fault: str) -> None:
    folder = rules(tmp_path, text)
    line = one_line(run("extract", notice, "--patterns", folder))
    assert line.startswith(str(folder / "mine.yaml") + ": ")
    assert fault in line


def test_no_such_folder_of_rules(notice: Path) -> None:
    assert one_line(run("extract", notice, "--patterns", "nowhere")).startswith("nowhere: no such folder of rules")


def test_patterns_list_and_explain_know_every_rule() -> None:
    listed = [line.split()[1] for line in run("patterns", "list").stdout.decode().splitlines()]
    assert len(listed) == len(set(listed)) > 50
    explained = run("explain", listed[0]).stdout.decode()
    assert explained.startswith(listed[0])
    assert "Pattern:" in explained


def test_explain_suggests_a_rule_for_a_misspelt_one() -> None:
    assert "did you mean heading.comma" in one_line(process("explain", "heading.coma"))


def test_a_rule_that_runs_away_is_stopped_and_told(tmp_path: Path) -> None:
    folder = rules(
        tmp_path, GOOD.replace("春耕 前", "春耕 (?:甲|甲甲)+ 乙").replace("cues: [春耕]", "reach: 4000\n  cues: [春耕]")
    )
    text = ("一、备耕\n春耕" + "甲" * 3000 + "\n").encode()
    done = run("extract", "-", "--patterns", folder, stdin=text)
    assert done.returncode == 0
    (told,) = [row for row in json.loads(done.stdout)["diagnostics"] if row["code"] == "rule-timeout"]
    assert "deadline.own-spring" in told["message"]


def test_an_output_below_a_file(tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, "utf-8")
    assert "cannot be written" in one_line(run("extract", notice, "-o", notice / "x"))


def test_an_empty_name() -> None:
    assert "the name of a file is empty" in one_line(run("extract", ""))


def test_an_outline_shows_what_has_no_title(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text(
        "一、到2025年，全县建成高标准农田12万亩，改造灌区三处，新建泵站二十座。\n二、各镇要落实专人。", "utf-8"
    )
    lines = run("outline", path).stdout.decode().splitlines()
    assert lines[0].startswith("正文：（无标题）")
    assert any(line.strip().startswith("一、到2025年，全县建成高标准农田") and "…" in line for line in lines)
