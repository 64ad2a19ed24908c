"""Bytes -> Document, one module per format."""

import re
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from policyparse.document import Document, Remark
from policyparse.errors import ReadError
from policyparse.readers.encoding import CONTROL
from policyparse.readers.signatures import WHAT, format_of

FORMATS = {
    "txt": "policyparse.readers.plain",
    "md": "policyparse.readers.markdown",
    "html": "policyparse.readers.html",
    "pdf": "policyparse.readers.pdf",
    "image": "policyparse.readers.scan",
    "ofd": "policyparse.readers.ofd",
    "docx": "policyparse.readers.docx",
    "xlsx": "policyparse.readers.xlsx",
    "doc": "policyparse.readers.office",
    "rtf": "policyparse.readers.office",
}
"""Format -> its module, imported when its first file comes; `read(raw, name)` reads bytes, `parse(text)` a text."""

TEXTS = ("txt", "md", "html")
"""The formats that a text in memory, decoded already, can have."""

SUFFIXES = {
    f".{suffix}": format
    for format, suffixes in {
        "txt": "txt text",
        "md": "md markdown",
        "html": "html htm",
        "docx": "docx docm",
        "pdf": "pdf",
        "ofd": "ofd",
        "xlsx": "xlsx xlsm",
        "doc": "doc wps xls et xlsb",
        "rtf": "rtf",
        "image": "png jpg jpeg tif tiff bmp gif",
    }.items()
    for suffix in suffixes.split()
}
"""The suffixes of files that are taken for notices; what a file is, its content says."""

LONGEST = 20_000_000
"""Characters of the longest text that is read."""
STRAY = Remark("control-characters", "文中有不可见的控制字符，读取时已略去。", "info")

hung: Callable[[str], None] | None = None
"""Called, in a thread of its own, with a line for the user when a library is busy for too long and cannot stop."""


def is_readable(name: str) -> bool:
    """Whether a file's name says that there is a reader for it."""
    return PurePath(name).suffix.lower() in SUFFIXES


def read(raw: bytes, name: str, format: str | None = None) -> Document:
    """The document in a file's bytes. `name` is for messages and for the result; without `format` the content says it.

    Raises ReadError, which names the file and the mend.
    """
    document: Document = _module(name, format or format_of(raw, name, SUFFIXES)).read(raw, name)
    if len(document.text) > LONGEST:
        raise too_long(name)
    remarks = [*document.remarks, *([STRAY] if CONTROL.search(document.text) else [])]
    return document._replace(
        text=_whole(document.text), path=name, sha256=sha256(raw).hexdigest(), remarks=tuple(remarks)
    )


def read_text(text: str, format: str) -> Document:
    """The document in a text that is decoded already; `sha256` is of its UTF-8."""
    if format not in TEXTS:
        raise ReadError(f"the text given: {format!r} is no format of a text; there are {', '.join(TEXTS)}")
    text = _whole(text).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    document: Document = _module("the text given", format).parse(text)
    return document._replace(sha256=sha256(text.encode()).hexdigest())


def too_long(name: str) -> ReadError:
    """What is said of a file with a longer text."""
    return ReadError(f"{name}: more than {LONGEST:,} characters, which no notice has; divide it")


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which are no characters, and which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text


def _module(name: str, format: str) -> ModuleType:
    if format not in FORMATS:
        raise ReadError(f"{name}: {WHAT.get(format, format)} cannot be read; what can be is {', '.join(FORMATS)}")
    return import_module(FORMATS[format])
