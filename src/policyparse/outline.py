"""The structure of a file as the extractors read it: every paragraph with its role and the part or section it is of."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from policyparse.schema import Diagnostic, PartKind

LineRole = Literal[
    "furniture", "title", "doc_number", "addressee", "heading", "text", "signature", "attachments", "cell"
]
"""What a paragraph is: furniture is of the page and not of the notice; `cell` stands in a table."""
SILENT: frozenset[LineRole] = frozenset(("furniture", "title", "doc_number", "addressee", "signature", "attachments"))
"""Roles of lines that bind nobody and refer to nothing but the notice itself."""

OWN: frozenset[LineRole] = frozenset(("text", "heading", "cell"))
"""Roles of lines whose words are a section's own."""


@dataclass(slots=True, eq=False)
class Node:
    """A part (level 0) or section of the tree while it is built; offsets are into the cleaned text.

    `start` is at the marker (of a part: its title), `end` at the end of the last child.
    """

    level: int
    start: int
    end: int
    kind: PartKind = "body"
    marker: str = ""
    number: int | None = None
    title: str | None = None
    rule: str = ""
    id: str = ""
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    lines: list["Line"] = field(default_factory=list)

    def words(self, shown: str) -> str:
        """Its own paragraphs in the text as shown, for reading: no title, no children, no signature."""
        bodies = [shown[line.body : line.end] for line in self.lines if line.role in OWN and line.body < line.end]
        return "\n".join(bodies)


@dataclass(slots=True, eq=False)
class Line:
    """One paragraph of the cleaned text: [start, end) without its newline.

    `node` is the deepest part or section that owns it, None outside every part. `body` is where its own text
    begins: after marker and title in a heading with a run-in title, else `start`.
    """

    start: int
    end: int
    role: LineRole = "text"
    node: Node | None = None
    body: int = -1


@dataclass(slots=True)
class Outline:
    """The structure of one file."""

    parts: list[Node]
    lines: list[Line]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def line(self, offset: int) -> Line:
        """The paragraph that holds an offset of the cleaned text."""
        if not self._starts:
            self._starts = [line.start for line in self.lines]
        return self.lines[bisect_right(self._starts, offset, 1) - 1]
