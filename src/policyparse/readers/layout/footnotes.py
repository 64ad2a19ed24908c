"""Footnotes, which stand between the two halves of a paragraph that runs over a page break."""

import re
from collections.abc import Sequence

from policyparse.readers.layout.paragraphs import joined, usual_size
from policyparse.readers.layout.shapes import Item, Line, Sheet

MARK = re.compile(r"[①-⑳]|\[\d{1,3}\]|〔\d{1,3}〕|\*|\d{1,3}(?=[^\d.、年月日%）)])")
SMALL = 0.9
"""The largest size of a footnote in sizes of the text."""
LOW = 0.5
"""The part of a page's height above which no footnote stands."""


def take_footnotes(sheets: Sequence[Sheet]) -> list[Line]:
    """Take the footnotes out of the pages; each comes back as one line."""
    usual = usual_size(sheets)
    notes: list[Line] = []
    last_page = -1
    for page, sheet in enumerate(sheets):
        for column in sheet.columns:
            lines = _small_lines(column, usual)
            if page != last_page + 1 or not notes:  # else the first of them may go on with a note of the page before
                while lines and not MARK.match(lines[0].text):
                    del lines[0]
            whole = len(lines) == len(column) and len(sheet.columns) == 1
            if not lines or whole or lines[0].box.top < LOW * sheet.height:
                continue
            last_page = page
            del column[-len(lines) :]
            for line in lines:
                if MARK.match(line.text):
                    notes.append(line)
                else:
                    notes[-1].text = joined(notes[-1].text, line.text)
    return notes


def _small_lines(column: Sequence[Item], usual: float) -> list[Line]:
    """The lines at the end of a column that are smaller than the text."""
    lines: list[Line] = []
    for item in reversed(column):
        if not isinstance(item, Line) or item.size > SMALL * usual:
            break
        lines.append(item)
    return lines[::-1]
