"""The headings of a part -> its tree: by what the numbering shows first, by custom where it shows nothing."""

from collections.abc import Sequence

from policyparse.outline import Line, Node
from policyparse.schema import Diagnostic
from policyparse.segment.markers import Marker
from policyparse.text import Text

MOST = 50
"""Remarks on the numbering of one part; a text that has more is no notice."""
INNER = "inner-"
"""Before a style: a list with numbers of its own inside an item of the same style, as in a box."""
AHEAD = 12
"""Headings that are looked at ahead to tell a misprinted marker."""


def grow(text: Text, part: Node, markers: Sequence[Marker]) -> tuple[list[Node], list[Diagnostic]]:
    """Nest the headings of a part, whose markers are given, and give every line its node.

    Returns the nodes of the headings in document order, and what is odd about the numbering.
    """
    tree = _Tree(text, part, markers)
    tree.grow()
    return tree.nodes, tree.diagnostics


class _Open:
    """A node that is still open, the style it counts in, and the number that comes next in this style."""

    __slots__ = ("following", "node", "rank", "style")

    def __init__(self, node: Node, style: str, rank: int, following: int | None) -> None:
        self.node, self.style, self.rank, self.following = node, style, rank, following


class _Tree:
    """The tree while it grows: `stack` is the path to the node that is open."""

    def __init__(self, text: Text, part: Node, markers: Sequence[Marker]) -> None:
        self.text, self.part, self.markers = text, part, list(markers)
        self.following, self.breaks = _look_ahead(markers)
        self.stack = [_Open(part, "", -1, None)]
        self.above: dict[str, str] = {}  # the style under which each style first stood
        self.counted: dict[str, int] = {}
        self.nodes: list[Node] = []
        self.diagnostics: list[Diagnostic] = []

    def grow(self) -> None:
        lines, self.part.lines = self.part.lines, []
        order = 0
        for line in lines:
            if line.role == "heading":
                self._place(order, line)
                order += 1
            self._own(line)
        self.part.end = max([self.part.end, *(line.end for line in self.part.lines[-1:])])

    def _own(self, line: Line) -> None:
        """Give a line to the open node; what closes a document belongs to no section."""
        node = self.part if line.role in ("signature", "attachments") else self.stack[-1].node
        line.node = node
        node.lines.append(line)
        if node is not self.part:
            for step in self.stack:
                step.node.end = line.end

    def _place(self, order: int, line: Line) -> None:
        """Open a node for a heading under the one that it belongs to."""
        style = self._style(order)
        marker = self.markers[order]
        self._close(style, marker, line)
        parent = self.stack[-1].node
        shown = self.text.shown[line.start : marker.end]
        node = Node(len(self.stack), line.start, line.end, marker=shown, number=marker.number, rule=marker.rule)
        node.parent, node.id = parent, f"{parent.id}.{len(parent.children) + 1}"
        parent.children.append(node)
        self.nodes.append(node)
        self.counted[style] = marker.number or 0
        self.stack.append(_Open(node, style, marker.rank, self.following[order]))

    def _close(self, style: str, marker: Marker, line: Line) -> None:
        """Close the nodes that a heading does not stand under: its siblings, or what by custom stands deeper."""
        depth = len(self.stack) - 1
        while depth and self.stack[depth].style != style:
            depth -= 1
        if depth:
            self._compare(line, marker, self.stack[depth].node.number)
            del self.stack[depth:]
            return
        while self.stack[-1].rank > marker.rank and not self._holds(self.stack[-1], style, marker):
            self.stack.pop()
        above = self.stack[-1].style
        if self.above.setdefault(style, above) != above and self.stack[-1].node is not self.part:
            self._remark("level-skipped", line, marker, "所在层级与前文不一致")
        if marker.number != 1 and self.counted.get(style, 0) + 1 != marker.number:
            self._compare(line, marker, 0)

    def _holds(self, outer: _Open, style: str, marker: Marker) -> bool:
        """Whether a heading stands under one that by custom stands under it: it did before, or the outer counts on."""
        if self.above.get(style) == outer.style:
            return True
        return marker.number == 1 and outer.node.number is not None and outer.following == outer.node.number + 1

    def _style(self, order: int) -> str:
        """The style that a heading counts in: another than its own where a first 一、 is plainly a misprinted (一)."""
        marker = self.markers[order]
        own, inside = marker.style, INNER + marker.style
        outer = inner = None
        for step in self.stack:
            if step.style == own:
                outer = step.node.number
            elif step.style == inside:
                inner = step.node.number
        if inner is not None and marker.number == inner + 1:
            return inside
        if marker.number != 1 or outer is None:
            return own
        meant = self._meant(order)
        if meant:
            self.markers[order] = marker._replace(rank=meant.rank)
            return meant.style
        return inside if outer and self.breaks[order] == outer + 1 else own

    def _meant(self, order: int) -> Marker | None:
        """The marker 2 that goes on from a misprinted 1: of a style that has no 1 of its own."""
        begun = {step.style for step in self.stack}
        for later in self.markers[order + 1 : order + 1 + AHEAD]:
            if later.style == self.markers[order].style:
                return None
            if later.number == 1:
                begun.add(later.style)
            elif later.number == 2 and later.style not in begun:
                return later
        return None

    def _compare(self, line: Line, marker: Marker, before: int | None) -> None:
        """Say what is odd about a number that follows another of its style (0: none)."""
        number = marker.number
        if number is None or before is None or number == before + 1 or marker.gaps:
            return
        if number == before:
            self._remark("numbering-repeated", line, marker, "重复")
        elif number < before:
            self._remark("numbering-restarted", line, marker, "重新起编")
        else:
            self._remark("numbering-gap", line, marker, "与前一序号不连续" if before else "之前缺少序号")

    def _remark(self, code: str, line: Line, marker: Marker, words: str) -> None:
        if len(self.diagnostics) < MOST:
            span = self.text.span(line.start, marker.end)
            message = f"序号“{marker.words}”{words}"
            self.diagnostics.append(Diagnostic(code=code, severity="info", message=message, span=span))


def _look_ahead(markers: Sequence[Marker]) -> tuple[list[int | None], list[int | None]]:
    """For each marker the number that comes next in its style, and the one at which counting on by one ends."""
    following: list[int | None] = [None] * len(markers)
    breaks: list[int | None] = [None] * len(markers)
    later: dict[str, int] = {}
    for index in range(len(markers) - 1, -1, -1):
        marker = markers[index]
        after = later.get(marker.style)
        if after is not None and marker.number is not None:
            following[index] = number = markers[after].number
            breaks[index] = breaks[after] if number == marker.number + 1 else number
        later[marker.style] = index
    return following, breaks
