"""What LibreOffice reads for us: .doc, .wps, .xls, .et and .rtf, turned into .docx or .xlsx and read as that.

It runs with a profile of its own that is thrown away, without macros, without links and without the network. It is
ended with all that it started, and what it was given removed, when it takes too long and when this process ends.
"""

import subprocess
import sys
from pathlib import Path, PurePath
from shutil import which
from tempfile import TemporaryDirectory

from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers import docx, supervisor, xlsx
from policyparse.readers.signatures import ZIP, binary

PROGRAMS = ("soffice", "libreoffice")
PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where its installer puts it, on no path."""
SECONDS = 120
"""How long it may take for a file; a second or two is usual, the first start on a machine takes longer."""
TEXT, WORKBOOK, OLD_WORKBOOK, PROTECTED = (
    name.encode("utf-16-le").ljust(64, b"\0") for name in ("WordDocument", "Workbook", "Book", "EncryptedPackage")
)
"""Names of streams as they stand in an OLE file ([MS-CFB] 2.6.1): the last holds a newer file with a password."""
SUFFIXES = {"doc": ("doc", "wps"), "xls": ("xls", "et"), "xlsb": ("xlsb",), "rtf": ("rtf",)}
"""The kinds of these files, with the suffixes that say more of what a file is."""
FILTERS = {
    "doc": ("MS Word 97", "MS Word 95"),
    "xls": ("MS Excel 97", "MS Excel 95"),
    "xlsb": ("Calc MS Excel 2007 Binary",),
    "rtf": ("Rich Text Format",),
}
"""What LibreOffice may take a file for, tried in turn: left to itself it reads a broken file as a text of noise."""
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>
"""
SETTING = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
SAFE = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
)
"""Nothing that a document asks for is run or fetched: links are never followed, and the proxy is one that is not."""


def read(raw: bytes, name: str) -> Document:
    """A file as LibreOffice understands it; `format` is the file's own: doc, wps, xls, et, xlsb, rtf.

    Raises ReadError where LibreOffice is missing, takes too long or can make nothing of the file.
    """
    if PROTECTED in raw:
        raise ReadError(f"{name}: it is protected by a password; save it without one and try again")
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    kind = _kind(raw, suffix)
    reader, to = (xlsx, "xlsx") if kind in ("xls", "xlsb") else (docx, "docx")
    document: Document = reader.read(_converted(raw, name, kind, to), name)
    return document._replace(format=suffix if suffix in SUFFIXES[kind] else kind)


def _kind(raw: bytes, suffix: str) -> str:
    """What a file is by its content, and by its name where it holds a document and a workbook."""
    if binary(raw) == "rtf":
        return "rtf"
    if raw.startswith(ZIP):
        return "xlsb"
    workbook = WORKBOOK in raw or OLD_WORKBOOK in raw
    return "xls" if workbook and (suffix in SUFFIXES["xls"] or TEXT not in raw) else "doc"


def _program(name: str) -> str:
    found = next(filter(None, map(which, PROGRAMS)), None)
    found = found or next((place for place in PLACES if Path(place).exists()), None)
    if not found:
        raise ReadError(
            f"{name}: files of this format are read through LibreOffice, which is not installed; install it "
            "(libreoffice.org), or save the file as .docx, .xlsx or .pdf"
        )
    return found


def _converted(raw: bytes, name: str, kind: str, to: str) -> bytes:
    """The file in another format."""
    program = _program(name)
    with TemporaryDirectory(prefix="policyparse-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        source, result = place / f"notice.{kind}", place / f"notice.{to}"
        source.write_bytes(raw)
        profile = place / "profile"
        (profile / "user").mkdir(parents=True)
        settings = "".join(SETTING.format(*setting) for setting in SAFE)
        (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS.format(settings), "utf-8")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
        for filter in FILTERS[kind]:
            options = (f"--infilter={filter}", "--convert-to", to, "--outdir", folder, str(source))
            _run([sys.executable, "-I", "-S", supervisor.__file__, folder, *command, *options], name)
            if result.is_file():
                return result.read_bytes()
        raise ReadError(
            f"{name}: LibreOffice cannot read it; if it is protected by a password, save it without one, "
            "else open it in the program that made it and save it as .docx or .xlsx"
        )


def _run(command: list[str], name: str) -> None:
    """Run the supervisor, which ends everything as soon as its input is closed."""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends this process or its terminal leaves it the time to tidy up
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise ReadError(
                f"{name}: LibreOffice took more than {SECONDS} seconds and was ended; save the file as .docx or .xlsx"
            ) from None
