"""Pages of glyphs and ruled lines: how much of them is taken for a table, and for a notice."""

import pytest

from policyparse.errors import ReadError
from policyparse.readers import layout
from policyparse.readers.layout import tables
from policyparse.readers.layout.shapes import Glyph, Page, Ruling


def ruled(count: int, uneven: float = 0) -> Page:
    """So many lines across and down, each shorter than the one before at both ends by `uneven` points."""
    rulings = [Ruling(at * 10, at * uneven / 2, count * 10 - at * uneven / 2) for at in range(count)]
    return Page(count * 10, count * 10, [Glyph("甲", 1, 9, 8)], rulings, rulings)


def test_lines_that_end_anywhere_are_a_drawing() -> None:
    (table,) = tables.grids(ruled(100))
    assert (len(table.edges), len(table.tops)) == (101, 101)
    assert tables.grids(ruled(150)) == []
    (uneven,) = tables.grids(ruled(20, 7))
    assert len(uneven.edges) > 20


def test_what_all_pages_hold_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST", 1000)
    words = Page(595, 842, [Glyph("甲", at * 10, at * 10 + 9, 100) for at in range(50)])
    assert len(layout.sheets([words] * 20, "册.pdf")) == 20
    for pages in ([words] * 21, [ruled(20)] * 3):
        with pytest.raises(ReadError, match=r"^册\.pdf: more than 1,000 characters and cells of tables"):
            layout.sheets(pages, "册.pdf")
