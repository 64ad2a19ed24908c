"""The labels of a page (索引号, 发布机构, 成文日期 …) and what they say."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from policyparse.dates import day
from policyparse.extractors.metadata.page import (
    HEAD,
    LONGEST,
    OPENING,
    TAIL,
    Page,
    Reading,
    Shapes,
    split,
    stands_apart,
)
from policyparse.rulebook import Rulebook
from policyparse.text import Span, Text

FOOT = frozenset({"publisher", "source", "doc_number", "index_number"})
"""What the labels below the text of a page may say."""
ALONE = 30
"""Characters of the longest line that is a label alone."""
SIGNS = ":] 】"
"""What may stand behind a label."""
DATES = frozenset({"issued_on", "published_on", "time"})
BODIES = frozenset({"publisher", "source", "issuers"})


class Label(NamedTuple):
    """A label of the page and what it announces."""

    start: int
    end: int
    field: str


def find_labels(text: Text, lines: Sequence[Span], rulebook: Rulebook) -> dict[int, list[Label]]:
    """The labels at either end of the page, none inside another, by the number of their line."""
    found: dict[int, list[Label]] = {}
    for first, last in ((0, HEAD), (max(HEAD, len(lines) - TAIL), len(lines))):
        for number, label in _candidates(text, lines, first, min(last, len(lines)), rulebook):
            held = found.setdefault(number, [])
            if not held or label.start >= held[-1].end:
                held.append(label)
    return found


def _candidates(
    text: Text, lines: Sequence[Span], first: int, last: int, rulebook: Rulebook
) -> Iterator[tuple[int, Label]]:
    """Every label between two lines in order, the longer of two first, with the number of its line."""
    short = [number for number in range(first, last) if _has_room(text, *lines[number])]
    words = [text.plain[slice(*lines[number])] for number in short]
    begins = [0, *accumulate(len(line) + 1 for line in words)]
    matches = (match for _, match in rulebook.kind("label").candidates("\n".join(words)))
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        place = bisect_right(begins, match.start) - 1
        start, end = lines[short[place]]
        base = start - begins[place]
        label = Label(base + match.start, base + match.end, match.rule.set["field"])
        if _is_label(text, label, start, end):
            yield short[place], label


def _has_room(text: Text, start: int, end: int) -> bool:
    """Whether a label can stand in a line: it has a sign after it, blanks beside it, or the line to itself."""
    length = end - start
    if length <= ALONE or length > LONGEST:
        return length <= ALONE
    words = text.plain[start:end]
    if any(sign in words for sign in SIGNS):
        return True
    low, high = text.span(start, end)
    return high - low > length


def _is_label(text: Text, label: Label, first: int, last: int) -> bool:
    """A label stands apart and has a colon after it; at a line's start, or between blanks, it may go without."""
    plain, after = text.plain, label.end
    while first < label.start and plain[first] in OPENING:
        first += 1
    while after < last and plain[after] in " *】]":
        after += 1
    leads = label.start == first
    apart = leads or stands_apart(text, label.start)
    if after < last and plain[after] == ":":
        return apart or not plain[label.start - 1].isalpha()
    closed = stands_apart(text, label.end) or plain[label.end] in "】]"
    return apart and closed and (leads or label.end < last)


def values(page: Page, labels: Mapping[int, Sequence[Label]]) -> dict[str, Span]:
    """Each labelled field and the place of its value, the first that is of the kind announced."""
    said: dict[str, Span] = {}
    for number, held in labels.items():
        for label, value in _line_values(page, number, held, number + 1 in labels):
            in_foot = label.field in FOOT and _opens_foot(page, number, label)
            fits = value[0] < value[1] and _fits(label.field, page.text.plain[slice(*value)], page.shapes)
            if fits and (number < page.top or in_foot) and label.field != "other":
                said.setdefault(label.field, value)
    return said


def _opens_foot(page: Page, number: int, label: Label) -> bool:
    return number >= len(page.lines) - TAIL and label.start - page.lines[number][0] <= 2


def _line_values(page: Page, number: int, held: Sequence[Label], labels_below: bool) -> Iterator[tuple[Label, Span]]:
    """The labels of a line with their values; where the last ends the line, the next line is its value."""
    end = page.lines[number][1]
    for label, following in pairwise((*held, Label(end, end, ""))):
        value = _bare(page.text, label.end, following.start)
        if value[0] >= value[1] and label is held[-1] and number + 1 < len(page.lines) and not labels_below:
            value = _bare(page.text, *page.lines[number + 1])
        yield label, value


def _bare(text: Text, start: int, end: int) -> Span:
    """A value without the signs around it."""
    while start < end and text.plain[start] in ": *】]|·":
        start += 1
    while end > start and text.plain[end - 1] in " *|[【·":
        end -= 1
    return start, end


def _fits(name: str, value: str, shapes: Shapes) -> bool:
    """Whether a value is of the kind that its label announces."""
    if name in DATES:
        return day(value[:20]) is not None
    if name in BODIES:
        return shapes["names"].fullmatch(value) is not None and value not in shapes.no_publisher
    if name == "doc_number":
        return shapes["number"].search(value) is not None or shapes["order"].fullmatch(value) is not None
    if name == "index_number":
        return value[0].isascii() and value[0].isalnum() and len(value) >= 4
    return 4 <= len(value) <= 200


def labelled_facts(page: Page, said: Mapping[str, Span]) -> Iterator[tuple[str, Reading]]:
    """What only the labels of the page say, the most trusted first."""
    text = page.text
    for label, name in (("issued_on", "issued_on"), ("published_on", "published_on"), ("time", "published_on")):
        if label in said:
            yield name, Reading(day(text.plain[slice(*said[label])]), (said[label],))
    if "index_number" in said:
        start, end = said["index_number"]
        end = next((at for at in range(start, end) if text.plain[at] == " " or not text.plain[at].isascii()), end)
        yield "index_number", Reading(text.shown[start:end], ((start, end),))
    for label in ("publisher", "source"):
        if label in said:
            yield "publisher", Reading(text.shown[slice(*said[label])], (said[label],))
    if "issuers" in said:
        pieces = tuple(split(text, *said["issuers"], "、,;"))
        yield "issuers", Reading(page.shown(pieces), pieces)
