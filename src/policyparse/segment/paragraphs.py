"""Text -> its paragraphs: the lines, those glued together in a text without line breaks, and the cells of tables."""

import re
from collections.abc import Sequence
from itertools import pairwise

from policyparse.document import Document
from policyparse.outline import Line
from policyparse.rulebook import Rulebook
from policyparse.segment.markers import Marker
from policyparse.text import Text

CROWDED = 400
"""Characters of a paragraph that may hold several, in a text with next to no line breaks."""
OPENERS = (
    r"第[一二三四五六七八九十百\d]{1,4}[编章节条]|\((?:[一二三四五六七八九十]{1,4}[、)]|\d{1,2}\))"
    r"|[一二三四五六七八九十][一二三四五六七八九十]{0,3}[、)]|\d(?<![\d.]\d)\d?[.、]"
)
"""Where inside a line the heading rules are worth trying; compiled when there is such a line."""
HEADLINE = re.compile(r"[^。:;]{2,39}")
"""What may stand between two markers when the first has a title alone."""
CENTURIES = ("19", "20")
"""What a line begins with that may be a date and more."""
PAGE = 1500
"""Characters of a cell that holds a whole page: such a table only lays the page out."""


def paragraphs(text: Text, document: Document, rulebook: Rulebook) -> list[Line]:
    """The paragraphs of the cleaned text in order, those in a table with the role of cells."""
    rows = text.plain.split("\n")
    glued = len(text.plain) > CROWDED * len(rows)
    lines: list[Line] = []
    at = 0
    for row in rows:
        end = at + len(row)
        if (glued and len(row) > CROWDED) or (row and (not at or row.startswith(CENTURIES))):
            cuts = sorted(_cuts(text.plain, at, end, rulebook) - {end})
            lines += [Line(start, stop) for start, stop in pairwise([*cuts, end])]
        elif row:
            lines.append(Line(at, end))
        at = end + 1
    _mark_cells(text, document, lines)
    return lines


def _cuts(plain: str, at: int, end: int, rulebook: Rulebook) -> set[int]:
    """Where paragraphs begin in a line: at the pieces of letterhead and signature, and at markers that count on."""
    crowded = end - at > CROWDED
    cuts = {at}
    for match in rulebook.kind("seam").find(plain[at:end]):
        if crowded or not match.start:
            cuts.update(at + place for name in match.groups.groupdict() for place in match.groups.starts(name))
    return cuts | set(_glued_markers(plain, at, end, cuts, rulebook)) if crowded else cuts


def _glued_markers(plain: str, at: int, end: int, cuts: set[int], rulebook: Rulebook) -> list[int]:
    """The markers inside a line that count on, after the end of a sentence or of a short title."""
    rules = rulebook.kind("heading")
    counts: dict[str, int] = {}
    found: list[int] = []
    title = at
    for opener in re.compile(OPENERS).finditer(plain, at, end):
        place = opener.start()
        closed = place in cuts or plain[place - 1] in "。;:!?)”" or HEADLINE.fullmatch(plain, title, place)
        if not closed or plain.endswith(("附件:", "附件"), at, place):
            continue
        match = rules.match(plain, place, end)
        marker = Marker.read(match) if match else None
        if not marker or marker.steps or not marker.inside:
            continue
        if marker.number in (1, counts.get(marker.style, 0) + 1):
            counts[marker.style] = marker.number or 0
            found.append(place)
            title = marker.end
    return found


def _mark_cells(text: Text, document: Document, lines: Sequence[Line]) -> None:
    """Give the lines that stand in a table the role of cells."""
    spans = (cell.span for table in document.tables for cell in table.cells)
    cells = sorted((start, end) for start, end in spans if end - start < PAGE)
    if not cells and "\t" not in text.plain:
        return
    reach = at = 0
    for line in lines:
        place = text.origin(line.start)
        while at < len(cells) and cells[at][0] <= place:
            reach = max(reach, cells[at][1])
            at += 1
        if place < reach or "\t" in text.plain[line.start : line.end]:
            line.role = "cell"
