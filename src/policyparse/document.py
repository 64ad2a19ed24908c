"""A file after reading: its text layer, with the tables and pages that its format marks as such."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal, NamedTuple

from policyparse.text import Span


class Cell(NamedTuple):
    """One cell of a table: its place in the grid and its interval in the text layer.

    `row` and `column` count from 0; `rowspan` and `colspan` are at least 1.
    """

    row: int
    column: int
    span: Span
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


class Table(NamedTuple):
    """The cells of one table, in reading order."""

    cells: tuple[Cell, ...]


class Remark(NamedTuple):
    """What a reader noticed and could not mend, for a person, in Chinese; `page` counts from 1."""

    code: str
    message: str
    severity: Literal["error", "warning", "info"] = "warning"
    page: int | None = None


class Document(NamedTuple):
    """What a reader gives: `text` is the text layer, in which every span of the result counts.

    `pages` says where each page begins in it, empty where the format has no pages. `paragraphs` says that each line
    is a whole paragraph, as in a Word file, so that none is to be joined to the next. `metadata` holds what the format
    itself says (the meta elements of a web page), by the names of `schema.Metadata`; the text has the last word.
    `sha256` is of the file's bytes.
    """

    text: str
    path: str | None = None
    format: str = "txt"
    encoding: str | None = None
    sha256: str = ""
    tables: tuple[Table, ...] = ()
    pages: tuple[int, ...] = ()
    paragraphs: bool = False
    metadata: Mapping[str, str] = {}
    remarks: tuple[Remark, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page, from 1, that an offset of the text layer stands on."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None
