"""Glyphs -> lines of text."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from statistics import median

from policyparse.readers.layout.shapes import Glyph, Line

RAISED = 0.45
"""How far apart the bases of two glyphs of one line may be, in widths of a full-width character."""
APART = 2.0
"""The blank, in widths of a full-width character, from which on pieces of text are no words of one sentence."""
BLANK, LATIN_BLANK = 0.6, 0.18
"""The blank that is meant as one: between Chinese characters, and where Latin letters stand on both sides."""
TWICE = 0.35
"""A glyph printed again so near to itself only looks bold."""


def pieces(glyphs: Iterable[Glyph]) -> list[Line]:
    """The runs of text of a page, from the top down and divided where a wide blank stands."""
    return [_line(run) for row in _rows(glyphs) for run in _runs(row)]


def rows(lines: Iterable[Line]) -> list[Line]:
    """The lines of a column; pieces at one height are one line, with two blanks for the wide one between them."""
    joined: list[Line] = []
    for line in sorted(lines, key=attrgetter("base", "left")):
        last = joined[-1] if joined else None
        if last and line.base - last.base < RAISED * max(line.size, last.size):
            first, second = (last, line) if last.left <= line.left else (line, last)
            larger = max(first, second, key=lambda piece: (piece.size, len(piece.text)))
            joined[-1] = Line(
                f"{first.text}  {second.text}",
                first.left,
                max(first.right, second.right),
                larger.base,
                larger.size,
            )
        else:
            joined.append(line)
    return joined


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


def _runs(row: list[Glyph]) -> Iterator[list[Glyph]]:
    size = _size(row)
    run = row[:1]
    for before, glyph in pairwise(row):
        if glyph.left - before.right > APART * size:
            yield run
            run = []
        elif glyph.text == before.text and abs(glyph.left - before.left) < TWICE * (glyph.right - glyph.left):
            continue
        run.append(glyph)
    yield run


def _line(run: list[Glyph]) -> Line:
    size = _size(run)
    words = [run[0].text]
    for before, glyph in pairwise(run):
        latin = not (is_wide(before.text) or is_wide(glyph.text))
        if glyph.left - before.right > (LATIN_BLANK if latin else BLANK) * size:
            words.append(" ")
        words.append(glyph.text)
    base = median(glyph.base for glyph in run)
    return Line("".join(words), run[0].left, max(glyph.right for glyph in run), base, size)


def _size(run: list[Glyph]) -> float:
    widths = [glyph.right - glyph.left for glyph in run if "\u3400" <= glyph.text <= "\u9fff"]
    return max(median(widths) if widths else 2 * median(glyph.right - glyph.left for glyph in run), 1.0)
