"""What the columns of a table hold: known by their headings, and by their cells where a heading does not say it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from policyparse.rulebook import Rulebook
from policyparse.schema import Role
from policyparse.shapes import shapes
from policyparse.text import Span, Text
from policyparse.words import Lexicon, lexicon

ROLES = frozenset(get_args(Role))
TASKS = frozenset(("task", "indicator"))
LONGEST = 24
"""Characters of the longest heading of a column."""
LISTED = 600
"""Characters of the longest cell that holds organisations."""
UNIT = re.compile(r"\(([^()]{1,8})\)$")
MOST = 0.7
"""The part of a column's cells that name organisations where it is a column of them."""


class Columns:
    """The headings of one notice's tables, and what its cells look like."""

    def __init__(self, text: Text, rulebook: Rulebook) -> None:
        self.plain = text.plain
        self.headings = rulebook.kind("column")
        self.known: Lexicon = lexicon(rulebook)
        self.shapes = shapes(rulebook, "cell")
        self.notes = rulebook.words("note_starts")
        self.grid_notes = (*self.notes, *rulebook.words("form_note_starts"))
        self._found: dict[str, str | None] = {}

    def of(self, start: int, end: int) -> str | None:
        """What a column with this heading holds."""
        if not 1 < end - start <= LONGEST:
            return None
        words = "".join(self.plain[start:end].split()).rstrip(":")
        if words not in self._found:
            found = self.headings.match(words, 0, len(words))
            self._found[words] = found.setting("column") if found else None
        return self._found[words]

    def unit(self, start: int, end: int) -> str:
        """The unit that a heading names in brackets: 目标值(万亩)."""
        found = UNIT.search(self.plain[start:end]) if end - start <= LONGEST else None
        return found[1] if found else ""

    def by_cells(self, columns: dict[int, str | None], cells: dict[int, list[Span]]) -> dict[int, str | None]:
        """A column that no heading calls responsible is so where its cells name organisations, beside one of tasks."""
        if ROLES & set(columns.values()):
            return columns
        for column, found in cells.items():
            if columns.get(column) not in (None, "unit", "task") or len(found) < 2:
                continue
            others = {kind for other, kind in columns.items() if other != column}
            if TASKS & others and sum(self.are_units(self.plain[slice(*cell)]) for cell in found) >= MOST * len(found):
                return {**columns, column: "responsible"}
        return columns

    def are_units(self, words: str) -> bool:
        """Whether a cell holds organisations and nothing else."""
        if len(words) > LISTED:
            return False
        known, certain = self.known, False
        duty = self.shapes["duty"].ending(words)
        for piece in self._pieces(words[: duty.start()] if duty else words):
            generic = known.generic(piece)
            if not generic and not known.organisation(piece):
                return False
            certain = certain or generic or known.certain(piece)
        return certain

    def _pieces(self, words: str) -> Iterator[str]:
        """What may be names in a cell, one by one: of most cells the first is none."""
        at = 0
        for sign in self.shapes["between"].each(words):
            if at < sign.start():
                yield words[at : sign.start()]
            at = sign.end()
        if at < len(words):
            yield words[at:]

    def are_figures(self, cells: Sequence[Span]) -> bool:
        """Whether most cells of a column hold numbers and nothing else."""
        figures = sum(self.shapes["figures"].fits(self.plain[slice(*cell)]) is not None for cell in cells)
        return 2 * figures > len(cells)


def assigns(columns: Iterable[str | None]) -> bool:
    """Whether columns hold tasks and what is set for them.

    A form to fill in has 项目名称 and 联系人 alone, a list of funds who uses them and how much.
    """
    kinds = set(columns)
    settings = kinds & {*ROLES, "deadline", "target"}
    if settings <= {"implement"} and "grant" in kinds:
        return False
    return bool(kinds & {*TASKS, "target"} and settings) and len(kinds) > 1
