"""发文机关 and 成文日期: who signed, and when."""

from collections.abc import Iterator

import regex

from policyparse.dates import day
from policyparse.extractors.metadata.page import LONG, SHORT, Page, Reading, stands_apart
from policyparse.text import Span

MOST = 15
"""Lines of names above a date, and characters of a line with which the text has begun."""


def signature(page: Page) -> Iterator[tuple[str, Reading]]:
    """The first date alone or after a name below text, then the first with a name; else one in brackets in the head."""
    for number in _below_text(page):
        match, signed = _signed(page, number)
        if match:
            yield "issued_on", Reading(day(match["on"]), (match.span("on"),))
            yield "issuers", Reading(tuple(_name(page, *place) for place in signed), tuple(signed))
            if signed:
                yield from _published(page, number + 1)
                return
    for number in range(page.top):
        match = page.shapes["date-line"].match(page.text.plain, *page.lines[number])
        if match and match[0].startswith("("):
            yield "issued_on", Reading(day(match["on"]), (match.span("on"),))


def _published(page: Page, number: int) -> Iterator[tuple[str, Reading]]:
    """The day of publication in the line below a signature, 2023年5月16日发布."""
    match = page.shapes["date-line"].match(page.text.plain, *page.lines[number]) if number < len(page.lines) else None
    if match and match["act"] == "发布":
        yield "published_on", Reading(day(match["on"]), (match.span("on"),))


def undated(page: Page, title: str) -> Iterator[tuple[str, Reading]]:
    """A signature that has lost its date: a name alone in the last line, with which the title begins."""
    last = len(page.lines) - 1
    if last >= page.top and page.shapes.is_agency(page.words(last)) and title.startswith(page.words(last)):
        place = page.lines[last]
        yield "issuers", Reading((_name(page, *place),), (place,))


def _below_text(page: Page) -> Iterator[int]:
    """The lines after the first of text, labels left out."""
    begun = False
    for number in range(page.top, len(page.lines)):
        start, end = page.lines[number]
        if number in page.labelled or (not begun and end - start <= SHORT):
            begun = end - start > MOST or page.text.plain[end - 1] == "。"
        else:
            begun = True
            yield number


def _signed(page: Page, number: int) -> tuple["regex.Match[str] | None", list[Span]]:
    """A date in a line or at its end, and the names before it or above it."""
    plain, shapes = page.text.plain, page.shapes
    start, end = page.lines[number]
    if "日" not in plain[start:end] and not plain[end - 1].isdigit():
        return None, []
    if match := shapes["date-line"].match(plain, start, end):
        return match, _signers(page, number)
    match = shapes["signed-line"].match(plain, start, end) if end - start <= LONG else None
    match = match or shapes["signed-end"].search(plain, start, end)
    if match and shapes.is_agency(match["issuer"]):
        return match, _divided(page, *match.span("issuer"))
    return None, []


def _signers(page: Page, number: int) -> list[Span]:
    """The names in the lines above a date."""
    signed: list[Span] = []
    for above in range(number - 1, max(page.top - 1, number - 1 - MOST), -1):
        words = page.words(above)
        if above in page.labelled or page.shapes["heading"].match(words) or not page.shapes.is_agency(words):
            break
        signed[:0] = _divided(page, *page.lines[above])
    return signed


def _divided(page: Page, start: int, end: int) -> list[Span]:
    """The names in one line, between which blanks of the source stand."""
    cuts = [at for at in range(start + 1, end) if stands_apart(page.text, at)]
    pieces = [page.text.trim(*piece) for piece in zip([start, *cuts], [*cuts, end], strict=True)]
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    return pieces if all(last - first >= 3 for first, last in pieces) else [page.text.trim(start, end)]


def _name(page: Page, start: int, end: int) -> str:
    """A name without blanks and without the note that stands for a seal."""
    seal = page.shapes["seal"].search(page.text.plain, start, end)
    return "".join(page.text.shown[start : seal.start() if seal else end].split())
