"""Footnotes, which stand between the two halves of a paragraph that runs over a page break."""

import re
from collections.abc import Sequence

from policyparse.readers.layout.paragraphs import usual_size
from policyparse.readers.layout.shapes import Line, Sheet

MARK = re.compile(r"[①-⑳]|\[\d{1,3}\]|〔\d{1,3}〕|\*|\d{1,3}(?=[^\d.、年月日%）)])")
SMALL = 0.9
"""The largest size of a footnote in sizes of the text."""
LOW = 0.5
"""The part of a page's height above which no footnote stands."""


def take_footnotes(sheets: Sequence[Sheet]) -> list[Line]:
    """Take the footnotes out of the pages; each comes back as one line."""
    usual = usual_size(sheets)
    notes: list[Line] = []
    for sheet in sheets:
        for column in sheet.columns:
            start = len(column)
            while start and isinstance(item := column[start - 1], Line) and item.size <= SMALL * usual:
                start -= 1
            while start < len(column) and not (isinstance(item := column[start], Line) and MARK.match(item.text)):
                start += 1
            if start == 0 or start == len(column) or column[start].box.top < LOW * sheet.height:
                continue
            for line in column[start:]:
                if not isinstance(line, Line):
                    continue
                if MARK.match(line.text) or not notes:
                    notes.append(line)
                else:
                    notes[-1].text += line.text
            del column[start:]
    return notes
