"""Bytes -> Document, one module per format."""

from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import PurePath

from policyparse.document import Document
from policyparse.errors import ReadError

FORMATS = {
    "txt": "policyparse.readers.plain",
    "md": "policyparse.readers.markdown",
    "html": "policyparse.readers.html",
}
"""Format -> the module whose `read(raw, name)` reads it. A module is imported when its first file comes."""

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
    if format not in FORMATS:
        raise ReadError(f"{name}: no format is called {format!r}; there are {', '.join(FORMATS)}")
    document: Document = import_module(FORMATS[format]).read(raw, name)
    return replace(document, sha256=sha256(raw).hexdigest())
