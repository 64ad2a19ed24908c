"""What stands around the text of every page: running heads and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from policyparse.readers.layout.shapes import Line, Sheet
from policyparse.rulebook import load
from policyparse.shapes import shapes

EDGE = 0.12
"""The part of a page's height, at the top and at the bottom, in which running heads and page numbers stand."""
SIGNED_EDGE = 0.25
"""The same for page numbers that are nothing else: a scan has no margins of its own."""
DEEP = 3
"""Lines from the top and from the bottom that may be running heads."""
SIGNED = re.compile(
    r"[-—–―─－一·.・~•\s]+(?:\d{1,4}|[ivxIVX]{1,6})[-—–―─－一·.・~•\s]+|第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?"
)
"""A page number that is nothing else, — 2 —, 第2页 共5页."""
NUMBER = re.compile(r"(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*[/／]\s*\d{1,4})?")
"""A page number that may be another, 2 or 2/5."""
DIGITS = re.compile(r"\d+")
ANNEX = re.compile(r"附\s*[件表录]")
"""Annexes are numbered as pages are, and begin at the top of one."""


def remove(sheets: Sequence[Sheet]) -> None:
    """Take the running heads and page numbers out of the pages of a document."""
    seen: Counter[tuple[str, int]] = Counter()
    for page, sheet in enumerate(sheets):
        seen.update({key for line in _outermost(sheet) for key in _keys(line, page, sheet)})
    often = min(3, max(2, len(sheets)))
    for page, sheet in enumerate(sheets):
        drop = {
            id(line)
            for line in _outermost(sheet)
            if _is_number(line, sheet) or any(seen[key] >= often for key in _keys(line, page, sheet))
        }
        if drop:
            sheet.columns = [[item for item in column if id(item) not in drop] for column in sheet.columns]


def _outermost(sheet: Sheet) -> list[Line]:
    """The first and the last lines of a page."""
    lines = [item for column in sheet.columns for item in column if isinstance(item, Line)]
    lines.sort(key=lambda line: line.base)
    return lines if len(lines) <= 2 * DEEP else [*lines[:DEEP], *lines[-DEEP:]]


def _keys(line: Line, page: int, sheet: Sheet) -> Iterator[tuple[str, int]]:
    """What a line shares with the same on other pages: words and height, and numbers that count with the page."""
    if not _is_near_edge(line, sheet, EDGE):
        return
    words = "".join(line.text.split())
    yield words, round(line.base / 4)
    if not ANNEX.match(words) and (number := DIGITS.search(words)):
        yield f"{DIGITS.sub('#', words)}{int(number[0][-6:]) - page}", round(line.base / 4)


def _is_number(line: Line, sheet: Sheet) -> bool:
    """Whether a line is nothing but a page number, or what a scanner's program prints."""
    if SIGNED.fullmatch(line.text) or shapes(load(), "page")["scanner"].fits(line.text):
        return _is_near_edge(line, sheet, SIGNED_EDGE)
    return NUMBER.fullmatch(line.text) is not None and _is_near_edge(line, sheet, EDGE)


def _is_near_edge(line: Line, sheet: Sheet, edge: float) -> bool:
    return line.base <= edge * sheet.height or line.base >= (1 - edge) * sheet.height
