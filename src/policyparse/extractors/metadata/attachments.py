"""附件: the titles in the list of attachments."""

from collections.abc import Iterator
from itertools import pairwise

import regex

from policyparse.extractors.metadata.page import LONG, LONGEST, Page, Reading
from policyparse.text import Span

MOST = 100
"""Lines of the longest list of attachments."""


def attachments(page: Page) -> Reading | None:
    """The items of the first list under 附件 that has any, on one line or on several; titles only."""
    for number, (start, end) in enumerate(page.lines):
        match = _begins(page, number) if end - start <= LONGEST and page.text.plain[start] == "附" else None
        if match and (match["colon"] or match["rest"].startswith("1.")):
            places = [_unsigned(page, *place) for place in _items(page, number, match)]
            titles = {place: title for place in places if not (title := _title(page, *place)).isascii()}
            if titles:
                return Reading(tuple(titles.values()), tuple(titles))
    return None


def _begins(page: Page, number: int) -> "regex.Match[str] | None":
    return page.shapes["attachment"].fullmatch(page.text.plain, *page.lines[number])


def _items(page: Page, number: int, match: "regex.Match[str]") -> Iterator[Span]:
    """The items of the list that begins in a line: 附件:1.… 2.…, 附件1:… 附件2:…, or a single one."""
    if match["number"]:
        return _marked_items(page, number, match)
    return _numbered_items(page, number, *match.span("rest"))


def _marked_items(page: Page, number: int, match: "regex.Match[str] | None") -> Iterator[Span]:
    """附件1:… on a line, 附件2:… on the next."""
    last = min(number + MOST, len(page.lines))
    while match and match["number"] and match["rest"]:
        yield match.span("rest")
        number += 1
        match = _begins(page, number) if number < last else None


def _numbered_items(page: Page, number: int, start: int, end: int) -> Iterator[Span]:
    """1.… 2.… on one line or on several, or what stands there without a number."""
    expected = 1
    while end - start <= 3 * LONG or expected == 1:
        cuts: list[Span] = []
        for cut in page.shapes["attachment-item"].finditer(page.text.plain, start, end):
            if int(cut["number"]) == expected and (cuts or cut.start() == start):
                cuts.append(cut.span())
                expected += 1
        if not cuts and (expected > 1 or start < end):
            if expected == 1:
                yield start, end
            return
        for (_, begin), (stop, _) in pairwise((*cuts, (end, end))):
            yield page.text.trim(begin, stop)
        number += 1
        if number >= len(page.lines):
            return
        start, end = page.lines[number]


def _unsigned(page: Page, start: int, end: int) -> Span:
    """An item without the signature that runs on after it."""
    signed = page.shapes["attachment-signed"].match(page.text.plain, start, end)
    return (start, signed.end()) if signed else (start, end)


def _title(page: Page, start: int, end: int) -> str:
    """The title of an item, without its mark and the suffix of its file."""
    written = page.text.shown[start:end].strip().rstrip("。;；,， ")
    title: str = page.shapes["extension"].sub("", written)
    return page.shapes["attachment-mark"].sub("", title, 1).strip() or title
