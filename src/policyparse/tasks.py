"""Facts -> tasks: every section, part and table row with the facts that stand in it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from policyparse.extractors.tables import Row
from policyparse.outline import Node, Outline
from policyparse.schema import Assignment, Deadline, Fields, Target, Task
from policyparse.text import Span, Text

Held = tuple[list[Assignment], list[Target], list[Deadline]]
"""The facts of one task, by kind, each in document order."""


def tasks(
    assignments: Iterable[Assignment],
    targets: Iterable[Target],
    deadlines: Iterable[Deadline],
    outline: Outline,
    table: Sequence[Row],
    text: Text,
) -> tuple[Task, ...]:
    """Give each fact to the rows whose cells hold it (a merged cell reaches all rows that it spans), or its section."""
    places = _Places(outline, table, text)
    held: dict[Node | int, Held] = {}
    for kind, facts in enumerate((assignments, targets, deadlines)):
        for fact in sorted(facts, key=attrgetter("span", "rule")):
            for owner in places.owners(fact.span[0]):
                if owner not in held:
                    held[owner] = ([], [], [])
                held[owner][kind].append(fact)  # type: ignore[arg-type]  # lists and facts go by the same order

    def place(owner: Node | int) -> tuple[int, int]:
        return (owner.start, 0) if isinstance(owner, Node) else (min(table[owner].own or table[owner].cells)[0], 1)

    return tuple(
        Task.many(
            _fields(f"t{number}", owner if isinstance(owner, Node) else table[owner], held[owner], text)
            for number, owner in enumerate(sorted(held, key=place), 1)
        )
    )


class _Places:
    """Which rows or which section of the notice a place in the text layer belongs to."""

    def __init__(self, outline: Outline, table: Sequence[Row], text: Text) -> None:
        self._nodes = [line.node for line in outline.lines]
        self._lines = [text.origin(line.start) for line in outline.lines]
        self._cells = sorted(
            (*text.span(start, end), index)
            for index, row in enumerate(table)
            for start, end in row.cells
            if start < end
        )
        self._starts = [start for start, _, _ in self._cells]

    def owners(self, at: int) -> Sequence[Node | int]:
        """The rows, by their index, whose cells hold a place; else the section or part."""
        if self._cells and (rows := self._rows(at)):
            return rows
        node = self._nodes[max(0, bisect_right(self._lines, at) - 1)] if self._nodes else None
        return [node] if node else []

    def _rows(self, at: int) -> list[int]:
        last = first = bisect_right(self._starts, at)
        while first and self._starts[first - 1] == self._starts[last - 1]:
            first -= 1
        return [index for _, end, index in self._cells[first:last] if at < end]


def heading(node: Node) -> str:
    """Marker and title, as a path shows them."""
    return node.marker + (node.title or "")


def _fields(id: str, owner: Row | Node, held: Held, text: Text) -> Fields:
    """Those of a Task."""
    node = owner.node if isinstance(owner, Row) else owner
    span: Span
    groups: tuple[str, ...] = ()
    if isinstance(owner, Row):
        groups = owner.groups
        own = owner.own or owner.cells
        span = text.span(own[0][0], own[-1][1])
        title, words = owner.title, "\n".join(text.shown[start:end] for start, end in owner.cells)
    else:
        end = max((line.end for line in node.lines), default=node.start)
        span, title, words = text.span(node.start, end), node.title, node.words(text.shown)
    path = []
    above: Node | None = node
    while above and above.level:
        path.append(heading(above))
        above = above.parent
    assignments, targets, deadlines = held
    return {
        "id": id,
        "section": node.id,
        "path": [*reversed(path), *groups],
        "kind": "row" if isinstance(owner, Row) else "task",
        "title": title,
        "text": words,
        "span": span,
        "assignments": assignments,
        "targets": targets,
        "deadlines": deadlines,
    }
