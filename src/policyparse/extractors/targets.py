"""Numbers that must be reached, kept or not exceeded.

Three steps: `amounts` finds every number with a unit; the rules of kind `target` say which of them are targets and how
they compare, reading a copy of the text in which each amount is masked; `indicators` names what each one measures.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter

import regex

from policyparse.extractors.amounts import LABEL, ONE, WORDED, Amount, Figures, amounts, mask
from policyparse.extractors.indicators import Namer
from policyparse.extractors.phrases import words
from policyparse.extractors.sections import Sections
from policyparse.extractors.tables import Row
from policyparse.numerals import number
from policyparse.outline import SILENT, Line, Outline
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Diagnostic, Fields, Metadata, Target
from policyparse.shapes import Shape, shapes
from policyparse.text import Span, Text

REPORTED = 1500
"""Characters in which a speech says that it reports on what was done."""
FIRST_PLAN = 1955
"""From which on the last years of the five-year plans are counted: 十二五 ends in 2015."""
CLAUSE_ENDS = ",。;:!?\n"
UP_TO = "截至止到“"
"""What may stand between the beginning of a clause and its year."""
STOPS = "。;:；：\n"
"""Behind the first clause of a task in a table."""


def targets(
    text: Text, outline: Outline, table: Sequence[Row], sections: Sections, about: Metadata, rulebook: Rulebook
) -> list[Target]:
    """The targets of a notice. `about` tells its date: what a year before it brought is no target."""
    return Target.many(chain(_written(text, outline, table, sections, about, rulebook), _cells(text, table, rulebook)))


def _written(
    text: Text, outline: Outline, table: Sequence[Row], sections: Sections, about: Metadata, rulebook: Rulebook
) -> Iterator[Fields]:
    """The amounts that rules make targets."""
    found = amounts(text, rulebook)
    if not found:
        return
    evidence = _evidence(mask(text.plain, found), found, rulebook)
    spoken = [amount for amount in found if amount.sign not in (WORDED, ONE, LABEL) or amount.start in evidence]
    figures = Figures(text.plain, spoken)
    namer, tasks = Namer(figures, rulebook), _tasks(text, figures, table, rulebook)
    past, aside = _past(text.plain, about, rulebook), _aside(figures, table)
    last: tuple[int, Fields] | None = None
    for amount, line in _stated(spoken, outline, sections):
        while past and past[0][1] <= amount.start:
            past.popleft()
        matches = evidence.get(amount.start)
        if not matches or amount.start in aside or (past and past[0][0] <= amount.start):
            continue
        before: Fields = last[1] if last and last[0] > line.start else {}
        comparator = _setting(matches, "comparator", before) or ("gt" if amount.more else "eq")
        task, alone = tasks.get(amount.start, ("", False))
        name = before["indicator"] if before and before["indicator"] != before["text"] else ""
        first, end = text.span(amount.start, amount.end)
        target = {
            "text": text.source[first:end],
            "span": (first, end),
            "rule": matches[0].rule.id,
            "indicator": task if alone else namer.name(amount, name, task, line.node),
            "comparator": comparator if amount.low == amount.high else "range",
            "low": amount.low,
            "high": amount.high,
            "unit": amount.unit,
            "change": _setting(matches, "change", before),
        }
        if target["indicator"] == text.plain[amount.start : amount.end]:
            message = f"“{target['text']}”所指的指标未能判断"
            unnamed = Diagnostic(code="target-unnamed", severity="info", message=message, span=(first, end))
            outline.diagnostics.append(unnamed)
        yield target
        last = amount.end, target


def _setting(matches: Sequence[Match], name: str, before: Fields) -> str | None:
    """What the first rule that speaks of a field sets for it; `same` is what the number before has."""
    for match in matches:
        value = match.rule.set.get(name)
        if value == "same":
            value = before.get(name)
        if value and value != "range":
            return value
    return None


def _stated(found: Sequence[Amount], outline: Outline, sections: Sections) -> Iterator[tuple[Amount, Line]]:
    """The amounts in the notice's own words with their paragraphs, without sections on history or conditions."""
    begin = end = 0  # where in a line what it states begins, and the line's end
    for amount in found:
        if amount.start >= end:
            line = outline.line(amount.start)
            begin, end = line.start, max(line.end, amount.end)
            if line.node is None or line.role in SILENT or sections.silence(line.node):
                begin = end
            elif line.role == "heading":
                begin += len(line.node.marker)
        if amount.start >= begin:
            yield amount, line


def _past(plain: str, about: Metadata, rulebook: Rulebook) -> deque[Span]:
    """What tells of the time before the notice: from where a sentence names an earlier year to its end or to the next
    year that it names, or as far as it tells of a later one; of a report every sentence that does not look ahead."""
    shape = shapes(rulebook, "past")
    titled = about.title and any(word in about.title for word in rulebook.words("report_titles"))
    if titled or shape["news"].match(plain) or shape["report"].search(plain, 0, REPORTED):
        ahead = rulebook.words("ahead_words")
        sentences = (sentence.span() for sentence in shape["sentence"].each(plain))
        return deque(span for span in sentences if not any(plain.find(word, *span) >= 0 for word in ahead))
    named = (shape["year"].match(plain, at) for at in shape["year"].places(plain) if _opens(plain, at))
    years = [(match, _year(match)) for match in named if match]
    begun = _begun(about, shape["titled"]) if years else 0
    found: deque[Span] = deque()
    for index, (match, year) in enumerate(years):
        following = years[index + 1][0].start() if index + 1 < len(years) else len(plain)
        told = shape["sentence" if year < begun else "told"].match(plain, match.end(), following)
        if told:
            found.append((match.start(), told.end()))
    return found


def _begun(about: Metadata, titled: Shape) -> float:
    """The year in which a notice, or what its title says it is for, begins; 0 where nothing tells."""
    issued = about.issued_on or about.published_on
    named = titled.search(about.title or "") if not issued else None
    return issued.year if issued else _year(named) - 4 * bool(named["plan"]) if named else 0


def _year(named: "regex.Match[str]") -> float:
    """The year that is named, of a five-year plan its last."""
    plan = number(named["plan"] or "")
    return FIRST_PLAN + 5 * plan if plan else int(named["year"])


def _opens(plain: str, at: int) -> bool:
    """Whether a clause begins at a place, or with 到 or 截至 before it."""
    before = plain[at - 1] if at else "\n"
    return before in CLAUSE_ENDS or (before in UP_TO and plain[max(0, at - 3) : at].rstrip(UP_TO)[-1:] in CLAUSE_ENDS)


def _evidence(masked: str, found: Sequence[Amount], rulebook: Rulebook) -> dict[int, list[Match]]:
    """The rules that speak of each amount, by its start, in the order of the file; none for amounts that one hides."""
    read, own = _sentences(masked, found)
    spoken: dict[int, list[Match]] = {}
    hiding: list[Match] = []
    for _, match in sorted(rulebook.kind("target").candidates(read), key=itemgetter(0)):
        if match.rule.ignore:
            hiding.append(match)
        else:
            spoken.setdefault(match.groups.start("amount"), []).append(match)
    for match in hiding:
        for index in range(bisect_left(own, match.end) - 1, -1, -1):
            if own[index] + found[index].end - found[index].start <= match.start:
                break
            spoken.pop(own[index], None)
    return {amount.start: spoken[at] for amount, at in zip(found, own, strict=True) if at in spoken}


def _sentences(masked: str, found: Sequence[Amount]) -> tuple[str, list[int]]:
    """Only the sentences that hold an amount, a line each (rules need read no other), and where each stands there."""
    lines = masked.replace("。", "\n").replace(";", "\n") + "\n"
    pieces: list[str] = []
    own: list[int] = []
    end = length = shift = 0
    for amount in found:
        if amount.start >= end:
            start = lines.rfind("\n", end, amount.start) + 1 or end
            end = lines.find("\n", amount.start) + 1
            pieces.append(lines[start:end])
            shift = start - length
            length += end - start
        own.append(amount.start - shift)
    return "".join(pieces), own


def _aside(figures: Figures, table: Sequence[Row]) -> set[int]:
    """Where amounts begin that stand in columns of remarks, or of what was reached before."""
    cells = (named for row in table for named in zip(row.cells, row.columns, strict=True))
    return {amount.start for cell, column in cells if column in ("note", "base") for amount in figures.between(*cell)}


def _tasks(text: Text, figures: Figures, table: Sequence[Row], rulebook: Rulebook) -> dict[int, tuple[str, bool]]:
    """Of each amount in a table what its row is about, and whether it has a cell to itself."""
    shape = words(rulebook).indicator
    tasks: dict[int, tuple[str, bool]] = {}
    for row in table:
        for start, end in row.cells:
            held = figures.between(start, end)
            if held:
                task = shape["unit"].without(_narrow(_task(text, row, start)))
                alone = bool(task and shape["alone"].fits(figures.masked[start:end]))
                tasks |= {amount.start: (task, alone) for amount in held}
    return tasks


def _task(text: Text, row: Row, at: int) -> str:
    """What a row is about, where that stands in another cell than the one that begins at a place."""
    title = row.title or ""
    if not text.shown.startswith(title, at):
        return title
    for (start, end), column in zip(reversed(row.cells), reversed(row.columns), strict=False):
        if column in ("task", "indicator") and start != at:
            task = text.shown[start:end]
            return task[: next((at for at, sign in enumerate(task) if sign in STOPS), None)]
    return ""


def _narrow(title: str) -> str:
    """A title as shown with its brackets as rules read them."""
    return title.replace("（", "(").replace("）", ")")


def _cells(text: Text, table: Sequence[Row], rulebook: Rulebook) -> Iterator[Fields]:
    """Numbers without a unit in the columns of a table that hold targets: 44.4 in the row of 粮食播种面积(万亩)."""
    rules, behind = rulebook.kind("target-cell"), words(rulebook).indicator["unit"]
    seen: set[int] = set()
    for row in table:
        if not row.title:
            continue
        columns = list(zip(row.cells, row.columns, strict=False))
        title = _narrow(row.title)
        named = behind.search(title)
        unit = next((text.plain[start:end].strip() for (start, end), column in columns if column == "unit"), "")
        unit = unit or (named["unit"] if named else "")
        for cell, column in columns:
            start, end = text.trim(*cell)
            match = rules.match(text.plain, start, end) if column == "target" and start not in seen else None
            if match is None or match.end < end or not match["low"]:
                continue
            seen.add(start)
            first, last = match.groups.start("low"), match.groups.end("high" if match["high"] else "low")
            figures, scaled = match.groups, unit or row.units.get(cell, "")
            measure = scaled.lstrip("十百千万亿")
            scale = scaled[: len(scaled) - len(measure)]
            low, high = number(figures["low"] + scale), number((figures["high"] or figures["low"]) + scale)
            if low is not None and high is not None:
                yield {
                    "text": text.quote(first, last),
                    "span": text.span(first, last),
                    "rule": match.rule.id,
                    "indicator": behind.without(title),
                    "comparator": match.setting("comparator", "eq") if low == high else "range",
                    "low": low,
                    "high": high,
                    "unit": measure,
                    "change": match.setting("change"),
                }
