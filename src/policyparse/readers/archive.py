"""A ZIP archive of XML members, as .docx, .xlsx and .ofd are, read in memory and within bounds.

Nothing is unpacked to disk: a member's name is a key here and never a path.
"""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from lxml import etree

from policyparse.errors import ReadError

ENTRY = b"PK\x01\x02"
"""What each entry of an archive's directory begins with."""
MOST = 10_000
"""Members of an archive."""
LARGEST = 32 << 20
"""Bytes of a member that is read, unpacked."""
TOTAL = 1 << 30
"""Bytes of all members, unpacked, as the archive declares them; most are pictures, which nobody reads."""
BUDGET = 256 << 20
"""Bytes of all that is read, unpacked."""
RATIO = 200
"""Unpacked bytes for a packed one: text is packed to a tenth, a sheet of empty cells to a hundredth."""
SMALL = 4 << 20
"""Bytes of a member, unpacked, below which the ratio does not count."""
ENCRYPTED = 0x1
"""The bit of a member's flags (APPNOTE.TXT, 4.4.4)."""


class Archive:
    """The members of an archive by their names, which are written with / and found whatever their case."""

    def __init__(self, file: ZipFile, name: str) -> None:
        self._file = file
        self._name = name
        self._members = {info.filename.replace("\\", "/"): info for info in file.infolist()}
        self._found = {member.lower(): info for member, info in self._members.items()}
        self._left = BUDGET

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, in the order of the archive."""
        return tuple(self._members)

    def __contains__(self, member: str) -> bool:
        return member.lower() in self._found

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises ReadError where there is none, or where it is damaged or too large."""
        info = self._found.get(member.lower())
        if info is None:
            raise ReadError(f"{self._name}: {member} is missing in it; save it again in the program that made it")
        if info.file_size > min(LARGEST, self._left) or info.file_size > max(SMALL, RATIO * info.compress_size):
            raise ReadError(
                f"{self._name}: {info.file_size >> 20} MB of {member} are packed in it, which no notice has; "
                "make sure where it comes from"
            )
        try:
            with self._file.open(info) as file:
                content = file.read(info.file_size)
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise _damaged(self._name) from None
        self._left -= len(content)
        return content

    def xml(self, member: str) -> etree._Element:
        """The root of a member that is XML, without comments. Raises ReadError as `read`, and for any DTD."""
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(member), parser)
        except (etree.XMLSyntaxError, ValueError):
            raise ReadError(
                f"{self._name}: {member} in it is no XML that can be read; save it again in the program that made it"
            ) from None
        if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
            raise ReadError(f"{self._name}: {member} in it defines entities; make sure where the file comes from")
        return root


def open_archive(raw: bytes, name: str) -> Archive:
    """The archive in a file's bytes. `name` is the file's, for messages.

    Raises ReadError for what is damaged, protected by a password, or larger than any notice.
    """
    if raw.count(ENTRY) > MOST:
        raise ReadError(f"{name}: more than {MOST:,} files are packed in it, which no notice has; divide it")
    try:
        file = ZipFile(BytesIO(raw))
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise _damaged(name) from None
    members = file.infolist()
    if any(_is_outside(info.filename) for info in members):
        raise ReadError(f"{name}: names in it point outside of it; make sure where the file comes from")
    if any(info.flag_bits & ENCRYPTED for info in members):
        raise ReadError(f"{name}: it is protected by a password; save it without one and try again")
    if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in members):
        raise ReadError(f"{name}: it is packed in a way that documents never are; save it again")
    if sum(info.file_size for info in members) > TOTAL:
        raise ReadError(f"{name}: more than {TOTAL >> 20} MB are packed in it, which no notice has; divide it")
    return Archive(file, name)


def _is_outside(member: str) -> bool:
    path = member.replace("\\", "/")
    return path.startswith("/") or path[1:3] == ":/" or ".." in path.split("/")


def _damaged(name: str) -> ReadError:
    return ReadError(f"{name}: it is damaged or cut short; get it again, or save it again in the program that made it")
