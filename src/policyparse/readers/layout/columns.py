"""The items of a page -> its columns in reading order."""

from collections.abc import Sequence
from itertools import groupby
from statistics import median

from policyparse.readers.layout.shapes import Box, Item

MIDDLE = 0.15
"""How far from the middle of the text the space between two columns may be, in parts of the text's width."""
TRIED = 60
"""Places that are tried for that space."""
LINES = 4
"""Lines that each of two columns has at least."""
FILLED = 0.6
"""How much of its column's width half of the lines fill, at least: less are the cells of a table."""


def columns(items: Sequence[Item]) -> list[list[Item]]:
    """The items of each column, from the top down; what stands across two columns is a column of its own.

    The items of a page with one column come back as one list.
    """
    items = sorted(items, key=lambda item: item.box.top)
    gutter = _gutter([item.box for item in items])
    if gutter is None:
        return [items]
    found: list[list[Item]] = [[]]
    for crosses, group in groupby(items, key=lambda item: item.box.left < gutter < item.box.right):
        band = list(group)
        left = [item for item in band if item.box.right <= gutter]
        right = [item for item in band if item.box.right > gutter]
        if not crosses and _is_column(left) and _is_column(right):
            found += [left, right, []]
        else:
            found[-1] += band
    return [column for column in found if column]


def _gutter(boxes: Sequence[Box]) -> float | None:
    """A place near the middle that few items cross."""
    if len(boxes) < 2 * LINES:
        return None
    start, end = min(box.left for box in boxes), max(box.right for box in boxes)
    middle, reach = (start + end) / 2, MIDDLE * (end - start)
    places = sorted({box.left - 0.5 for box in boxes if abs(box.left - middle) < reach}, key=lambda x: abs(x - middle))
    if not places:
        return None
    gutter = min(places[:TRIED], key=lambda place: sum(box.left < place < box.right for box in boxes))
    right = sum(box.left >= gutter for box in boxes)
    left = sum(box.right <= gutter for box in boxes)
    return gutter if left >= LINES and right >= LINES else None


def _is_column(items: Sequence[Item]) -> bool:
    if len(items) < LINES:
        return False
    boxes = [item.box for item in items]
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    return median(box.right - box.left for box in boxes) >= FILLED * width
