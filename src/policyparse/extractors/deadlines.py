"""When: the times that bound or schedule a task, a target or a stage."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from policyparse.dates import day_of_year, duration, frequency, interval
from policyparse.extractors.sections import Sections
from policyparse.extractors.tables import Row
from policyparse.outline import SILENT, Node, Outline
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Deadline, Diagnostic, Fields, Metadata
from policyparse.shapes import shapes
from policyparse.text import Span, Text

NAME = re.compile(r"《(?:[^《》\n]|《[^《》\n]{1,80}》){1,160}》")


def deadlines(
    text: Text,
    outline: Outline,
    table: Sequence[Row],
    sections: Sections,
    about: Metadata,
    rulebook: Rulebook,
) -> list[Deadline]:
    """Every time that binds: not the dates of signatures, of cited documents, of names or of history."""
    earliest = _earliest(text, about, rulebook)
    years: dict[Node | None, Years] = {}
    found: list[Fields] = []
    for match in _outside(_matches(text, outline, table, sections, rulebook), _names(text, about)):
        part = _part(outline.line(match.start).node)
        if part not in years:
            years[part] = earliest._replace(own=own_year(part.title if part else None, about, rulebook))
        deadline = _deadline(match, text, years[part])
        if isinstance(deadline, Diagnostic):
            outline.diagnostics.append(deadline)
        elif deadline:
            found.append(deadline)
    return Deadline.many(found)


def _matches(
    text: Text, outline: Outline, table: Sequence[Row], sections: Sections, rulebook: Rulebook
) -> Iterator[Match]:
    """The times in lines that say something of what is to come, in order; a date alone on its line is a signature's,
    but not in a cell."""
    due = {match.start: match for match in _due(text, table, rulebook)}
    others = (match for match in rulebook.kind("deadline").find(text.plain) if match.start not in due)
    signature = shapes(rulebook, "year")["signature"]
    for match in sorted((*others, *due.values()), key=lambda match: match.start):
        line = outline.line(match.start)
        alone = match.start not in due and signature.fits(text.plain[line.start : line.end])
        if not alone and line.role not in SILENT and (not line.node or sections.silence(line.node) != "past"):
            yield match


def _names(text: Text, about: Metadata) -> list[Span]:
    """Where documents are named, the notice itself too."""
    titled = ((text.offset(start), text.offset(end)) for start, end in about.evidence.get("title", ()))
    return sorted((*titled, *(found.span() for found in NAME.finditer(text.plain))))


def _outside(matches: Iterable[Match], spans: Sequence[Span]) -> Iterator[Match]:
    """The matches that overlap none of the spans; both stand in order."""
    at = 0
    for match in matches:
        while at < len(spans) and spans[at][1] <= match.start:
            at += 1
        if at == len(spans) or match.end <= spans[at][0]:
            yield match


def _due(text: Text, table: Sequence[Row], rulebook: Rulebook) -> list[Match]:
    """The times that fill a whole cell of a column of deadlines; a merged cell counts once."""
    named = (named for row in table for named in zip(row.cells, row.columns, strict=False))
    cells = {cell for cell, column in named if column == "deadline"}
    matches = (rulebook.kind("due").match(text.plain, *text.trim(*cell)) for cell in sorted(cells))
    ends = {text.trim(*cell)[1] for cell in cells}
    return [match for match in matches if match and match.end in ends]


class Years(NamedTuple):
    """The notice's own year, the earliest of which it may speak as of the present, and that of the last plan named."""

    own: int | None
    issued: int | None
    oldest: int
    plan: int

    def is_past(self, end: date, kind: str) -> bool:
        """Whether what ended then is history for the notice.

        Where its own year is unknown, a period before the last five-year plan named is history too.
        """
        known = [year for year in (self.own, self.issued) if year]
        return end.year < (min(known) if known else max(self.oldest, self.plan if kind == "during" else 0))


def _earliest(text: Text, about: Metadata, rulebook: Rulebook) -> Years:
    issued = _issued(about)
    if issued:
        return Years(None, issued, 0, 0)
    named = shapes(rulebook, "year")
    dated = (int(found[0][:4]) for found in named["past"].each(text.plain))
    plans = {found[0] for found in named["plan"].each(text.plain)}
    begun = [plan.year for plan in (interval(name, None, None)[0] for name in plans) if plan]
    return Years(None, None, max(dated, default=0), max(begun, default=0))


def _issued(about: Metadata) -> int | None:
    return about.issued_on.year if about.issued_on else about.doc_number.year if about.doc_number else None


def own_year(title: str | None, about: Metadata, rulebook: Rulebook) -> int | None:
    """The year that 今年 and 6月底 mean: the plan year in the title, else the year of issue or of publication."""
    own = shapes(rulebook, "year")["own"]
    for words in (title, about.title):
        years = {int(found["year"]) for found in own.each(words or "")}
        if len(years) == 1:
            return years.pop()
    return _issued(about) or (about.published_on.year if about.published_on else None)


def _part(node: Node | None) -> Node | None:
    while node is not None and node.parent is not None:
        node = node.parent
    return node


class When(NamedTuple):
    """The fields of a deadline that a rule has worked out."""

    start: date | None = None
    end: date | str | None = None
    recurrence: str | None = None


def _deadline(match: Match, text: Text, years: Years) -> Fields | Diagnostic | None:
    """The fact behind a match; None where it is history, a diagnostic where there is no such day."""
    kind = match.setting("kind") or "during"
    first, behind = span = text.span(match.start, match.end)
    words = text.source[first:behind]
    when = _when(kind, match, years)
    last = when and (when.end or when.start)
    if when is None or (isinstance(last, date) and years.is_past(last, kind)):
        return None
    dated = not last and kind in ("by", "during") and (match.setting("start") or match.setting("end"))
    if dated and years.own is not None:
        return Diagnostic(code="no-such-day", severity="warning", message=f"没有“{words}”这样的日期", span=span)
    return {
        "kind": kind,
        "start": when.start,
        "end": when.end,
        "recurrence": when.recurrence,
        "text": words,
        "span": span,
        "rule": match.rule.id,
    }


def _when(kind: str, match: Match, years: Years) -> When | None:
    """The fields that a rule sets, worked out; None where the length of time is none."""
    start, end, often = match.setting("start"), match.setting("end"), match.setting("recurrence")
    if kind == "recurring":
        return When(end=day_of_year(end) if end else None, recurrence=often and (frequency(often) or often))
    if kind == "within":
        length = duration(often or "")
        return When(recurrence=length) if length else None
    return When(*interval(start, end, years.own))
