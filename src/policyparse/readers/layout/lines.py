"""Glyphs -> lines of text."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from statistics import median

from policyparse.readers.layout.shapes import Glyph, Line

RAISED = 0.45
"""How far apart the bases of two glyphs of one line may be, in widths of a full-width character."""
APART, FAR = 1.0, 2.0
"""The blank, in widths of a full-width character, that may divide columns, and that divides what is no one sentence."""
BLANK, LATIN_BLANK = 0.6, 0.18
"""The blank that is meant as one: between Chinese characters, and where Latin letters stand on both sides."""
LATIN = 1.8
"""How much wider than a digit a full-width character is."""
NOTE = 0.2
"""How much higher than the line the number of a footnote stands, in widths of a full-width character."""
NEIGHBOURS = 3
"""Pieces of text that stand at about one height in two columns."""
TWICE = 0.35
"""A glyph printed again so near to itself only looks bold."""


def pieces(glyphs: Iterable[Glyph], cut: float | None = None) -> list[Line]:
    """The runs of text of a page, from the top down and divided where a blank stands, or where a glyph begins at `cut`:
    punctuation may hang into the space between two columns.
    """
    return [_line(run) for row in _rows(glyphs) for run in _runs(row, cut)]


def rows(lines: Iterable[Line], gutter: float | None = None) -> list[Line]:
    """Pieces at one height as one line, with two blanks where they stand far apart; none across a gutter."""
    joined: list[Line] = []
    for line in sorted(lines, key=attrgetter("base", "left")):
        for index in range(len(joined) - 1, max(-1, len(joined) - 1 - NEIGHBOURS), -1):
            last = joined[index]
            first, second = (last, line) if last.left <= line.left else (line, last)
            apart = gutter is not None and first.right <= gutter <= second.left
            if line.base - last.base < RAISED * max(line.size, last.size) and not apart:
                joined[index] = _as_one(first, second)
                break
        else:
            joined.append(line)
    return joined


def _as_one(first: Line, second: Line) -> Line:
    larger = max(first, second, key=lambda piece: (any(map(_is_hanzi, piece.text)), piece.size, len(piece.text)))
    gap = (second.left - first.right) / larger.size
    blank = "  " if gap > FAR else " " if gap > BLANK else ""
    text = first.text + blank + second.text
    return Line(text, first.left, max(first.right, second.right), larger.base, larger.size)


def is_wide(character: str) -> bool:
    """Whether a character is as wide as it is high: hanzi and the punctuation among them."""
    return "\u2e80" <= character <= "\uffdf" or character in "—…“”‘’"


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs that stand at one height, from left to right."""
    row: list[Glyph] = []
    size = base = 0.0
    for glyph in sorted(glyphs, key=attrgetter("base", "left")):
        width = glyph.right - glyph.left
        if row and glyph.base - base > RAISED * max(size, width):
            yield sorted(row, key=attrgetter("left"))
            row = []
        if not row:
            size, base = width, glyph.base
        elif width > size:
            size = width
        row.append(glyph)
    if row:
        yield sorted(row, key=attrgetter("left"))


def _runs(row: list[Glyph], cut: float | None) -> Iterator[list[Glyph]]:
    size = _size(row)
    run = row[:1]
    for before, glyph in pairwise(row):
        if glyph.left - before.right > APART * size or (cut is not None and before.left < cut <= glyph.left < cut + 2):
            yield run
            run = []
        elif glyph.text == before.text and abs(glyph.left - before.left) < TWICE * (glyph.right - glyph.left):
            continue
        run.append(glyph)
    yield run


def _line(run: list[Glyph]) -> Line:
    size = _size(run)
    base = median(glyph.base for glyph in run)
    words = [run[0].text]
    for before, glyph in pairwise(run):
        if glyph.base < base - NOTE * size and glyph.text.isdecimal() and not before.text.isascii():
            continue  # a footnote's number
        latin = not (is_wide(before.text) or is_wide(glyph.text))
        if glyph.spaced or glyph.left - before.right > (LATIN_BLANK if latin else BLANK) * size:
            words.append(" ")
        words.append(glyph.text)
    return Line("".join(words), run[0].left, max(glyph.right for glyph in run), base, size)


def _size(run: list[Glyph]) -> float:
    widths = [glyph.right - glyph.left for glyph in run if _is_hanzi(glyph.text)]
    return max(median(widths) if widths else LATIN * median(glyph.right - glyph.left for glyph in run), 1.0)


def _is_hanzi(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
