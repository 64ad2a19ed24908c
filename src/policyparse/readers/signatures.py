"""What a file is, found out from its first bytes."""

import re
from pathlib import PurePath

from policyparse.errors import ReadError

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Word, Excel and WPS up to 2003, and of password-protected files since."""
ZIP = b"PK\x03\x04"
MEMBERS = ((b"OFD.xml", "ofd"), (b"xl/workbook.xml", "xlsx"), (b"xl/workbook.bin", "doc"), (b"word/document", "docx"))
"""A name in the directory of a ZIP archive -> the format that has it."""
DIRECTORY = b"PK\x05\x06"
"""What ends a ZIP archive: at 16 bytes from here stands where its directory begins (APPNOTE.TXT, 4.3.16)."""
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:(?:<!--.{0,999}?-->|<\?xml.{0,99}?\?>)\s{0,99}){0,9}<(!doctype )?html\b", re.I | re.S
)
WHAT = {
    "pdf": "a PDF file",
    "ofd": "an OFD file",
    "docx": "a Word file",
    "xlsx": "an Excel file",
    "doc": "an old Word, WPS or Excel file",
    "rtf": "an RTF file",
    "image": "a picture",
    "zip": "a ZIP archive",
}


def binary(raw: bytes) -> str | None:
    """The format of a file that is no text, None of one that may be."""
    if raw.startswith(ZIP):
        names = _directory(raw)
        return next((format for member, format in MEMBERS if member in names), "zip")
    if raw.startswith(OLE):
        return "doc"
    if raw.startswith(PICTURES) and (not raw.startswith(b"BM") or b"\x00" in raw[:32]):
        return "image"
    if raw.startswith(b"{\\rtf"):
        return "rtf"
    return "pdf" if b"%PDF-" in raw[:1024] else None


def _directory(raw: bytes) -> bytes:
    """The names of an archive's members: of all its bytes, those of the members may hold other archives."""
    end = raw.rfind(DIRECTORY)
    start = int.from_bytes(raw[end + 16 : end + 20], "little") if end > 0 else 0
    return raw[start:end] if 0 < start < end else raw


def format_of(raw: bytes, name: str, suffixes: dict[str, str]) -> str:
    """The format of a file: from its content, and of a text from the suffix of its name.

    Raises ReadError for an archive that is no document.
    """
    found = binary(raw)
    if found == "zip":
        if DIRECTORY not in raw:
            raise ReadError(f"{name}: the file is cut short; get it again from where it came")
        raise ReadError(f"{name}: this is a ZIP archive; unpack it and name the files in it")
    if found:
        return found
    if MARKUP.match(raw):
        return "html"
    named = suffixes.get(PurePath(name).suffix.lower(), "txt")
    return named if named in ("txt", "md", "html") else "txt"
