"""发文字号: the document number."""

from collections.abc import Iterator

from policyparse.extractors.metadata.page import TAIL, Page, Reading
from policyparse.schema import DocNumber
from policyparse.text import Span


def doc_number(page: Page, labelled: Span | None) -> Reading | None:
    """The first document number that is one: see `_places`."""
    for place in _places(page, labelled):
        return _read(page, *place)
    return None


def _places(page: Page, labelled: Span | None) -> Iterator[Span]:
    """Its own line in the head, its label, the line of an order, or before the title in a link below."""
    plain, shapes = page.text.plain, page.shapes
    for number, line in enumerate(page.lines[: page.top + 3]):
        if number not in page.labelled and (match := shapes["number-line"].match(plain, *line)):
            yield match.span("all")
    if labelled:
        match = shapes["number"].search(plain, *labelled)
        yield match.span() if match else labelled
    yield from (line for line in page.lines[: page.top + 1] if shapes["order"].fullmatch(plain, *line))
    for line in page.lines[max(page.top, len(page.lines) - TAIL) :]:
        if match := shapes["number-link"].match(plain, *line):
            yield match.span("all")


def _read(page: Page, start: int, end: int) -> Reading | None:
    plain, shapes = page.text.plain, page.shapes
    while start < end and plain[start] in "( ":
        start += 1
    match = shapes["number"].match(plain, start, end) or shapes["order"].fullmatch(plain, start, end)
    if not match:
        return None
    groups = match.groupdict()
    written = "".join(page.text.shown[start : match.end()].split())
    year, serial = groups["year"], groups["serial"]
    value = DocNumber(text=written, agency=groups.get("agency"), year=year and int(year), serial=int(serial))
    return Reading(value, ((start, match.end()),))
