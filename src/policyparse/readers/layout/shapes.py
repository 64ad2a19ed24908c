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
