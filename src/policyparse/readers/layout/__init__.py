"""Pages with glyphs and ruled lines at their places -> the text layer: lines rejoined into paragraphs, columns in
order, tables as grids, without running heads and page numbers.
"""

from collections.abc import Iterable, Sequence

from policyparse.errors import ReadError
from policyparse.readers.layer import Layer, Slot
from policyparse.readers.layout import furniture, tables
from policyparse.readers.layout.columns import columns, gutter
from policyparse.readers.layout.footnotes import take_footnotes
from policyparse.readers.layout.lines import pieces, rows
from policyparse.readers.layout.paragraphs import Margins, Place, joined
from policyparse.readers.layout.shapes import Grid, Line, Page, Sheet

MOST = 2_000_000
"""Characters and cells of tables on all pages of a file."""


def sheets(pages: Iterable[Page], name: str) -> list[Sheet]:
    """The pages of a file with their text in order; `name` is the file's.

    Raises ReadError where all of them together hold more than any notice does.
    """
    done: list[Sheet] = []
    left = MOST
    for page in pages:
        done.append(_sheet(page))
        cells = (
            len(row) for column in done[-1].columns for item in column if isinstance(item, Grid) for row in item.rows
        )
        left -= len(page.glyphs) + sum(cells)
        if left < 0:
            raise ReadError(
                f"{name}: more than {MOST:,} characters and cells of tables, which no notice has; divide it"
            )
    return done


def _sheet(page: Page) -> Sheet:
    found = tables.grids(page)
    free = tables.fill(found, page.glyphs)
    runs = pieces(free)
    between = gutter([*runs, *found])
    if between and between.plain:
        runs = pieces(free, between.place)
    lines = rows(runs, between.place if between else None)
    return Sheet(page.width, page.height, columns([*lines, *found], between))


def write(sheets: Sequence[Sheet], layer: Layer) -> None:
    """Write the text of pages to a layer, each page begun in it."""
    furniture.remove(sheets)
    notes = take_footnotes(sheets)
    margins = Margins(sheets)
    blocks: list[_Paragraph | _Table] = []
    for page, sheet in enumerate(sheets):
        for index, column in enumerate(sheet.columns):
            for item in column:
                last = blocks[-1] if blocks else None
                if isinstance(item, Grid):
                    if isinstance(last, _Table) and page == last.page_at_end + 1 and last.takes(item, page):
                        continue
                    blocks.append(_Table(item, page))
                else:
                    place = (page, index)
                    if isinstance(last, _Paragraph) and last.takes(item, place, margins):
                        continue
                    blocks.append(_Paragraph(item, place))
    blocks += [_Paragraph(note, (len(sheets) - 1, 0)) for note in notes]
    begun = 0
    for block in blocks:
        while begun <= block.page:
            layer.page()
            begun += 1
        block.write(layer)
        begun += len(block.breaks)
    while begun < len(sheets):
        layer.page()
        begun += 1


class _Paragraph:
    """A paragraph while it is put together; `breaks` are the offsets in it at which a page begins."""

    def __init__(self, line: Line, place: Place) -> None:
        self.text, self.page, self.breaks = line.text, place[0], list[int]()
        self._first = self._last = line
        self._place = place

    def takes(self, line: Line, place: Place, margins: Margins) -> bool:
        """Add a line that goes on with it, if the line does."""
        if place[0] - self._place[0] > 1:
            return False
        if not margins.goes_on(self._first, self._last, line, (self._place, place)):
            return False
        text = joined(self.text, line.text)
        if place[0] != self._place[0]:
            self.breaks.append(len(text) - len(line.text))
        self.text, self._last, self._place = text, line, place
        return True

    def write(self, layer: Layer) -> None:
        layer.line(self.text, self.breaks)


class _Table:
    """A table while its pages are put together; `breaks` are the rows at which a page begins."""

    def __init__(self, grid: Grid, page: int) -> None:
        self.page = self.page_at_end = page
        self.breaks: list[int] = []
        self._grid = grid

    def takes(self, grid: Grid, page: int) -> bool:
        """Add the rows of a table at the top of the next page that goes on with it, if it does."""
        if not tables.is_continued(self._grid, grid):
            return False
        rows = len(self._grid.rows)
        if tables.append(self._grid, grid):
            self.breaks.append(rows)
        self.page_at_end = page
        return True

    def write(self, layer: Layer) -> None:
        rows = [
            {column: Slot(tables.text(cell), cell.rowspan, cell.colspan) for column, cell in row.items()}
            for row in self._grid.rows
        ]
        layer.table(rows, self.breaks)
