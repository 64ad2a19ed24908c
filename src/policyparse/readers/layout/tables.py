"""Ruled lines -> tables, and tables that go on over pages."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from policyparse.readers.layout.lines import pieces, rows
from policyparse.readers.layout.paragraphs import joined, needs
from policyparse.readers.layout.shapes import Box, Cell, Glyph, Grid, Line, Page, Ruling

NEAR = 3.0
"""Points that ruled lines which meet may be apart."""
SHORT = 6.0
"""Points of a line that divides no cells."""
MANY = 400
"""Ruled lines of one direction, those in one another's prolongation as one: more are a drawing."""
PLACES = 20_000
"""Rows by columns of a table: more are a drawing."""
PADDING = 5.4
"""Points between the border of a cell and its text, as Word and WPS set it."""
HEADERS = 4
"""Rows at the head of a table that may come again on every page."""


def grids(page: Page) -> list[Grid]:
    """The ruled tables of a page, still without their text, inner ones first."""
    horizontals, verticals = _merged(page.horizontals), _merged(page.verticals)
    if not horizontals or not verticals or max(len(horizontals), len(verticals)) > MANY:
        return []
    found = [grid for group in _connected(horizontals, verticals) if (grid := _grid(*group))]
    return sorted(found, key=lambda grid: (grid.box.right - grid.box.left) * (grid.box.bottom - grid.box.top))


def fill(tables: Sequence[Grid], glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Put the glyphs that stand in a table into its cells; gives those that stand in none."""
    free: list[Glyph] = []
    held: dict[int, tuple[Cell, list[Glyph]]] = {}
    places = [(table.box, table.edges, table.tops, _cells_by_place(table)) for table in tables]
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, glyph.base - 0.35 * (glyph.right - glyph.left)
        for box, edges, tops, cells in places:
            if box.left <= x <= box.right and box.top <= y <= box.bottom:
                row = min(max(bisect_right(tops, y) - 1, 0), len(cells) - 1)
                column = min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)
                cell = cells[row][column]
                held.setdefault(id(cell), (cell, []))[1].append(glyph)
                break
        else:
            free.append(glyph)
    for cell, inside in held.values():
        cell.lines = rows(pieces(inside))
    return free


def text(cell: Cell) -> str:
    """The text of a cell in one line; its paragraphs are divided by a blank."""
    said = ""
    for before, line in pairwise([None, *cell.lines]):
        if line is None:
            continue
        if before is None:
            said = line.text
        else:
            said = joined(said, line.text) if _goes_on(cell, before, line) else f"{said} {line.text}"
    return said


def is_continued(above: Grid, below: Grid) -> bool:
    """Whether a table at the top of a page has the columns of the one at the bottom of the page before."""
    if len(above.edges) != len(below.edges):
        return False
    shift = below.edges[0] - above.edges[0]
    return all(abs(b - a - shift) < NEAR for a, b in zip(above.edges, below.edges, strict=True))


def append(above: Grid, below: Grid) -> int:
    """Add the rows of the page below to a table, its repeated header left out and the row that was cut made whole.

    Gives the number of rows that were added.
    """
    fresh = below.rows[_repeated(above, below) :]
    if fresh and _is_cut(above, fresh[0]):
        for column, cell in fresh[0].items():
            if cell.lines and (upper := _cell_above(above, column)):
                upper.lines += cell.lines
        fresh = fresh[1:]
    if fresh:
        for column, cell in list(fresh[0].items()):
            upper = _cell_above(above, column)
            if upper and not cell.lines and upper.colspan == cell.colspan and max(cell.rowspan, upper.rowspan) > 1:
                upper.rowspan += cell.rowspan  # a merged cell whose text stands on the page before
                del fresh[0][column]
    above.rows += fresh
    return len(fresh)


def _goes_on(cell: Cell, before: Line, line: Line) -> bool:
    """Whether a line of a cell was broken because the cell is narrow."""
    room = cell.box.right - cell.box.left - 2 * PADDING - (before.right - before.left)
    return room <= needs(line) + 0.3 * line.size


def _repeated(above: Grid, below: Grid) -> int:
    """How many rows of a table only say its header again."""
    count = 0
    for first, second in zip(above.rows[:HEADERS], below.rows[:HEADERS], strict=False):
        if not any(cell.lines for cell in first.values()) or _words(first) != _words(second):
            break
        count += 1
    return count


def _words(row: dict[int, Cell]) -> dict[int, str]:
    return {column: "".join(line.text for line in cell.lines) for column, cell in row.items()}


def _is_cut(above: Grid, row: dict[int, Cell]) -> bool:
    """Whether a row at the top of a page goes on with one that was cut by the end of the page before.

    All of its cells go on with full lines, or some do and the number or task that begins a row is missing.
    """
    filled = {column: cell for column, cell in row.items() if cell.lines}
    open_: list[bool] = []
    for column, cell in filled.items():
        upper = _cell_above(above, column)
        if not upper or not upper.lines:
            return False
        last = upper.lines[-1]
        open_.append(not last.text.endswith(("。", "；")) and _goes_on(upper, last, cell.lines[0]))
    first = next((column for column, cell in sorted(above.rows[-1].items()) if cell.lines and cell.rowspan == 1), None)
    return any(open_) and (all(open_) or first not in filled)


def _cell_above(grid: Grid, column: int) -> Cell | None:
    """The cell in the last row of a table at a column, wherever it begins."""
    last = len(grid.rows) - 1
    for index in range(last, -1, -1):
        cell = grid.rows[index].get(column)
        if cell:
            return cell if index + cell.rowspan > last else None
    return None


def _merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Lines in one another's prolongation as one, without short ones."""
    merged: list[Ruling] = []
    rows: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=attrgetter("at")):
        if rows and ruling.at - rows[-1][0].at <= NEAR:
            rows[-1].append(ruling)
        else:
            rows.append([ruling])
    for row in rows:
        at = row[0].at
        start = end = None
        for ruling in sorted(row, key=attrgetter("start")):
            if start is None or end is None or ruling.start > end + NEAR:
                if start is not None and end is not None:
                    merged.append(Ruling(at, start, end))
                start, end = ruling.start, ruling.end
            else:
                end = max(end, ruling.end)
        if start is not None and end is not None:
            merged.append(Ruling(at, start, end))
    return [ruling for ruling in merged if ruling.end - ruling.start >= SHORT]


def _meet(across: Ruling, down: Ruling) -> bool:
    return across.start - NEAR <= down.at <= across.end + NEAR and down.start - NEAR <= across.at <= down.end + NEAR


def _connected(horizontals: Sequence[Ruling], verticals: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """The lines of each table: those that meet, directly or by others."""
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    left = set(range(len(verticals)))
    waiting = set(range(len(horizontals)))
    while waiting:
        across, down = [min(waiting)], []
        waiting -= set(across)
        at = 0
        while at < len(across):
            touched = [index for index in sorted(left) if _meet(horizontals[across[at]], verticals[index])]
            left -= set(touched)
            down += touched
            reached = sorted(i for i in waiting if any(_meet(horizontals[i], verticals[index]) for index in touched))
            waiting -= set(reached)
            across += reached
            at += 1
        groups.append(([horizontals[index] for index in across], [verticals[index] for index in down]))
    return groups


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NEAR:
            places.append(value)
    return places


def _grid(horizontals: Sequence[Ruling], verticals: Sequence[Ruling]) -> Grid | None:
    """The table that lines draw, if it has two columns at least."""
    if not verticals:
        return None
    edges = _places([*(v.at for v in verticals), *(end for h in horizontals for end in (h.start, h.end))])
    tops = _places([*(h.at for h in horizontals), *(end for v in verticals for end in (v.start, v.end))])
    if len(edges) < 3 or len(tops) < 2 or len(edges) * len(tops) > PLACES:
        return None
    height, width = len(tops) - 1, len(edges) - 1
    walls = {(r, c) for c in range(1, width) for r in _covered(verticals, edges[c], tops)}
    floors = {(r, c) for r in range(1, height) for c in _covered(horizontals, tops[r], edges)}
    if not walls:
        return None
    rows: list[dict[int, Cell]] = [{} for _ in range(height)]
    taken: set[tuple[int, int]] = set()
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < width and (row, right) not in walls and (row, right) not in taken:
                right += 1
            below = row + 1
            while below < height and not any((below, c) in floors for c in range(column, right)):
                if any((below, c) in walls for c in range(column + 1, right)):
                    break
                below += 1
            taken |= {(r, c) for r in range(row, below) for c in range(column, right)}
            box = Box(edges[column], tops[row], edges[right], tops[below])
            rows[row][column] = Cell(box, [], below - row, right - column)
    return Grid(Box(edges[0], tops[0], edges[-1], tops[-1]), rows, edges, tops)


def _covered(rulings: Sequence[Ruling], at: float, places: Sequence[float]) -> Iterator[int]:
    """Between which of the places, by the index of the first, a line lies at a height."""
    near = [ruling for ruling in rulings if abs(ruling.at - at) <= NEAR]
    for index, (first, second) in enumerate(pairwise(places)):
        middle = (first + second) / 2
        if any(ruling.start <= middle <= ruling.end for ruling in near):
            yield index


def _cells_by_place(grid: Grid) -> list[list[Cell]]:
    """The cell at each row and column."""
    places: list[list[Cell | None]] = [[None] * (len(grid.edges) - 1) for _ in grid.rows]
    for index, row in enumerate(grid.rows):
        for column, cell in row.items():
            for below in range(index, index + cell.rowspan):
                places[below][column : column + cell.colspan] = [cell] * cell.colspan
    return [[cell for cell in row if cell] for row in places]
