"""What stands around the text of every page: running heads and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from policyparse.readers.layout.shapes import Line, Sheet

EDGE = 0.12
"""The part of a page's height, at the top and at the bottom, in which running heads and page numbers stand."""
DEEP = 3
"""Lines from the top and from the bottom that may be running heads."""
NUMBER = re.compile(
    r"[-—–―─－·.・~•\s]*(?:第?\s*(\d{1,4}|[ivxIVX]{1,6})\s*页?)(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–―─－·.・~•\s]*"
)
"""A page number: — 2 —, 第2页 共5页, 2/5, ii."""
DIGITS = re.compile(r"\d+")
ANNEX = re.compile(r"附\s*[件表录]")
"""Annexes are numbered as pages are, and begin at the top of one."""


def remove(sheets: Sequence[Sheet]) -> None:
    """Take the running heads and page numbers out of the pages of a document."""
    seen: Counter[tuple[str, int]] = Counter()
    for page, sheet in enumerate(sheets):
        seen.update({key for line in _edges(sheet) for key in _keys(page, line)})
    often = min(3, max(2, len(sheets)))
    for page, sheet in enumerate(sheets):
        drop = {
            id(line)
            for line in _edges(sheet)
            if _is_number(line, sheet) or any(seen[key] >= often for key in _keys(page, line))
        }
        if drop:
            sheet.columns = [[item for item in column if id(item) not in drop] for column in sheet.columns]


def _edges(sheet: Sheet) -> Iterator[Line]:
    """The outermost lines of a page, where they stand near its edge."""
    lines = sorted(
        (item for column in sheet.columns for item in column if isinstance(item, Line)), key=lambda line: line.base
    )
    for outer in (lines[:DEEP], lines[DEEP:][-DEEP:]):
        for line in outer:
            box = line.box
            if box.bottom <= EDGE * sheet.height or box.top >= (1 - EDGE) * sheet.height:
                yield line


def _keys(page: int, line: Line) -> Iterator[tuple[str, int]]:
    """What the same line on another page has in common with it: words and height, numbers that count with the page."""
    words = "".join(line.text.split())
    yield words, round(line.base / 4)
    if not ANNEX.match(words) and (number := DIGITS.search(words)):
        yield f"{DIGITS.sub('#', words)}{int(number[0][-6:]) - page}", round(line.base / 4)


def _is_number(line: Line, sheet: Sheet) -> bool:
    """Whether a line is nothing but a page number, at the very top or bottom."""
    return NUMBER.fullmatch(line.text) is not None and (
        line.base <= 0.09 * sheet.height or line.base >= (1 - EDGE) * sheet.height
    )
