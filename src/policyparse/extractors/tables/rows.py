"""A row of a table, whatever it was read from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from policyparse.outline import Node, Outline
from policyparse.text import Span, Text

STOPS = "。；;：:\n"
"""What ends the first sentence of a task."""


class Cell(NamedTuple):
    """A cell's interval of the cleaned text, what its column holds, and the unit that the column's heading names."""

    start: int
    end: int
    column: str | None
    unit: str = ""


class Row(NamedTuple):
    """One row of a table with its merged cells resolved; intervals are of the cleaned text, in document order.

    `columns` names what each cell is by its heading (task, lead, responsible, deadline, target, unit …; None where
    the heading is unknown), `units` the unit of cells whose heading names one. `node` is the part or section that the
    row stands in, `groups` are the headings over it inside the table.
    """

    cells: list[Span]
    columns: list[str | None]
    node: Node
    title: str | None = None
    own: Sequence[Span] = ()  # the cells that are this row's alone, none merged from above
    units: Mapping[Span, str] = {}
    groups: tuple[str, ...] = ()


def row(
    text: Text,
    outline: Outline,
    cells: Iterable[Cell],
    own: Iterable[Span],
    alone: Collection[Span],
    groups: tuple[str, ...] = (),
) -> Row | None:
    """A row of cells; `alone` are those that it shares with no row below. None outside of every part."""
    cells, own = sorted(cells, key=lambda cell: cell[:2]), sorted(own)
    node = outline.line(own[0][0]).node
    if node is None:
        return None
    return Row(
        [cell[:2] for cell in cells],
        [cell.column for cell in cells],
        node,
        _title(text, cells, alone),
        own,
        {cell[:2]: cell.unit for cell in cells if cell.unit},
        groups,
    )


def _title(text: Text, cells: Sequence[Cell], alone: Collection[Span]) -> str | None:
    """The row's task in short: the first sentence of the first task cell that it shares with no row below."""
    for kind in ("task", "indicator", "target"):
        found = [cell[:2] for cell in cells if cell.column == kind]
        if found:
            start, end = found[-1] if kind == "indicator" else next((one for one in found if one in alone), found[-1])
            words = text.shown[start:end]
            return words[: min((at for sign in STOPS if (at := words.find(sign)) >= 0), default=None)] or None
    return None


def top(node: Node) -> Node:
    """The part that a section stands in."""
    while node.parent:
        node = node.parent
    return node
