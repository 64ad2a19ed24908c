"""What pdfium finds on a page: its glyphs, its ruled lines and how much of it is pictures."""

import ctypes
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, pi, sin
from typing import Any, NamedTuple

import pypdfium2.raw as c

from policyparse.readers.layout.shapes import Box, Glyph, Matrix, Page, Ruling

GLYPHS, SEGMENTS = 20_000, 20_000
"""Characters of a page, and pieces of what is drawn on it, that are read."""
OBJECTS = 50_000
"""Objects of a page that are looked at."""
THIN = 2.5
"""Points of the breadth of a rectangle that is a ruled line."""
SLANT = 0.5
"""Points that a ruled line may rise."""
DEPTH = 4
"""Drawings in one another that are looked into."""
HYPHENS = dict.fromkeys((0x02, 0xAD, 0xFFFE), "-")
"""What pdfium gives for a hyphen at the end of a line, and some fonts for any."""
UNKNOWN = "\ufffd"


class Content(NamedTuple):
    """A page, the part of it that pictures cover (0 to 1), their pixels, and the pieces of its drawings.

    `cut`: it has more characters than are read.
    """

    page: Page
    pictures: float
    pixels: int
    drawn: int
    cut: bool


def content(page: Any) -> Content:
    """Read a page that pdfium holds open; it is turned so that most of its text is upright."""
    signs = _signs(page)
    turns = Counter(sign.quarter for sign in signs if sign.quarter is not None)
    quarter = turns.most_common(1)[0][0] if turns else 0
    rectangle = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(page, rectangle)
    frame = _upright(quarter, rectangle)
    box = _box(rectangle, frame)
    drawing = _Drawing(box)
    drawing.read(page, c.FPDFPage_CountObjects, c.FPDFPage_GetObject, frame, 0)
    glyphs = list(_glyphs(signs, quarter, frame, box))
    found = Page(box.right, box.bottom, glyphs, drawing.horizontals, drawing.verticals)
    covered = min(1.0, drawing.pictures / max(1.0, box.right * box.bottom))
    return Content(found, covered, drawing.pixels, drawing.segments, len(signs) == GLYPHS)


def _box(rectangle: Any, frame: Matrix) -> Box:
    """Where a rectangle of pdfium, which has its bottom below its top, lies on the page."""
    one, other = frame.at(rectangle.left, rectangle.bottom), frame.at(rectangle.right, rectangle.top)
    return Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _upright(quarter: int, page: Any) -> Matrix:
    """Turns a page by quarters, so that y grows downwards and the page begins at 0, 0."""
    cosine, sine = round(cos(quarter * pi / 2)), round(sin(quarter * pi / 2))
    turned = Matrix(cosine, sine, sine, -cosine)
    box = _box(page, turned)
    return turned._replace(e=-box.left, f=-box.top)


class _Sign(NamedTuple):
    """A character as pdfium gives it; `quarter` is the number of quarter turns that its line makes, if it makes any."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    quarter: int | None
    spaced: bool


def _glyphs(signs: Iterable[_Sign], quarter: int, frame: Matrix, page: Box) -> Iterator[Glyph]:
    """The glyphs of the lines that are upright when the page is turned, without those outside of it."""
    a, b, c, d, e, f = frame
    for text, left, bottom, right, top, x, y, turned, spaced in signs:
        if turned != quarter:
            continue
        start, end = a * left + c * bottom + e, a * right + c * top + e
        if end < start:
            start, end = end, start
        base = b * x + d * y + f
        if 0 <= start + end <= 2 * page.right and 0 <= base <= page.bottom:
            yield Glyph(text, start, max(end, start + 0.1), base, spaced)


def _signs(page: Any) -> list[_Sign]:
    """The characters of a page; those that pdfium adds where it sees a blank or the end of a line are left out.

    Every call to pdfium takes a microsecond: no more of them than needed.
    """
    text = c.FPDFText_LoadPage(page)
    if not text:
        return []
    signs: list[_Sign] = []
    rectangle, x, y = c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box, across, up = ctypes.byref(rectangle), ctypes.byref(x), ctypes.byref(y)
    code_of, box_of, origin_of = c.FPDFText_GetUnicode, c.FPDFText_GetLooseCharBox, c.FPDFText_GetCharOrigin
    high, spaced, last, height, quarter = 0, False, 0.0, None, None
    try:
        for index in range(c.FPDFText_CountChars(text)):
            if len(signs) == GLYPHS:
                break
            code = code_of(text, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = 0
            character = HYPHENS.get(code) or (chr(code) if 0 < code < 0x110000 else UNKNOWN)
            if character.isspace():
                spaced = spaced or c.FPDFText_IsGenerated(text, index) != 1
                continue
            if not character.isprintable() and character < "\ue000":
                character = UNKNOWN
            box_of(text, index, box)
            origin_of(text, index, across, up)
            if y.value != height or x.value <= last:  # else it stands in the line of the one before
                quarter = _quarter(c.FPDFText_GetCharAngle(text, index))
            last, height = x.value, y.value
            place = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            signs.append(_Sign(character, *place, last, height, quarter, spaced))
            spaced = False
    finally:
        c.FPDFText_ClosePage(text)
    return signs


def _quarter(angle: float) -> int | None:
    """The quarter turns, against the clock, that an angle is, None for one between; pdfium has it with the clock."""
    turns = -angle / (pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) < 0.05 else None


class _Drawing:
    """What is drawn on a page: ruled lines, and the area of its pictures."""

    def __init__(self, page: Box) -> None:
        self.horizontals: list[Ruling] = []
        self.verticals: list[Ruling] = []
        self.pictures = 0.0
        self.pixels = self.segments = self.objects = 0
        self._page = page

    def read(self, holder: Any, count: Any, get: Any, frame: Matrix, depth: int) -> None:
        """Read the objects of a page, or of a drawing inside it."""
        for index in range(count(holder)):
            self.objects += 1
            if self.objects > OBJECTS:
                return
            item = get(holder, index)
            kind = c.FPDFPageObj_GetType(item)
            if kind == c.FPDF_PAGEOBJ_PATH:
                self._path(item, frame.after(_matrix(item)))
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                self._picture(item, frame.after(_matrix(item)))
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < DEPTH:
                within = frame.after(_matrix(item))
                self.read(item, c.FPDFFormObj_CountObjects, c.FPDFFormObj_GetObject, within, depth + 1)

    def _picture(self, item: Any, frame: Matrix) -> None:
        """A picture is a square of one by one before its matrix."""
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        if c.FPDFImageObj_GetImagePixelSize(item, wide, high):
            self.pixels += wide.value * high.value
        corners = [frame.at(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        across, down = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        width = min(across[-1], self._page.right) - max(across[0], self._page.left)
        height = min(down[-1], self._page.bottom) - max(down[0], self._page.top)
        self.pictures += max(0.0, width) * max(0.0, height)

    def _path(self, item: Any, frame: Matrix) -> None:
        """The ruled lines that a path draws: its straight strokes, and the rectangles that are filled and thin."""
        fill, stroke = ctypes.c_int(), c.FPDF_BOOL()
        c.FPDFPath_GetDrawMode(item, fill, stroke)
        if not fill.value and not stroke.value:
            return
        for points in self._outlines(item, frame):
            if stroke.value:
                for (x, y), (u, v) in pairwise(points):
                    self._rule(min(x, u), min(y, v), max(x, u), max(y, v), SLANT)
            else:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self._rule(min(xs), min(ys), max(xs), max(ys), THIN)

    def _rule(self, left: float, top: float, right: float, bottom: float, thin: float) -> None:
        if bottom - top <= thin and right - left > thin:
            self.horizontals.append(Ruling((top + bottom) / 2, left, right))
        elif right - left <= thin and bottom - top > thin:
            self.verticals.append(Ruling((left + right) / 2, top, bottom))

    def _outlines(self, item: Any, frame: Matrix) -> Iterator[list[tuple[float, float]]]:
        """The corners of each outline of a path; what is curved is left out."""
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        for index in range(c.FPDFPath_CountSegments(item)):
            self.segments += 1
            if self.segments > SEGMENTS:
                return
            segment = c.FPDFPath_GetPathSegment(item, index)
            kind = c.FPDFPathSegment_GetType(segment)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            if kind != c.FPDF_SEGMENT_LINETO and points:
                yield points
                points = []
            points.append(frame.at(x.value, y.value))
            if c.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if points:
            yield points


def _matrix(item: Any) -> Matrix:
    found = c.FS_MATRIX()
    c.FPDFPageObj_GetMatrix(item, found)
    return Matrix(found.a, found.b, found.c, found.d, found.e, found.f)
