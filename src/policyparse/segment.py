"""Text -> the parts of a file and the heading tree of each.

`Outline` is what the extractors read: every paragraph with its role and the part or section that owns it.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from policyparse.document import Document
from policyparse.rulebook import Rulebook
from policyparse.schema import Diagnostic, PartKind
from policyparse.text import Text

LineRole = Literal["furniture", "title", "doc_number", "addressee", "heading", "text", "signature", "attachments", "cell"]
"""What a paragraph is: furniture is of the page and not of the notice; `cell` stands in a table."""


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

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


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
        return self.lines[max(0, bisect_right(self._starts, offset) - 1)]


def segment(text: Text, document: Document, rulebook: Rulebook) -> Outline:
    """Find the parts and headings of a cleaned text. Never fails."""
    lines: list[Line] = []
    at = 0
    for raw in text.plain.split("\n"):
        if raw:
            lines.append(Line(at, at + len(raw), body=at))
        at += len(raw) + 1
    part = Node(0, lines[0].start if lines else 0, lines[-1].end if lines else 0, id="1")
    styles: list[str] = []
    stack = [part]
    headings = rulebook.kind("heading")
    for line in lines:
        found = headings.match(text.plain, line.start, line.end)
        if found:
            style = found.rule.id
            if style in styles:
                del styles[styles.index(style):]
            del stack[len(styles) + 1:]
            styles.append(style)
            stop = min((p for p in (text.plain.find(c, found.end, line.end) for c in "。:") if p >= 0), default=line.end)
            node = Node(len(styles), line.start, line.end, marker=text.shown[found.start:found.end],
                        title=text.shown[found.end:stop] or None, rule=style, parent=stack[-1])
            stack[-1].children.append(node)
            node.id = f"{stack[-1].id}.{len(stack[-1].children)}"
            stack.append(node)
            line.role, line.body = "heading", min(stop + 1, line.end)
        line.node = stack[-1]
        stack[-1].lines.append(line)
        for node in stack:
            node.end = line.end
    return Outline([part] if lines else [], lines)
