"""A text layer while a reader builds it: lines, tables and pages in reading order."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from policyparse.document import Cell, Document, Remark, Table


class Slot(NamedTuple):
    """A cell of a table before its place in the text layer is known; its text is one line without tabs."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


class Layer:
    """Collects what a file says. A row of a table is one line, its cells divided by tabs; a merged cell stands in the
    first of the places that it covers, the others are empty.
    """

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self._pieces: list[str] = []
        self._length = 0
        self._tables: list[Table] = []
        self._pages: list[int] = []

    def line(self, text: str, breaks: Sequence[int] = ()) -> None:
        """Add a line; `breaks` are the offsets in it at which a new page begins."""
        self._pages += [self._length + offset for offset in breaks]
        self._pieces.append(text + "\n")
        self._length += len(text) + 1

    def page(self) -> None:
        """Begin a new page."""
        self._pages.append(self._length)

    def table(self, rows: Sequence[Mapping[int, Slot]], breaks: Sequence[int] = ()) -> None:
        """Add a table, each row as the cells that begin in it by their column; at the rows `breaks` a page begins."""
        width = max((column + slot.colspan for row in rows for column, slot in row.items()), default=0)
        cells: list[Cell] = []
        for index, row in enumerate(rows):
            if index in breaks:
                self.page()
            at = self._length
            pieces = []
            for column in range(width):
                slot = row.get(column)
                pieces.append(slot.text if slot else "")
                end = at + len(pieces[-1])
                if slot:
                    cells.append(Cell(index, column, (at, end), slot.rowspan, slot.colspan, slot.header))
                at = end + 1
            self.line("\t".join(pieces))
        self._tables.append(Table(tuple(cells)))

    def document(self, format: str, *, paragraphs: bool = True) -> Document:
        """The document of what was added."""
        return Document(
            "".join(self._pieces),
            format=format,
            tables=tuple(self._tables),
            pages=tuple(self._pages),
            paragraphs=paragraphs,
            remarks=tuple(self.remarks),
        )
