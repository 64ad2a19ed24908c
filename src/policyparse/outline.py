"""The structure of a file as the extractors read it: every paragraph with its role and the part or section it is of."""

from bisect import bisect_right
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


class Node:
    """A part (level 0) or section of the tree while it is built; offsets are into the cleaned text.

    `start` is at the marker (of a part: its title), `end` at the end of the last child.
    """

    def __init__(
        self,
        level: int,
        start: int,
        end: int,
        kind: PartKind = "body",
        marker: str = "",
        number: int | None = None,
        title: str | None = None,
        rule: str = "",
    ) -> None:
        self.level, self.start, self.end = level, start, end
        self.kind, self.marker, self.number, self.title, self.rule = kind, marker, number, title, rule
        self.id = ""
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.lines: list[Line] = []

    def words(self, shown: str) -> str:
        """Its own paragraphs in the text as shown, for reading: no title, no children, no signature."""
        bodies = [shown[line.body : line.end] for line in self.lines if line.role in OWN and line.body < line.end]
        return "\n".join(bodies)


class Line:
    """One paragraph of the cleaned text: [start, end) without its newline.

    `node` is the deepest part or section that owns it, None outside every part. `body` is where its own text
    begins: after marker and title in a heading with a run-in title, else `start`.
    """

    __slots__ = ("body", "end", "node", "role", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end, self.body = start, end, start
        self.role: LineRole = "text"
        self.node: Node | None = None


class Outline:
    """The structure of one file."""

    def __init__(self, parts: list[Node], lines: list[Line]) -> None:
        self.parts, self.lines = parts, lines
        self.diagnostics: list[Diagnostic] = []
        self._starts: list[int] = []

    def line(self, offset: int) -> Line:
        """The paragraph that holds an offset of the cleaned text."""
        if not self._starts:
            self._starts = [line.start for line in self.lines]
        return self.lines[bisect_right(self._starts, offset, 1) - 1]
