"""Tables that lost their grid -> rows: headings one a line, then the cells one a line."""

from collections.abc import Sequence

from policyparse.extractors.tables.columns import ROLES, Columns, assigns
from policyparse.extractors.tables.rows import Cell, Row, row, top
from policyparse.outline import Line, Outline
from policyparse.text import Text

CELLS = 40
"""No row of a flattened table has more lines."""
MORE = 3
"""Lines that a row of a numbered table may have more than columns: a cell may be of several."""
NO_TASK = frozenset((*ROLES, "number", "deadline", "person", "note"))


def flattened(text: Text, outline: Outline, columns: Columns, found: Sequence[Row]) -> list[Row]:
    """The rows of flattened tables outside of those that are `found` already."""
    taken = {outline.line(start).start for row in found for start, _ in row.cells}
    lines = [line for line in outline.lines if line.role in ("text", "heading", "cell", "title")]
    headings = [None if line.role == "heading" else columns.of(line.start, line.end) for line in lines]
    reader = _Reader(text, outline, columns)
    rows: list[Row] = []
    at = 0
    while at + 1 < len(lines):
        if not headings[at]:
            at += 1
            continue
        last = at
        while last < len(lines) and headings[last]:
            last += 1
        node = lines[at].node
        if last - at < 2 or node is None or lines[at].start in taken:
            at = last
            continue
        stop = reader.end(lines, headings, last, _settled(headings[at:last]))
        rows += reader.rows(_settled(headings[at:last]), lines[last:stop])
        at = max(stop, last)
    return rows


def _settled(columns: Sequence[str | None]) -> list[str | None]:
    """责任分工 over 牵头单位 and 配合单位 is no column; by itself it is one."""
    if any(column in ROLES for column in columns):
        return [column for column in columns if column != "division"]
    return ["responsible" if column == "division" else column for column in columns]


class _Reader:
    """Gives the lines of a flattened table their columns."""

    def __init__(self, text: Text, outline: Outline, columns: Columns) -> None:
        self.text, self.outline, self.columns = text, outline, columns
        self.number, self.time = columns.shapes["number"], columns.shapes["time"]

    def end(
        self, lines: Sequence[Line], headings: Sequence[str | None], first: int, columns: Sequence[str | None]
    ) -> int:
        """Where a table is over: another part, another table, a title or a closing note, or a row that is too long."""
        heading = lines[first - 1].node
        part = top(heading) if heading else None
        counts = columns[0] == "number"
        since = 0
        for index in range(first, len(lines)):
            line = lines[index]
            following = headings[index : index + 2]
            if line.node is None or top(line.node) is not part or (len(following) > 1 and all(following)):
                return index
            if line.role == "title" or self.text.plain.startswith(self.columns.notes, line.start):
                return index
            since = 0 if self.number.fits(self.text.plain[line.start : line.end]) else since + 1
            if counts and since > len(columns) + MORE:
                return index - since + len(columns)
        return len(lines)

    def rows(self, columns: Sequence[str | None], lines: Sequence[Line]) -> list[Row]:
        """The rows of the lines below the headings; none where the columns set no tasks."""
        if not assigns(columns):
            return []
        return self._numbered(columns, lines) or self._by_looks(columns, lines)

    def _numbered(self, columns: Sequence[str | None], lines: Sequence[Line]) -> list[Row]:
        """Rows that begin with their numbers, and of which most have a line for each column; else none."""
        drafts: list[list[Line]] = []
        last = 0
        for line in lines if columns[0] == "number" else ():
            if line.role == "heading" and line.body >= line.end:
                continue
            words = self.text.plain[line.start : line.end].rstrip(".、")
            number = int(words) if words.isdecimal() and len(words) < 4 else 0
            if number == last + 1 or (number > last and drafts and len(drafts[-1]) == len(columns)):
                drafts.append([])
                last = number
            elif not drafts:
                return []
            drafts[-1].append(line)
        if len(drafts) < 2 or 2 * sum(len(draft) == len(columns) for draft in drafts) <= len(drafts):
            return []
        rows: list[Row] = []
        for draft in drafts:
            if len(draft) == len(columns) or draft is drafts[-1]:
                pairs = zip(draft, columns, strict=False)
                rows += self._row([Cell(line.start, line.end, column) for line, column in pairs])
            else:
                rows += self._by_looks(columns, draft)
        return rows

    def _by_looks(self, columns: Sequence[str | None], lines: Sequence[Line]) -> list[Row]:
        """Give each line its column by what it looks like, and begin a row where a new task begins."""
        duties = [column for column in columns if column in ROLES]
        tasks = [column for column in columns if column not in NO_TASK]
        headed = any(line.role == "heading" for line in lines)  # then headings are the first column's cells
        if headed and len(tasks) > 1:
            del tasks[0]
        rows: list[Row] = []
        draft: list[Cell] = []
        shared: list[Cell] = []  # the units of a merged cell reach the tasks below it

        def finish() -> None:
            nonlocal shared
            given = [cell for cell in draft if cell.column in ROLES]
            if len(given) < len(draft):
                near = shared and self.outline.line(shared[0].start).node is self.outline.line(draft[0].start).node
                rows.extend(self._row(draft, shared if near and not given else ()))
            shared = given or shared
            draft.clear()

        for line in lines:
            words = self.text.plain[line.start : line.end]
            if line.role == "heading" and line.body >= line.end:
                finish()
                continue
            kinds = [cell.column for cell in draft]
            texts = sum(kind in tasks for kind in kinds)
            column: str | None
            if duties and self.columns.are_units(words):
                column = duties[min(sum(kind in ROLES for kind in kinds), len(duties) - 1)]
            elif "number" in columns and self.number.fits(words):
                finish()
                column = "number"
            elif "deadline" in columns and draft and self.time.fits(words):
                column = "deadline"
            else:
                if texts >= max(1, len(tasks)) or (kinds and kinds[-1] in (*ROLES, "deadline")):
                    finish()
                    texts = 0
                column = tasks[min(texts, len(tasks) - 1)] if tasks else None
            if len(draft) > CELLS:
                finish()
            draft.append(Cell(line.start, line.end, column))
        if draft:
            finish()
        return rows

    def _row(self, own: Sequence[Cell], shared: Sequence[Cell] = ()) -> list[Row]:
        spans = [cell[:2] for cell in own]
        found = row(self.text, self.outline, [*own, *shared], spans, spans)
        return [found] if found else []
