"""A Word file (.docx, .docm; ISO/IEC 29500-1): a line for each paragraph, with the numbers that Word shows before them.

Headers, footers, comments and whatever is hidden or deleted are left out; text boxes stand behind the paragraph that
they hang on, footnotes and endnotes at the end.
"""

from collections.abc import Iterator, Mapping

from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers.archive import Archive, open_archive
from policyparse.readers.docx.markup import Element, attribute, child, name, number, switch
from policyparse.readers.docx.numbering import Numbering
from policyparse.readers.docx.paragraphs import Paragraphs, content
from policyparse.readers.docx.styles import Styles
from policyparse.readers.layer import Layer, Slot
from policyparse.readers.relationships import main_part, relationships

WIDEST = 100
"""Columns of a table; Word makes no more than 63."""
MOST = 1_000_000
"""Places in the grid of a table."""


def read(raw: bytes, name: str) -> Document:
    """The paragraphs, tables and notes of a file. Raises ReadError, which names the file and the mend."""
    archive = open_archive(raw, name)
    main = main_part(archive, "word/document.xml")
    body = child(archive.xml(main), "body")
    if body is None:
        raise ReadError(f"{name}: there is no Word document in it; save it as .docx again in Word or WPS")
    writer = _Writer(archive, main, name)
    writer.write(body)
    writer.write_notes()
    return writer.layer.document("docx")


class _Writer:
    """Writes blocks to a text layer."""

    def __init__(self, archive: Archive, main: str, name: str) -> None:
        parts = {related.type: related.member for related in relationships(archive, main).values()}

        def part(type: str) -> Element | None:
            return archive.xml(parts[type]) if parts.get(type, "") in archive else None

        styles = Styles(part("styles"))
        self.layer = Layer()
        self._name = name
        self._paragraphs = Paragraphs(styles, Numbering(part("numbering"), styles))
        self._notes = {
            (type, attribute(note, "id") or ""): note
            for type in ("footnotes", "endnotes")
            for note in _items(part(type))
        }
        self._noted: dict[tuple[str, str], None] = {}  # in the order of their marks

    def write(self, container: Element) -> None:
        """The paragraphs and tables of the body, of a cell or of a text box."""
        for block in _blocks(container):
            if name(block) == "tbl":
                self._table(block)
                continue
            paragraph = self._paragraphs.read(block)
            for line in paragraph.text.split("\n"):
                if line.strip():
                    self.layer.line(line)
            for box in paragraph.boxes:
                self.write(box)
            self._noted.update(dict.fromkeys(paragraph.notes))

    def write_notes(self) -> None:
        """The footnotes and endnotes that the text refers to, each a line; their marks are not in the text."""
        noted = [self._notes[key] for key in self._noted if key in self._notes]
        for index, note in enumerate(noted, 1):
            self.layer.line(f"[{index}] {self._flat(note)}")

    def _table(self, table: Element) -> None:
        rows = [list(_cells(row)) for row in _rows(table)]
        if len(rows) < 2 or max(map(len, rows)) < 2 or _holds_larger(table, sum(map(len, rows))):
            for cells in rows:  # it only lays the page out
                for cell in cells:
                    self.write(cell)
            return
        self.layer.table(self._grid(table))

    def _grid(self, table: Element) -> list[Mapping[int, Slot]]:
        """The cells that begin in each row by their column, those merged downwards with the rows that they reach."""
        grid: list[Mapping[int, Slot]] = []
        merged: dict[int, dict[int, Slot]] = {}  # column -> the row in which the cell over this one begins
        width = 0
        for index, row in enumerate(_rows(table)):
            properties = child(row, "trPr")
            header = switch(properties, "tblHeader") or False
            column = max(number(properties, "gridBefore") or 0, 0)
            placed: dict[int, Slot] = {}
            reaching: dict[int, dict[int, Slot]] = {}
            for cell in _cells(row):
                about = child(cell, "tcPr")
                colspan = max(number(about, "gridSpan") or 1, 1)
                down, across = child(about, "vMerge"), child(about, "hMerge")
                if down is not None and attribute(down, "val") != "restart" and column in merged:
                    above = reaching[column] = merged[column]
                    above[column] = above[column]._replace(rowspan=above[column].rowspan + 1)
                elif across is not None and attribute(across, "val") != "restart" and placed:
                    first, slot = placed.popitem()
                    placed[first] = slot._replace(colspan=column + colspan - first)
                else:
                    placed[column] = Slot(" ".join(self._flat(cell).split()), 1, colspan, header)
                    if down is not None:
                        reaching[column] = placed
                column += colspan
                width = max(width, column)
                if width > WIDEST or width * (index + 1) > MOST:
                    raise ReadError(f"{self._name}: a table in it is larger than any notice has; divide it")
            merged = reaching
            grid.append(placed)
        return grid

    def _flat(self, container: Element) -> str:
        """All that a cell or a note says, in one line; of a table within it the cells in their order."""
        pieces = []
        for block in _blocks(container):
            if name(block) == "tbl":
                pieces += [self._flat(cell) for row in _rows(block) for cell in _cells(row)]
                continue
            paragraph = self._paragraphs.read(block)
            pieces += [paragraph.text, *(self._flat(box) for box in paragraph.boxes)]
            self._noted.update(dict.fromkeys(paragraph.notes))
        return " ".join(" ".join(piece.split()) for piece in pieces if piece.strip())


def _items(part: Element | None) -> Iterator[Element]:
    return iter(part if part is not None else ())


def _blocks(container: Element) -> Iterator[Element]:
    return (item for item in content(container) if name(item) in ("p", "tbl"))


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table that were not deleted."""
    return (row for row in content(table) if name(row) == "tr" and child(row, "trPr", "del") is None)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in content(row) if name(cell) == "tc")


def _holds_larger(table: Element, cells: int) -> bool:
    """Whether a table with so many cells holds one with more: it is there for the layout."""
    return any(sum(1 for row in _rows(inner) for _ in _cells(row)) > cells for inner in table.iterdescendants("{*}tbl"))
