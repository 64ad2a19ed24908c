"""Placeholder: grids of tables, from a format's own tables and from tables flattened to lines."""

from dataclasses import dataclass, field

from policyparse.document import Document
from policyparse.rulebook import Rulebook
from policyparse.segment import Node, Outline
from policyparse.text import Span, Text


@dataclass(slots=True, eq=False)
class Row:
    """One row of a table with its merged cells resolved; intervals are of the cleaned text, in document order.

    `columns` names what each cell is by its heading (task, lead, responsible, deadline, target, unit …; None where
    the heading is unknown); `node` is the part or section that the row stands in.
    """

    cells: list[Span]
    columns: list[str | None]
    node: Node
    title: str | None = None
    own: list[Span] = field(default_factory=list)  # the cells that are this row's alone, none merged from above


def rows(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> list[Row]:
    return []
