"""What stands on a page: glyphs, lines of text, ruled lines and tables, in points with y growing downwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character with its advance width; `base` is the height of the line that it stands on, `spaced` says that a
    blank was typed before it.
    """

    text: str
    left: float
    right: float
    base: float
    spaced: bool = False


class Ruling(NamedTuple):
    """A straight line, horizontal or vertical: where it lies across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f (ISO 32000-1, 8.3.4; GB/T 33190-2016, 8.5)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Matrix") -> "Matrix":
        """What `first` and then this one does."""
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            *self.at(first.e, first.f),
        )


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Line:
    """A line of text, or the piece of one that stands in one column. `size` is the width of a full-width character."""

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.base - 0.85 * self.size, self.right, self.base + 0.15 * self.size)


@dataclass(slots=True)
class Cell:
    """A cell of a ruled table with the lines of text in it."""

    box: Box
    lines: list[Line]
    rowspan: int = 1
    colspan: int = 1


@dataclass(slots=True)
class Grid:
    """A ruled table: each row as the cells that begin in it by their column, and where columns and rows begin."""

    box: Box
    rows: list[dict[int, Cell]]
    edges: list[float]
    tops: list[float]


Item = Line | Grid


@dataclass(slots=True)
class Page:
    """A page as its format gives it."""

    width: float
    height: float
    glyphs: Sequence[Glyph] = ()
    horizontals: Sequence[Ruling] = ()
    verticals: Sequence[Ruling] = ()


@dataclass(slots=True)
class Sheet:
    """A page after its text was put in order: the items of each of its columns."""

    width: float
    height: float
    columns: list[list[Item]] = field(default_factory=list)
