"""Rows of tables: from a format's own tables, from lines with tabs, and from tables flattened to one cell a line."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

from policyparse.document import Document, Table
from policyparse.outline import Line, Node, Outline
from policyparse.rulebook import Rulebook
from policyparse.schema import Role
from policyparse.text import Span, Text
from policyparse.words import Lexicon, lexicon

ROLE_COLUMNS = frozenset(get_args(Role))
HEADING = 24
"""A column's heading is no longer than this."""
CELLS = 40
"""No row of a flattened table has more lines."""
WIDE = ("\t", "|", "  ", "\u3000\u3000")
"""What may part cells written on one line."""
GAP = re.compile(r"[^\S\t]*[\t|]\s*|[^\S\t]{2,}")
RULER = re.compile(r"[\s|:+-]+")
SENTENCE_ENDS = "。;:\n"
NUMBER = r"\d{1,3}[.、]?|[一二三四五六七八九十]{1,3}、?"
TIME = (
    r"(?=[^。]{2,24}$)(?:\d[\d年月日.—至前底-]*|.{0,8}(?:年|月|季度)?底?(?:前|完成)"
    r"|(?:长期|持续|全年|每年|常年|立行立改|常态|即时|适时|按月|按季).{0,8})(?:完成|推进|坚持|实施|前)?"
)
DUTY = r"(?:分别|各自|共同|按|依|根据).{0,12}(?:负责|落实|配合)$|(?:负责|牵头|配合|落实)$"
PIECE = r"[、,;。/\s]|以及|[和及](?=各|县|市|省|区|有关|相关)"
"""What the cells of a table that lost its grid look like; few notices have one, and `re` compiles these when one does."""
NOTES = ("注:", "备注:", "说明:")

Labelled = tuple[int, int, str | None]
"""A cell's interval and what its column holds."""


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
        if not line.strip() or RULER.fullmatch(line):
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
        by_row: dict[int, list[Slot]] = {}
        for slot in slots:
            by_row.setdefault(slot.row, []).append(slot)
        lines = [by_row[row] for row in sorted(by_row)]
        width = max((slot.column + slot.colspan for slot in slots), default=0)
        first, body = self._top(lines, width)
        columns = self._names([slot for line in lines[first:body] for slot in line], width)
        if not _assigns(columns.values()):
            return []
        found: list[Row] = []
        merged: list[Slot] = []
        for line in lines[body:] if body > first and width > 1 else ():
            merged = [slot for slot in merged if slot.row + slot.rowspan > line[0].row]
            own = [slot for slot in line if slot.start < slot.end]
            if own and not (len(own) == 1 and self._groups(own[0], width, not merged)):
                cells = [(slot.start, slot.end, columns.get(slot.column)) for slot in (*merged, *own)]
                alone = [(slot.start, slot.end) for slot in own if slot.rowspan == 1]
                found += self._row(cells, [(slot.start, slot.end) for slot in own], alone)
            merged += [slot for slot in own if slot.rowspan > 1]
        return found

    def _top(self, lines: Sequence[Sequence[Slot]], width: int) -> tuple[int, int]:
        """Where the headings begin and where they end; a title across the whole table stands before them."""
        first = end = 0
        for line in lines[:4]:
            known = sum(self.column(slot.start, slot.end) is not None for slot in line)
            full = sum(slot.start < slot.end for slot in line)
            if full == 1 and line[0].colspan >= width > 1 and first == end:
                first = end = end + 1
            elif end > first:
                if known == 0 or known < full:
                    break
                end += 1
            elif known >= 2 and 2 * known >= full and 4 * full >= 3 * len(line):
                end += 1
            else:
                break
        return first, end

    def _groups(self, slot: Slot, width: int, alone: bool) -> bool:
        """Whether a row's only cell is a heading over the rows below it."""
        return slot.colspan >= width or (alone and self.outline.line(slot.start).role == "heading")

    def _names(self, slots: Iterable[Slot], width: int) -> dict[int, str | None]:
        """What each column holds; of headings one above the other the lower says more."""
        names: dict[int, str | None] = {}
        for slot in sorted(slots, key=lambda slot: slot.row):
            name = self.column(slot.start, slot.end)
            for column in range(slot.column, min(slot.column + slot.colspan, width)):
                names[column] = name or names.get(column)
        return {column: "responsible" if name == "division" else name for column, name in names.items()}

    def _row(self, cells: Iterable[Labelled], own: Iterable[Span], alone: Collection[Span]) -> list[Row]:
        cells, own = sorted(cells, key=lambda cell: cell[:2]), sorted(own)
        node = self.outline.line(own[0][0]).node
        if node is None:
            return []
        return [Row([cell[:2] for cell in cells], [cell[2] for cell in cells], node, self._title(cells, alone), own)]

    def _title(self, cells: Sequence[Labelled], alone: Collection[Span]) -> str | None:
        """The row's task in short: the first sentence of the first task cell that it shares with no row below."""
        for kind in ("task", "indicator", "target"):
            found = [cell[:2] for cell in cells if cell[2] == kind]
            if found:
                start, end = next((cell for cell in found if cell in alone), found[-1])
                plain = self.text.plain
                stop = next((at for at in range(start, end) if plain[at] in SENTENCE_ENDS), end)
                return self.text.shown[start:stop] or None
        return None

    def flattened(self, found: Sequence[Row]) -> list[Row]:
        """Tables that lost their grid: headings one a line, then the cells one a line."""
        taken = {self.outline.line(start).start for row in found for start, _ in row.cells}
        lines = [line for line in self.outline.lines if line.role in ("text", "heading", "cell", "title")]
        headings = [None if line.role == "heading" else self.column(line.start, line.end) for line in lines]
        rows: list[Row] = []
        at = 0
        while at + 1 < len(lines):
            last = at
            while last < len(lines) and headings[last]:
                last += 1
            node = lines[at].node
            if last - at < 2 or node is None or lines[at].start in taken:
                at = max(last, at + 1)
                continue
            stop = last
            while stop < len(lines) and not self._ends(lines[stop], headings[stop : stop + 2], top(node)):
                stop += 1
            columns = _settled(headings[at:last])
            if _assigns(columns):
                rows += self._unflattened(columns, lines[last:stop])
            at = stop
        return rows

    def _ends(self, line: Line, headings: Sequence[str | None], part: Node) -> bool:
        """Whether a flattened table is over: another part, another table, a title or a closing note."""
        if line.node is None or top(line.node) is not part or (len(headings) > 1 and all(headings)):
            return True
        return line.role == "title" or self.text.plain.startswith(NOTES, line.start)

    def _unflattened(self, columns: Sequence[str | None], lines: Sequence[Line]) -> list[Row]:
        """Give each line its column by what it looks like, and begin a row where a new task begins."""
        duties = [column for column in columns if column in ROLE_COLUMNS]
        tasks = [column for column in columns if column not in (*ROLE_COLUMNS, "number", "deadline", "person", "note")]
        headed = any(line.role == "heading" for line in lines)  # then headings are the first column's cells
        if headed and len(tasks) > 1:
            del tasks[0]
        rows: list[Row] = []
        draft: list[Labelled] = []
        shared: list[Labelled] = []  # the units of a merged cell reach the tasks below it

        def finish() -> None:
            nonlocal shared
            given = [cell for cell in draft if cell[2] in ROLE_COLUMNS]
            own = [cell[:2] for cell in draft]
            if len(given) < len(draft):
                near = shared and self.outline.line(shared[0][0]).node is self.outline.line(draft[0][0]).node
                rows.extend(self._row([*draft, *(shared if near and not given else ())], own, own))
            shared = given or shared
            draft.clear()

        for line in lines:
            words = self.text.plain[line.start : line.end]
            if line.role == "heading" and line.body >= line.end:
                finish()
                continue
            kinds = [cell[2] for cell in draft]
            texts = sum(kind in tasks for kind in kinds)
            column: str | None
            if duties and self.units(words):
                column = duties[min(sum(kind in ROLE_COLUMNS for kind in kinds), len(duties) - 1)]
            elif "number" in columns and re.fullmatch(NUMBER, words):
                finish()
                column = "number"
            elif "deadline" in columns and draft and re.fullmatch(TIME, words):
                column = "deadline"
            else:
                if texts >= max(1, len(tasks)) or (kinds and kinds[-1] in (*ROLE_COLUMNS, "deadline")):
                    finish()
                    texts = 0
                column = tasks[min(texts, len(tasks) - 1)] if tasks else None
            if len(draft) > CELLS:
                finish()
            draft.append((line.start, line.end, column))
        if draft:
            finish()
        return rows

    def units(self, words: str) -> bool:
        """Whether a cell holds organisations and nothing else."""
        if len(words) > 600:
            return False
        known = self.known
        pieces = [piece for piece in re.split(PIECE, re.sub(DUTY, "", words)) if piece]
        return all(known.organisation(piece) or known.generic(piece) for piece in pieces) and any(
            known.certain(piece) or known.generic(piece) for piece in pieces
        )


def _assigns(columns: Iterable[str | None]) -> bool:
    """Whether columns hold tasks and what is set for them; a form to fill in has 项目名称 and 联系人 alone."""
    kinds = set(columns)
    tasks, settings = kinds & {"task", "indicator", "target"}, kinds & {*ROLE_COLUMNS, "deadline", "target"}
    return bool(tasks and settings) and len(kinds) > 1


def _settled(columns: Sequence[str | None]) -> list[str | None]:
    """责任分工 over 牵头单位 and 配合单位 is no column; by itself it is one."""
    if any(column in ROLE_COLUMNS for column in columns):
        return [column for column in columns if column != "division"]
    return ["responsible" if column == "division" else column for column in columns]


def top(node: Node) -> Node:
    """The part that a section stands in."""
    while node.parent:
        node = node.parent
    return node
