"""Tables with a grid -> rows: headings off, groups off, merged cells brought to every row that they reach."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from policyparse.document import Table
from policyparse.extractors.tables.columns import LISTED, ROLES, TASKS, Columns, assigns
from policyparse.extractors.tables.rows import Cell, Row, row
from policyparse.outline import Outline
from policyparse.rulebook import Rulebook, RuleSet
from policyparse.segment.markers import Marker
from policyparse.text import Span, Text

TITLES = 4
"""Rows at the top of a table that may be its title and its headings."""
DEEPEST = 3
"""Rows of the tallest headings."""
WIDE = ("\t", "|", "  ", "\u3000\u3000")
"""What may part cells written on one line."""
GAP = re.compile(r"[\t|]|\s\s")
"""What parts two of them; the blanks around it are of no cell."""
RULER = re.compile(r"[\s|:+-]+")
ITEM = re.compile(r"\d{1,3}[.、]?")
FIGURE = re.compile(r"[\d.,%]+分?")
LONGEST = 60
"""Characters of the longest heading over rows."""
ENDS = "、,;/"


class Slot(NamedTuple):
    """A cell on the grid: where it stands and how far it reaches."""

    row: int
    column: int
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1

    @property
    def span(self) -> Span:
        return self.start, self.end


def marked(table: Table, text: Text) -> list[Slot]:
    """The cells of a format's table, in the cleaned text; empty ones have no width."""
    slots = []
    for cell in table.cells:
        start, end = text.trim(text.offset(cell.span[0]), text.offset(cell.span[1]))
        slots.append(Slot(cell.row, cell.column, start, end, cell.rowspan, cell.colspan))
    return slots


def spaced(text: Text, columns: Columns) -> Iterator[list[Slot]]:
    """Tables written in lines, their cells parted by tabs, pipes or wide blanks, under a line of known headings."""
    lines = text.source.split("\n")
    bodies = [line.strip() for line in lines]
    every_body = "\n".join(bodies)
    gaps = [gap for gap in WIDE if gap in every_body]
    if not gaps:  # as in most notices
        return
    slots: list[Slot] = []
    wide = number = idle = 0
    at = 0
    for line, body in zip(lines, bodies, strict=True):
        begin, at = at, at + len(line) + 1
        parted = any(gap in body for gap in gaps)
        if not body or not (parted or wide) or RULER.fullmatch(line):
            continue
        cells = _cells(line, begin, text) if parted else []
        if len(cells) >= 2 and all(columns.of(start, end) for start, end in cells):
            if slots and number > 1:
                yield slots
            slots, wide, number, idle = [], len(cells), 0, 0
        elif not wide:
            continue
        elif len(cells) < 2 or len(cells) > wide:
            idle += 1
            if idle > 2:
                if number > 1:
                    yield slots
                slots, wide = [], 0
            continue
        idle = 0
        slots += [Slot(number, column, start, end) for column, (start, end) in enumerate(cells)]
        number += 1
    if wide and number > 1:
        yield slots


def _cells(line: str, begin: int, text: Text) -> list[Span]:
    cells, low = [], 0
    for gap in [*(found.span() for found in GAP.finditer(line)), (len(line), len(line))]:
        start, end = text.trim(text.offset(begin + low), text.offset(begin + gap[0]))
        if start < end:
            cells.append((start, end))
        low = gap[1]
    return cells


class Reader:
    """Reads the grids of one notice."""

    def __init__(self, text: Text, outline: Outline, columns: Columns, rulebook: Rulebook) -> None:
        self.text, self.outline, self.columns = text, outline, columns
        self.markers = rulebook.kind("heading")

    def rows(self, slots: Sequence[Slot]) -> list[Row]:
        """The rows of a grid; none where its columns set no tasks."""
        by_row: dict[int, list[Slot]] = {}
        for slot in slots:
            by_row.setdefault(slot.row, []).append(slot)
        lines = [by_row[number] for number in sorted(by_row)]
        width = max((slot.column + slot.colspan for slot in slots), default=0)
        first, body = self._top(lines, width)
        if body == first or width < 2:
            return []
        columns, units = self._named([slot for line in lines[first:body] for slot in line], width)
        held: dict[int, list[Span]] = {}
        for slot in (slot for line in lines[body:] for slot in line if slot.start < slot.end):
            if slot.colspan < width:
                held.setdefault(slot.column, []).append(slot.span)
        columns = self.columns.by_cells(columns, held)
        if not assigns(columns.values()) or not self._tells(columns, held):
            return []
        return list(self._body(lines[body:], width, columns, units))

    def _tells(self, columns: dict[int, str | None], held: dict[int, list[Span]]) -> bool:
        """Whether the tasks are told: by a column of their own, or by targets that are no mere numbers."""
        if TASKS & set(columns.values()):
            return True
        return not all(self.columns.are_figures(held.get(at, ())) for at, kind in columns.items() if kind == "target")

    def _body(
        self, lines: Sequence[Sequence[Slot]], width: int, columns: dict[int, str | None], units: dict[int, str]
    ) -> Iterator[Row]:
        remarks = frozenset(column for column, kind in columns.items() if kind == "note")
        groups = _Groups(self.text, self.columns, self.markers, lines, width, remarks)
        merged: list[Slot] = []
        for line in lines:
            merged = [slot for slot in merged if slot.row + slot.rowspan > line[0].row]
            own = [slot for slot in line if slot.start < slot.end]
            if own and not groups.take(own, merged):
                cells = [
                    Cell(*part, columns.get(slot.column), units.get(slot.column, ""))
                    for slot in (*merged, *own)
                    for part in self._parts(slot, columns.get(slot.column))
                ]
                alone = [slot.span for slot in own if slot.rowspan == 1]
                found = row(self.text, self.outline, cells, [slot.span for slot in own], alone, groups.path())
                if found:
                    yield found
            merged += [slot for slot in own if slot.rowspan > 1]

    def _top(self, lines: Sequence[Sequence[Slot]], width: int) -> tuple[int, int]:
        """Where the headings begin and where they end; a title across the whole table stands before them."""
        first = end = 0
        for index, line in enumerate(lines[:TITLES]):
            if index < end:
                continue
            known = sum(self.columns.of(*slot.span) is not None for slot in line)
            full = sum(slot.start < slot.end for slot in line)
            if full == 1 and line[0].colspan >= width > 1 and first == end:
                first = end = end + 1
            elif end > first:
                if known == 0 or known < full:
                    break
                end += 1
            elif known >= 2 and 2 * known >= full and 4 * full >= 3 * len(line):
                tallest = max(slot.rowspan for slot in line)
                end += tallest if tallest <= DEEPEST and end + tallest < len(lines) else 1
            else:
                break
        return first, end

    def _named(self, slots: Iterable[Slot], width: int) -> tuple[dict[int, str | None], dict[int, str]]:
        """What each column holds, and the unit in its heading; of headings one above the other the lower says more."""
        names: dict[int, str | None] = {}
        units: dict[int, str] = {}
        for slot in sorted(slots, key=lambda slot: slot.row):
            name, unit = self.columns.of(*slot.span), self.columns.unit(*slot.span)
            for column in range(slot.column, min(slot.column + slot.colspan, width)):
                names[column] = name or names.get(column)
                units[column] = unit or units.get(column, "")
        return {column: "responsible" if name == "division" else name for column, name in names.items()}, units

    def _parts(self, slot: Slot, column: str | None) -> list[Span]:
        """A cell of organisations in parts, where one stands below the other: a blank parts two names there."""
        start, end = slot.span
        runs = self.text.kept
        gaps = runs[bisect_right(runs, start) : bisect_left(runs, end)]
        if column not in ROLES or not gaps or end - start > LISTED or ":" in self.text.plain[start:end]:
            return [slot.span]
        parts = []
        for index, gap in enumerate(gaps):
            if self._are_two(start, gap, [*gaps[index + 1 : index + 3], end]):
                parts.append((start, gap))
                start = gap
        return [*parts, (start, end)]

    def _are_two(self, start: int, gap: int, stops: Iterable[int]) -> bool:
        """Whether two names stand on both sides of a gap, and not one that is broken over lines.

        The first ends the words before the gap; the second goes as far as the first of the stops at which it is one.
        """
        plain, known = self.text.plain, self.columns.known
        left = plain[max(plain.rfind(sign, start, gap) for sign in ENDS) + 1 or start : gap]
        if not known.organisation(left):
            return False
        for stop in stops:
            right = plain[gap : min((at for sign in ENDS if (at := plain.find(sign, gap, stop)) >= 0), default=stop)]
            if known.organisation(right):
                return not known.known(left + right)
        return False


class _Groups:
    """The headings over the rows of a table: a row across the whole width, or one of a number and its words."""

    def __init__(
        self,
        text: Text,
        columns: Columns,
        markers: RuleSet,
        lines: Sequence[Sequence[Slot]],
        width: int,
        remarks: Collection[int],
    ) -> None:
        self.text, self.markers, self.width, self.remarks = text, markers, width, remarks
        self.notes, self.ordinal = columns.grid_notes, columns.shapes["ordinal"]
        self.numbered = any(
            ITEM.fullmatch(text.plain, *slot.span) for line in lines for slot in line[:1] if slot.start < slot.end
        )
        self.open: list[tuple[str, str]] = []  # the style of each heading, and its words

    def path(self) -> tuple[str, ...]:
        return tuple(words for _, words in self.open)

    def take(self, own: Sequence[Slot], merged: Sequence[Slot]) -> bool:
        """Whether the cells of a row are no row: a heading over those below, or a note."""
        plain = self.text.plain
        first = own[0]
        if len(own) == 1:
            across = first.colspan >= self.width
            if not across and (merged or not self._style(first.start, first.end)):
                return False
            if not plain.startswith(self.notes, first.start) and first.end - first.start <= LONGEST:
                self._open(self._style(first.start, first.end), self.text.shown[first.start : first.end])
            return True
        if merged or not self.numbered or not self.ordinal.fits(plain[slice(*first.span)]):
            return False
        told = [slot for slot in own[1:] if slot.column not in self.remarks]
        named = [slot for slot in told if not FIGURE.fullmatch(plain, *slot.span)]
        if len(named) != 1 or named[0].end - named[0].start > LONGEST:
            self.open.clear()  # a row with the number of a group stands in none
            return False
        words = self.text.shown[first.start : first.end] + self.text.shown[named[0].start : named[0].end]
        self._open(self._style(*first.span) or "ordinal", words)
        return True

    def _style(self, start: int, end: int) -> str:
        """What a heading counts with, nothing where it has no number."""
        found = self.markers.match(self.text.plain, start, end)
        return Marker.read(found).style if found else ""

    def _open(self, style: str, words: str) -> None:
        """Close the headings that another does not stand under: from one of its style on, all if it has no number."""
        at = next((index for index, (other, _) in enumerate(self.open) if other == style or not style), len(self.open))
        self.open[at:] = [(style, words)]
