"""An Excel file (.xlsx, .xlsm; ISO/IEC 29500-1, 18): each sheet a table of what its cells show.

Rows above the table that hold a title are lines. Hidden sheets, rows and columns are left out, and said so; rows and
columns without a word do not count. A sheet without a title row begins with its name.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from lxml.etree import _Element as Element

from policyparse.document import Document, Remark
from policyparse.errors import ReadError
from policyparse.readers import LONGEST, too_long
from policyparse.readers.archive import Archive, open_archive
from policyparse.readers.cell_formats import BUILT_IN, shown
from policyparse.readers.layer import Layer, Slot
from policyparse.readers.relationships import Relationship, main_part, relationships

CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
RANGE = re.compile(rf"{CELL.pattern}(?::{CELL.pattern})?")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST = 1_000_000
"""Places in the grid of a sheet."""
FULL = 32_767
"""Characters that a cell of Excel holds."""
UNNAMED = re.compile(r"sheet\s?\d*|工作表\s?\d*", re.I)
"""What Excel calls a sheet to which nobody gave a name."""
ON = ("1", "true")

Cells = dict[int, dict[int, str]]
"""What each cell says by row and column, from 1; none that are empty."""


class Area(NamedTuple):
    """Cells merged to one, the last row and column within it."""

    row: int
    column: int
    last_row: int
    last_column: int


def read(raw: bytes, name: str) -> Document:
    """The sheets of a workbook. Raises ReadError, which names the file and the mend."""
    archive = open_archive(raw, name)
    main = main_part(archive, "xl/workbook.xml")
    workbook = _Workbook(archive, main, name)
    layer = Layer()
    for title, hidden, member in workbook.sheets():
        if hidden:
            layer.remarks.append(Remark("hidden-cells", f"工作表“{title}”是隐藏的，没有读取。", "info"))
            continue
        sheet = archive.xml(member)
        cells, left_out = _visible(sheet, workbook.cells(sheet))
        if left_out:
            message = f"工作表“{title}”中隐藏的行或列没有读取（共{left_out}个单元格）。"
            layer.remarks.append(Remark("hidden-cells", message))
        if unsaved := _unsaved(sheet):
            message = f"工作表“{title}”有{unsaved}个公式没有保存计算结果，没有读取；请在 Excel 或 WPS 中打开并保存。"
            layer.remarks.append(Remark("unsaved-formulas", message))
        grid = _grid(cells, _areas(sheet), name)
        above = _title_rows(grid)
        if not above and grid and not UNNAMED.fullmatch(title.strip()):
            layer.line(title)
        for row in grid[:above]:
            if row:
                layer.line(" ".join(slot.text for slot in row.values()))
        if grid[above:]:
            layer.table(grid[above:])
    return layer.document("xlsx")


class _Workbook:
    """What the sheets of a workbook share."""

    def __init__(self, archive: Archive, main: str, name: str) -> None:
        self._name = name
        self._left = LONGEST  # characters that the cells may still say: many of them can share one string
        self._root = archive.xml(main)
        self._archive = archive
        self._related = relationships(archive, main)
        self._since_1904 = any(about.get("date1904") in ON for about in self._root.iterfind("{*}workbookPr"))
        self._strings = [_text(item) for item in self._items("sharedStrings", "si")]
        codes = {
            format.get("numFmtId"): format.get("formatCode", "")
            for format in self._items("styles", "numFmts", "numFmt")
        }
        self._formats = [
            codes.get(id) or BUILT_IN.get(int(id) if id.isdecimal() else 0, "General")
            for style in self._items("styles", "cellXfs", "xf")
            for id in [style.get("numFmtId", "0")]
        ]

    def _items(self, type: str, *path: str) -> Iterator[Element]:
        for related in self._related.values():
            if related.type == type and related.member in self._archive:
                yield from self._archive.xml(related.member).iterfind("/".join(f"{{*}}{step}" for step in path))
                return

    def sheets(self) -> Iterator[tuple[str, bool, str]]:
        """The name of each sheet, whether it is hidden, and the member that holds it."""
        for sheet in self._root.iterfind("{*}sheets/{*}sheet"):
            id = next((value for key, value in sheet.items() if str(key).endswith("}id")), "")
            found = self._related.get(str(id), Relationship("", ""))
            if found.type == "worksheet" and found.member in self._archive:
                yield sheet.get("name", ""), sheet.get("state", "visible") != "visible", found.member

    def cells(self, sheet: Element) -> Cells:
        """What the cells of a sheet show. Raises ReadError where all sheets say more than any notice."""
        cells: Cells = {}
        row = 0
        for line in sheet.iterfind("{*}sheetData/{*}row"):
            row = _count(line.get("r"), LAST_ROW) or row + 1
            column = 0
            for cell in line.iterfind("{*}c"):
                place = CELL.fullmatch(cell.get("r", ""))
                column = _column(place[1]) if place else column + 1
                if text := self._shown(cell)[:FULL]:
                    self._left -= len(text)
                    if self._left < 0:
                        raise too_long(self._name)
                    cells.setdefault(row, {})[column] = text
        return cells

    def _shown(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        value = cell.findtext("{*}v") or ""
        if kind == "s":
            index = _count(value, len(self._strings) - 1)
            return self._strings[index] if index is not None and self._strings else ""
        if kind == "inlineStr":
            return _text(cell.find("{*}is"))
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, "")
        if kind == "d":
            return value.removesuffix("T00:00:00")
        if kind == "n":
            try:
                number = float(value)
            except ValueError:
                return ""
            style = _count(cell.get("s"), len(self._formats) - 1)
            code = self._formats[style] if style is not None and self._formats else "General"
            return shown(number, code, since_1904=self._since_1904) if isfinite(number) else ""
        return _one_line(value)


def _text(item: Element | None) -> str:
    """A string with its runs, in one line; without how it is pronounced."""
    if item is None:
        return ""
    runs = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    return _one_line("".join(run.text or "" for run in runs))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _count(written: str | None, most: int) -> int | None:
    """A whole number from 0 to the most."""
    if not written or not written.isdecimal() or len(written) > 9:
        return None
    return int(written) if int(written) <= most else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _visible(sheet: Element, cells: Cells) -> tuple[Cells, int]:
    """The cells that are not hidden, and the number of those that are."""
    rows = {_count(row.get("r"), LAST_ROW) for row in sheet.iterfind("{*}sheetData/{*}row") if row.get("hidden") in ON}
    columns: set[int] = set()
    for group in sheet.iterfind("{*}cols/{*}col"):
        first, last = (_count(group.get(end), LAST_COLUMN) for end in ("min", "max"))
        if group.get("hidden") in ON and first and last:
            columns.update(range(first, last + 1))
    if not rows and not columns:
        return cells, 0
    kept = {
        row: {column: text for column, text in line.items() if column not in columns}
        for row, line in cells.items()
        if row not in rows
    }
    return kept, sum(map(len, cells.values())) - sum(map(len, kept.values()))


def _unsaved(sheet: Element) -> int:
    """How many formulas have no result in the file."""
    cells = sheet.iterfind("{*}sheetData/{*}row/{*}c")
    return sum(1 for cell in cells if cell.find("{*}f") is not None and cell.find("{*}v") is None)


def _areas(sheet: Element) -> Iterator[Area]:
    for merged in sheet.iterfind("{*}mergeCells/{*}mergeCell"):
        found = RANGE.fullmatch(merged.get("ref", ""))
        if found and found[3]:
            yield Area(int(found[2]), _column(found[1]), int(found[4]), _column(found[3]))


def _grid(cells: Cells, areas: Iterator[Area], name: str) -> list[dict[int, Slot]]:
    """The rows and columns that say something, each row as its cells by their column, with what was merged."""
    rows = sorted(row for row, line in cells.items() if line)
    columns = sorted({column for line in cells.values() for column in line})
    if len(rows) * len(columns) > MOST:
        raise ReadError(f"{name}: a sheet in it has more than {MOST:,} cells, which no notice has; divide it")
    grid = [
        {place: Slot(cells[row][column]) for place, column in enumerate(columns) if column in cells[row]}
        for row in rows
    ]
    left = len(rows) * len(columns)  # cells are merged once only: more than there are makes no sense
    for area in areas:
        top, bottom = bisect_left(rows, area.row), bisect_right(rows, area.last_row)
        first, end = bisect_left(columns, area.column), bisect_right(columns, area.last_column)
        left -= max(bottom - top, 1) * max(end - first, 1)
        if left < 0:
            break
        _merge(grid, top, bottom, first, end)
    return grid


def _merge(grid: list[dict[int, Slot]], top: int, bottom: int, first: int, end: int) -> None:
    """Make one cell of an area, which says what its first cell says."""
    corner = grid[top].get(first) if top < bottom else None
    for row in grid[top:bottom]:
        for column in range(first, end):
            row.pop(column, None)
    if corner:
        grid[top][first] = corner._replace(rowspan=bottom - top, colspan=end - first)


def _title_rows(grid: list[dict[int, Slot]]) -> int:
    """How many rows stand above the table: of one cell, or of cells over less than half of the columns."""
    width = max((column + slot.colspan for row in grid for column, slot in row.items()), default=0)
    for index, row in enumerate(grid):
        if len(row) > 1 and 2 * sum(slot.colspan for slot in row.values()) >= width:
            return index
    return len(grid)
