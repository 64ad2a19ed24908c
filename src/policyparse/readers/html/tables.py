"""The tables of a page as grids."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from policyparse.readers.html.markup import BLOCKS, walk
from policyparse.readers.layer import Slot

BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
WIDEST = 100
"""Columns of the widest table, whatever the page says."""
MOST = 200_000
"""Places of the largest grid; what claims more is no table."""
PAGE = 1000
"""Characters of a cell that may hold a page."""
INNER = 300
"""Characters of the longest cell of a table that holds tables."""

Row = dict[int, Slot]
"""The cells that begin in a row, by column."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's caption, its rows, and whether there are tables in its cells, whose text is the cells' own."""

    caption: str
    rows: list[Row]
    nested: bool

    def lays_out(self) -> bool:
        """Whether it is no table but lays the page out: one row or column, or one cell that holds nearly all."""
        width = max((column + slot.colspan for row in self.rows for column, slot in row.items()), default=0)
        if len(self.rows) < 2 or width < 2 or len(self.rows) * width > MOST:
            return True
        sizes = [len(slot.text) for row in self.rows for slot in row.values()]
        return max(sizes) > (INNER if self.nested else max(PAGE, 0.8 * sum(sizes)))


def grid(table: LexborNode) -> Grid:
    """A table with every cell in its column although others span rows and columns above it."""
    caption, rows, nested = _cells(table)
    free = [0] * WIDEST  # the row from which on each column is free
    placed: list[Row] = []
    for index, slots in enumerate(rows):
        column, row = 0, Row()
        for slot in slots:
            while column < WIDEST and free[column] > index:
                column += 1
            if column == WIDEST:
                break
            following = min(column + slot.colspan, WIDEST)
            row[column] = slot._replace(rowspan=min(slot.rowspan, len(rows) - index), colspan=following - column)
            free[column:following] = [index + slot.rowspan] * (following - column)
            column = following
        placed.append(row)
    return Grid(caption, placed, nested)


def _cells(table: LexborNode) -> tuple[str, list[list[Slot]], bool]:
    """A table's caption, the cells of each row, and whether there are tables in them."""
    caption = ""
    rows: list[list[Slot]] = []
    words: list[str] = []
    depth = 0
    nested = False
    for node, closing in walk(table):
        tag = node.tag
        if tag == "table":
            depth += -1 if closing else 1
            nested = nested or depth > 1
        if node.is_text_node:
            if not closing:
                words.append(node.text_content or "")
        elif depth > 1 or tag == "br" or (tag in BLOCKS and tag not in ("td", "th", "tr", "caption")):
            words.append(" " if tag == "br" or tag in BLOCKS else "")
        elif tag == "tr" and not closing:
            rows.append([])
        elif tag in ("td", "th", "caption"):
            text = BLANKS.sub(" ", "".join(words)).strip()
            words.clear()
            if closing and tag == "caption":
                caption = text
            elif closing and rows:
                rows[-1].append(Slot(text, _number(node, "rowspan"), _number(node, "colspan"), tag == "th"))
    return caption, rows, nested


def _number(node: LexborNode, attribute: str) -> int:
    value = (node.attributes.get(attribute) or "").strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 6 else 1
