"""A file after reading: its text layer, and the tables that its format marks as such."""

from dataclasses import dataclass, field

from policyparse.text import Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its place in the grid and its interval in the text layer.

    `row` and `column` count from 0; `rowspan` and `colspan` are at least 1.
    """

    row: int
    column: int
    span: Span
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one table, in reading order."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader gives: `text` is the text layer, in which every span of the result counts.

    `metadata` holds what the format itself says (the meta elements of a web page), by the names of
    `schema.Metadata`; the text has the last word. `sha256` is of the file's bytes.
    """

    text: str
    path: str | None = None
    format: str = "txt"
    encoding: str | None = None
    sha256: str = ""
    tables: tuple[Table, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
