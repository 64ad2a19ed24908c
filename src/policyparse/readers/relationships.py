"""Which parts of an Office package (ISO/IEC 29500-2) a part names, and where they are."""

from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple

from policyparse.readers.archive import Archive


class Relationship(NamedTuple):
    """The last word of its type (`styles`, `numbering`, `worksheet` …) and the member that it leads to."""

    type: str
    member: str


def relationships(archive: Archive, member: str = "") -> dict[str, Relationship]:
    """The relationships of a member, of the whole package without one, by their ids; none that lead outside."""
    path = PurePosixPath(member)
    listed = str(path.parent / "_rels" / f"{path.name}.rels")
    if listed not in archive:
        return {}
    found = {}
    for entry in archive.xml(listed):
        target = entry.get("Target", "")
        if entry.get("TargetMode") != "External":
            inside = normpath(str(path.parent / target)).lstrip("/")
            found[entry.get("Id", "")] = Relationship(entry.get("Type", "").rpartition("/")[2], inside)
    return found


def main_part(archive: Archive, otherwise: str) -> str:
    """The member that holds the document itself."""
    for relationship in relationships(archive).values():
        if relationship.type == "officeDocument" and relationship.member in archive:
            return relationship.member
    return otherwise
