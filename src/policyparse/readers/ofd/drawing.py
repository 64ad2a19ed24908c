"""What a page of an OFD file draws: characters and ruled lines."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

from lxml import etree

from policyparse.errors import ReadError
from policyparse.readers.layout.shapes import Glyph, Matrix, Page, Ruling

POINTS = 72 / 25.4
"""Of a millimetre, in which an OFD file counts."""
DEEPEST = 8
"""Drawings in one another."""
OBJECTS, GLYPHS = 400_000, 1_000_000
"""Objects and characters that the pages of a file draw."""
FAINT = 128
"""The opacity, of 255, up to which text is a watermark."""
FAR = 1e6
"""Millimetres farther than any page reaches."""
COMMON = 3.7
"""Millimetres of characters that do not say their size."""
THIN = 1.5
"""Millimetres of a filled rectangle that is a ruled line, and points that such a line may rise."""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements below one that have a name, whatever namespace they give it."""
    return (child for child in element if etree.QName(child).localname == name)


class Pen:
    """Draws the pages of a file, whose `name` is for messages; `units` are the drawings that those of the document at
    hand may show by number.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.units: Mapping[str, etree._Element] = {}
        self.objects, self.glyphs = OBJECTS, GLYPHS  # how many more may be drawn

    def draw(self, content: etree._Element, width: float, height: float) -> Page:
        """What a page draws; width and height are in millimetres.

        Raises ReadError where all pages together draw more than any notice does.
        """
        page = Page(width * POINTS, height * POINTS, [], [], [])
        self.add(content, page)
        return page

    def add(self, content: etree._Element, page: Page) -> None:
        """Add to a page what its own content or a template draws."""
        glyphs: list[Glyph] = []
        rulings: tuple[list[Ruling], list[Ruling]] = ([], [])
        layers = (layer for content in children(content, "Content") for layer in children(content, "Layer"))
        waiting = [(child, Matrix(POINTS, 0, 0, POINTS), 0) for layer in layers for child in layer]
        waiting.reverse()
        while waiting:
            element, outer, depth = waiting.pop()
            self.objects -= 1
            if self.objects < 0:
                raise self._too_much()
            kind = etree.QName(element).localname
            if element.get("Visible") == "false":
                continue
            matrix = outer.after(_matrix(element))
            if kind == "TextObject":
                glyphs += islice(_glyphs(element, matrix), self.glyphs + 1)
                if len(glyphs) > self.glyphs:
                    raise self._too_much()
            elif kind == "PathObject":
                for across, ruling in _rulings(element, matrix):
                    rulings[not across].append(ruling)
            elif depth < DEEPEST and kind == "PageBlock":
                waiting += [(child, outer, depth + 1) for child in reversed(element)]
            elif depth < DEEPEST and kind == "CompositeObject":
                unit = self.units.get(element.get("ResourceID", ""))
                contents = children(unit, "Content") if unit is not None else ()
                waiting += [(child, matrix, depth + 1) for content in contents for child in reversed(content)]
        self.glyphs -= len(glyphs)
        page.glyphs = [*page.glyphs, *glyphs]
        page.horizontals, page.verticals = [*page.horizontals, *rulings[0]], [*page.verticals, *rulings[1]]

    def _too_much(self) -> ReadError:
        return ReadError(f"{self.name}: it draws more than any notice does; divide it")


def numbers(words: str | None, count: int) -> list[float]:
    """So many numbers, or none."""
    try:
        found = [float(word) for word in (words or "").split()[:count]]
    except ValueError:
        return []
    return found if len(found) == count and all(abs(number) < FAR for number in found) else []


def _matrix(element: etree._Element) -> Matrix:
    """From an object's own place to that of what holds it: its CTM, then the corner of its boundary."""
    x, y, *_ = numbers(element.get("Boundary"), 4) or (0.0, 0.0)
    own = Matrix(*numbers(element.get("CTM"), 6))
    return own._replace(e=own.e + x, f=own.f + y)


def _glyphs(element: etree._Element, matrix: Matrix) -> Iterator[Glyph]:
    """The characters of a text object; those of a watermark, slanting or faint, are none."""
    slanting = abs(matrix.b) + abs(matrix.c) > 0.1 * (abs(matrix.a) + abs(matrix.d))
    if slanting or min([255.0, *numbers(element.get("Alpha"), 1)]) <= FAINT:
        return
    size = max([0.0, *numbers(element.get("Size"), 1)]) or COMMON
    scale = (numbers(element.get("HScale"), 1) or [1.0])[0]
    x = y = 0.0
    for code in children(element, "TextCode"):
        x, y = (numbers(code.get("X"), 1) or [x])[0], (numbers(code.get("Y"), 1) or [y])[0]
        text = code.text or ""
        across, down = _steps(code.get("DeltaX"), len(text)), _steps(code.get("DeltaY"), len(text))
        at, row = x, y
        for index, sign in enumerate(text):
            wide = scale * size * (1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5)
            if not sign.isspace() and sign.isprintable():
                left, base = matrix.at(at, row)
                yield Glyph(sign, left, left + wide * abs(matrix.a), base)
            at += across[index] if index < len(across) else 0.0 if down else wide
            row += down[index] if index < len(down) else 0.0


def _steps(words: str | None, most: int) -> list[float]:
    """From each character to the next; `g 5 2.8` is five times 2.8."""
    steps: list[float] = []
    signs = iter((words or "").split())
    for sign in signs:
        count, step = (next(signs, ""), next(signs, "")) if sign == "g" else ("1", sign)
        times = numbers(count, 1) or [0.0]
        steps += (numbers(step, 1) or [0.0]) * max(0, min(int(times[0]), most - len(steps)))
        if len(steps) >= most:
            break
    return steps


def _rulings(element: etree._Element, matrix: Matrix) -> Iterator[tuple[bool, Ruling]]:
    """The straight lines of a path, and whether each runs across or down; the edges of a filled area are none."""
    boundary = numbers(element.get("Boundary"), 4)
    if element.get("Stroke") == "false" and boundary and min(boundary[2:]) > THIN:
        return
    points: list[tuple[float, float] | None] = []
    for data in children(element, "AbbreviatedData"):
        points += _points((data.text or "").split())
    for first, second in pairwise(points):
        if first and second:
            (x0, y0), (x1, y1) = matrix.at(*first), matrix.at(*second)
            if abs(y1 - y0) < THIN < abs(x1 - x0):
                yield True, Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1))
            elif abs(x1 - x0) < THIN < abs(y1 - y0):
                yield False, Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _points(words: Sequence[str]) -> Iterator[tuple[float, float] | None]:
    """The corners of a path, None before each new line and for curves (GB/T 33190-2016, table 35)."""
    first: tuple[float, float] | None = None
    at = 0
    while at < len(words):
        sign = words[at]
        point = numbers(" ".join(words[at + 1 : at + 3]), 2)
        if sign in "SM" and point:
            first = (point[0], point[1])
            yield None
            yield first
        elif sign == "L" and point:
            yield point[0], point[1]
        elif sign == "C":
            yield first
        elif sign in "QBA":
            yield None
        at += 3 if sign in "SML" else 1
