"""Bytes -> Document, one module per format."""

import re
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from policyparse.document import Document
from policyparse.errors import ReadError

FORMATS = {
    "txt": "policyparse.readers.plain",
    "md": "policyparse.readers.markdown",
    "html": "policyparse.readers.html",
}
"""Format -> its module, imported when its first file comes; `read(raw, name)` reads bytes, `parse(text)` a text."""

LONE = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs: no characters, and no UTF-8 can hold them."""

SUFFIXES = {".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html"}


def format_of(name: str) -> str:
    """The format that a file's suffix names."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise ReadError(
            f"{name}: no reader for {suffix or 'a file without a suffix'}; "
            f"readable are {' '.join(SUFFIXES)}; --format-in names the format of any other file"
        )
    return SUFFIXES[suffix]


def read(raw: bytes, name: str, format: str) -> Document:
    """The document in a file's bytes. `name` is for messages and for the result.

    Raises ReadError, which names the file and the mend.
    """
    document: Document = _module(name, format).read(raw, name)
    return replace(document, sha256=sha256(raw).hexdigest())


def read_text(text: str, format: str) -> Document:
    """The document in a text that is decoded already; `sha256` is of its UTF-8."""
    text = LONE.sub("\ufffd", text).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    document: Document = _module("the text given", format).parse(text)
    return replace(document, sha256=sha256(text.encode()).hexdigest())


def _module(name: str, format: str) -> ModuleType:
    if format not in FORMATS:
        raise ReadError(f"{name}: no format is called {format!r}; there are {', '.join(FORMATS)}")
    return import_module(FORMATS[format])
