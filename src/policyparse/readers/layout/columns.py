"""The items of a page -> its columns in reading order."""

from collections.abc import Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from policyparse.readers.layout.shapes import Item

MIDDLE = 0.15
"""How far from the middle of the text the space between two columns may be, in parts of the text's width."""
TRIED = 60
"""Places that are tried for that space."""
LINES = 4
"""Lines that each of two columns has at least."""
PLAIN = 2
"""How many more lines begin at the space between two columns than cross it, where it is plain."""
FILLED = 0.6
"""How much of its column's width half of the lines fill, at least: less are the cells of a table."""


class Gutter(NamedTuple):
    """The space between two columns, by where the right one begins; `plain`: next to nothing crosses it."""

    place: float
    plain: bool


def gutter(items: Sequence[Item]) -> Gutter | None:
    """A place near the middle of a page that few of its items cross, if there is one."""
    boxes = [item.box for item in items]
    if len(boxes) < 2 * LINES:
        return None
    start, end = min(box.left for box in boxes), max(box.right for box in boxes)
    middle, reach = (start + end) / 2, MIDDLE * (end - start)
    places = {box.left - 0.5 for box in boxes if abs(box.left - middle) < reach}
    tried = sorted(places, key=lambda place: abs(place - middle))[:TRIED]
    if not tried:
        return None
    place = min(tried, key=lambda place: sum(box.left < place < box.right for box in boxes))
    left, right = sum(box.right <= place for box in boxes), sum(box.left >= place for box in boxes)
    if min(left, right) < LINES:
        return None
    return Gutter(place, right >= PLAIN * (len(boxes) - left - right))


def columns(items: Sequence[Item], gutter: Gutter | None) -> list[list[Item]]:
    """The items of each column, from the top down; what stands across two columns is a column of its own.

    The items of a page with one column come back as one list.
    """
    items = sorted(items, key=lambda item: item.box.top)
    if gutter is None:
        return [items]
    place = gutter.place
    found: list[list[Item]] = [[]]
    for crosses, group in groupby(items, key=lambda item: item.box.left < place < item.box.right):
        band = list(group)
        left = [item for item in band if item.box.right <= place]
        right = [item for item in band if item.box.right > place]
        if not crosses and _is_column(left) and _is_column(right):
            found += [left, right, []]
        else:
            found[-1] += band
    return [column for column in found if column]


def _is_column(items: Sequence[Item]) -> bool:
    if len(items) < LINES:
        return False
    boxes = [item.box for item in items]
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    return median(box.right - box.left for box in boxes) >= FILLED * width
