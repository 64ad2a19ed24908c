"""Rows of tables: from a format's own tables, from lines with tabs, and from tables flattened to one cell a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from policyparse.document import Document, Table
from policyparse.rulebook import Rulebook
from policyparse.schema import Role
from policyparse.segment import Line, Node, Outline
from policyparse.text import Span, Text
from policyparse.words import Lexicon, lexicon

ROLE_COLUMNS: frozenset[str] = frozenset(Role.__args__)  # type: ignore[attr-defined]
HEADING = 24
"""A column's heading is no longer than this."""
GAP = re.compile(r"[ \u3000\xa0]*(?:\t|\|)[ \u3000\xa0\t]*|[ \u3000\xa0]{2,}")
WIDE = ("\t", "|", "  ", "\u3000\u3000")
"""What may part cells written on one line."""
SENTENCE = re.compile(r"[。；;：:\n]")
RULE = re.compile(r"[\s|:+-]+")
NUMBER = re.compile(r"\d{1,3}[.、]?|[一二三四五六七八九十]{1,3}、?")
TIME = re.compile(r"(?=[^。]{2,24}$)(?:\d[\d年月日.\-—至前底]*|.{0,8}(?:年|月|季度)?底?(?:前|完成)|(?:长期|持续|全年|每年|常年|立行立改|常态|即时|适时|按月|按季).{0,8})(?:完成|推进|坚持|实施|前)?")
DUTY = re.compile(r"(?:分别|各自|共同|按|依|根据).{0,12}(?:负责|落实|配合)$|(?:负责|牵头|配合|落实)$")
PIECE = re.compile(r"[、,;。/\s]|以及|[和及](?=各|县|市|省|区|有关|相关)")


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


@dataclass(slots=True, eq=False)
class Slot:
    """A cell on the grid: where it stands and how far it reaches."""

    row: int
    column: int
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1


def rows(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> list[Row]:
    """Every row of every table that stands in a part, in document order."""
    if not outline.lines:
        return []
    reader = _Reader(text, outline, rulebook)
    found = [row for table in document.tables for row in reader.grid(_marked(table, text))]
    if not document.tables:
        for slots in _spaced(text, reader):
            found += reader.grid(slots)
        found += reader.flattened(found)
    return sorted(found, key=lambda row: min(row.own or row.cells))


def _marked(table: Table, text: Text) -> list[Slot]:
    """The cells of a format's table, in the cleaned text; empty ones have no width."""
    slots = []
    for cell in table.cells:
        start, end = text.trim(text.offset(cell.span[0]), text.offset(cell.span[1]))
        slots.append(Slot(cell.row, cell.column, start, end, cell.rowspan, cell.colspan))
    return slots


def _spaced(text: Text, reader: "_Reader") -> Iterator[list[Slot]]:
    """Tables written in lines, their cells parted by tabs, pipes or wide blanks, under a line of known headings."""
    source = text.source
    slots: list[Slot] = []
    wide = number = idle = 0
    at = 0
    for line in source.split("\n"):
        begin, at = at, at + len(line) + 1
        if not line.strip() or RULE.fullmatch(line):
            continue
        body = line.strip()
        cells = _cells(line, begin, text) if any(gap in body for gap in WIDE) else []
        if len(cells) >= 2 and all(reader.column(start, end) for start, end in cells):
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


class _Reader:
    """One notice's tables: what its columns are by their headings, and its rows."""

    def __init__(self, text: Text, outline: Outline, rulebook: Rulebook) -> None:
        self.text, self.outline = text, outline
        self.headings = rulebook.kind("column")
        self.known: Lexicon = lexicon(rulebook)
        self._columns: dict[str, str | None] = {}

    def column(self, start: int, end: int) -> str | None:
        """What a column with this heading holds."""
        if not 1 < end - start <= HEADING:
            return None
        words = "".join(self.text.plain[start:end].split()).rstrip(":")
        if words not in self._columns:
            found = self.headings.match(words, 0, len(words))
            self._columns[words] = found.setting("column") if found else None
        return self._columns[words]

    def grid(self, slots: Sequence[Slot]) -> list[Row]:
        """The rows of a grid: headings off, groups off, merged cells brought to every row that they reach."""
        if not slots:
            return []
        width = max(slot.column + slot.colspan for slot in slots)
        by_row: dict[int, list[Slot]] = {}
        for slot in slots:
            by_row.setdefault(slot.row, []).append(slot)
        order = sorted(by_row)
        top = self._top([by_row[row] for row in order], width)
        if width < 2 or top == 0:
            return []
        columns = self._names([slot for row in order[:top] for slot in by_row[row]], width)
        found, merged = [], []
        for row in order[top:]:
            merged = [slot for slot in merged if slot.row + slot.rowspan > row]
            own = [slot for slot in by_row[row] if slot.start < slot.end]
            if own and not (len(own) == 1 and (own[0].colspan >= width or not merged and self._is_heading(own[0]))):
                cells = sorted([*merged, *own], key=lambda slot: slot.start)
                found += self._row([(slot.start, slot.end, columns.get(slot.column)) for slot in cells], own)
            merged += [slot for slot in own if slot.rowspan > 1]
        return found

    def _top(self, lines: Sequence[Sequence[Slot]], width: int) -> int:
        """How many rows at the top are headings."""
        top = 0
        for line in lines[:4]:
            known = sum(self.column(slot.start, slot.end) is not None for slot in line)
            full = sum(slot.start < slot.end for slot in line)
            if full == 1 and line[0].colspan >= width and not top:  # the table's own title
                lines = lines[1:]
            elif known >= 2 and 2 * known >= full or top and full and known == full:
                top += 1
            else:
                break
        skipped = 0
        return top + skipped if top else 0

    def _names(self, slots: Iterable[Slot], width: int) -> dict[int, str | None]:
        """What each column holds; of headings one above the other the lower says more."""
        names: dict[int, str | None] = {}
        for slot in sorted(slots, key=lambda slot: slot.row):
            name = self.column(slot.start, slot.end)
            for column in range(slot.column, min(slot.column + slot.colspan, width)):
                names[column] = name or names.get(column)
        return names

    def _is_heading(self, slot: Slot) -> bool:
        return self.outline.line(slot.start).role == "heading"

    def _row(self, cells: Sequence[tuple[int, int, str | None]], own: Iterable[Slot]) -> list[Row]:
        spans = [(slot.start, slot.end) for slot in sorted(own, key=lambda slot: slot.start)]
        node = self.outline.line(spans[0][0]).node
        if node is None:
            return []
        return [Row([cell[:2] for cell in cells], [cell[2] for cell in cells], node, self._title(cells), spans)]

    def _title(self, cells: Sequence[tuple[int, int, str | None]]) -> str | None:
        """The row's task in short: the first sentence of its last task cell, else of its indicator."""
        for kind in ("task", "indicator", "target"):
            for start, end, column in reversed(cells):
                if column == kind:
                    words = self.text.shown[start:end]
                    return SENTENCE.split(words, maxsplit=1)[0] or None
        return None

    def flattened(self, found: Sequence[Row]) -> list[Row]:
        """Tables that lost their grid: headings one a line, then the cells one a line."""
        taken = {self.outline.line(start).start for row in found for start, _ in row.cells}
        lines = [line for line in self.outline.lines if line.role in ("text", "heading", "cell", "title")]
        rows: list[Row] = []
        at = 0
        while at < len(lines):
            last = at
            while last < len(lines) and lines[last].role != "heading" and self.column(lines[last].start, lines[last].end):
                last += 1
            if last - at < 2 or lines[at].start in taken:
                at = max(last, at + 1)
                continue
            columns = [self.column(line.start, line.end) for line in lines[at:last]]
            part = _part(lines[at].node)
            stop = last
            while stop < len(lines) and _part(lines[stop].node) is part and lines[stop].role != "title":
                if self.column(lines[stop].start, lines[stop].end) and stop + 1 < len(lines) and self.column(lines[stop + 1].start, lines[stop + 1].end):
                    break
                stop += 1
            if part is not None and len(set(columns)) > 1:
                rows += self._unflattened(columns, lines[last:stop])
            at = stop
        return rows

    def _unflattened(self, columns: Sequence[str | None], lines: Sequence[Line]) -> list[Row]:
        """Give each line its column by what it looks like, and begin a row where a new task begins."""
        duties = [column for column in columns if column in ROLE_COLUMNS]
        others = [column for column in columns if column not in ROLE_COLUMNS and column not in ("number", "deadline", "person", "note")]
        headed = any(line.role == "heading" for line in lines)
        most = max(1, len(others) - headed)
        rows: list[list[tuple[int, int, str | None]]] = []
        units: list[tuple[int, int, str | None]] = []
        unit_node: Node | None = None
        result: list[Row] = []

        def close() -> None:
            if not rows:
                return
            cells = rows.pop()
            node = self.outline.line(cells[0][0]).node
            own = [cell for cell in cells if cell[2] not in ROLE_COLUMNS]
            nonlocal units, unit_node
            given = [cell for cell in cells if cell[2] in ROLE_COLUMNS]
            if given:
                units, unit_node = given, node
            elif units and unit_node is node and own:
                cells = sorted([*units, *cells])
            spans = [cell[:2] for cell in (own + given if given else own or cells)]
            if node and own:
                result.append(Row([cell[:2] for cell in cells], [cell[2] for cell in cells], node, self._title(cells), sorted(spans)))

        for line in lines:
            words = self.text.plain[line.start : line.end]
            current = rows[-1] if rows else []
            if line.role == "heading" and not (line.node and line.body < line.end):
                close()
                continue
            if duties and self.units(words):
                index = sum(cell[2] in ROLE_COLUMNS for cell in current)
                if not rows:
                    rows.append([])
                rows[-1].append((line.start, line.end, duties[min(index, len(duties) - 1)]))
            elif "number" in columns and NUMBER.fullmatch(words):
                close()
                rows.append([(line.start, line.end, "number")])
            elif "deadline" in columns and TIME.fullmatch(words) and current:
                current.append((line.start, line.end, "deadline"))
            else:
                texts = [cell for cell in current if cell[2] not in ROLE_COLUMNS and cell[2] not in ("number", "deadline")]
                if rows and (len(texts) >= most or len(current) > len(texts) + any(cell[2] == "number" for cell in current)):
                    close()
                    texts = []
                if not rows:
                    rows.append([])
                index = min(len(texts) + (headed and len(others) > 1), len(others) - 1)
                rows[-1].append((line.start, line.end, others[index] if others else None))
        close()
        return result

    def units(self, words: str) -> bool:
        """Whether a cell holds organisations and nothing else."""
        if len(words) > 600:
            return False
        pieces = [piece for piece in PIECE.split(DUTY.sub("", words)) if piece]
        return (
            bool(pieces)
            and all(self.known.organisation(piece) or self.known.generic(piece) and len(piece) < 16 for piece in pieces)
            and any(self.known.certain(piece) or self.known.generic(piece) for piece in pieces)
        )


def _part(node: Node | None) -> Node | None:
    while node and node.parent:
        node = node.parent
    return node
