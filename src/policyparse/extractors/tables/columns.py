"""What the columns of a table hold: known by their headings, and by their cells where a heading does not say it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from policyparse.rulebook import Rulebook
from policyparse.schema import Role
from policyparse.text import Span, Text
from policyparse.words import Lexicon, lexicon

ROLES = frozenset(get_args(Role))
TASKS = frozenset(("task", "indicator"))
LONGEST = 24
"""Characters of the longest heading of a column."""
LISTED = 600
"""Characters of the longest cell that holds organisations."""
UNIT = re.compile(r"\(([^()]{1,8})\)$")
DUTIES = ("负责", "牵头", "配合", "落实")
DUTY = r"(?:分别|各自|共同|按|依|根据).{0,12}(?:负责|落实|配合)$|(?:负责|牵头|配合|落实)$"
PIECE = r"[、,;。/\s]|以及|[和及](?=各|县|市|省|区|有关|相关)"
MOST = 0.7
"""The part of a column's cells that name organisations where it is a column of them."""
FIGURES = r"[^\w]{0,3}\d[\d.,%—~-]*\w{0,4}"
"""A cell that holds a number and nothing else; `re` compiles these and keeps them when a notice has such a table."""


class Columns:
    """The headings of one notice's tables, and what its cells look like."""

    def __init__(self, text: Text, rulebook: Rulebook) -> None:
        self.plain = text.plain
        self.headings = rulebook.kind("column")
        self.known: Lexicon = lexicon(rulebook)
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
        for piece in _pieces(re.sub(DUTY, "", words) if words.endswith(DUTIES) else words):
            generic = known.generic(piece)
            if not generic and not known.organisation(piece):
                return False
            certain = certain or generic or known.certain(piece)
        return certain

    def are_figures(self, cells: Sequence[Span]) -> bool:
        """Whether most cells of a column hold numbers and nothing else."""
        pattern = re.compile(FIGURES)
        figures = sum(pattern.fullmatch(self.plain, *cell) is not None for cell in cells)
        return 2 * figures > len(cells)


def _pieces(words: str) -> Iterator[str]:
    """What may be names in a cell, one by one: of most cells the first is none."""
    at = 0
    for sign in re.finditer(PIECE, words):
        if at < sign.start():
            yield words[at : sign.start()]
        at = sign.end()
    if at < len(words):
        yield words[at:]


def assigns(columns: Iterable[str | None]) -> bool:
    """Whether columns hold tasks and what is set for them.

    A form to fill in has 项目名称 and 联系人 alone, a list of funds who uses them and how much.
    """
    kinds = set(columns)
    settings = kinds & {*ROLES, "deadline", "target"}
    if settings <= {"implement"} and "grant" in kinds:
        return False
    return bool(kinds & {*TASKS, "target"} and settings) and len(kinds) > 1
