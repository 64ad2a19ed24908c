"""The numeral marker at the head of a paragraph: 一、 (一) 1. 第三条."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from policyparse.numerals import integer
from policyparse.outline import Line
from policyparse.rulebook import Match, Rulebook
from policyparse.text import Text


class Marker(NamedTuple):
    """`style` is what it counts with, `rank` how deep it customarily stands, `steps` the figures of 1.2.1.

    Of a style that is no heading `inside` a line, one may stand in the middle of a paragraph; one that `gaps` is
    counted on there, so that a number left out says nothing.
    """

    words: str
    end: int
    rule: str
    style: str
    rank: int
    number: int | None
    steps: tuple[int, ...] = ()
    inside: bool = True
    gaps: bool = False

    @classmethod
    def read(cls, match: Match) -> "Marker":
        """The marker that a heading rule has found."""
        rule, said, words = match.rule.id, match.rule.set, match.groups[0]
        style, rank = said.get("style", rule), int(said.get("rank", "95"))
        counted = match.groups.re.groupindex.get("number")  # by its index a group is read far sooner than by its name
        numeral = match.setting("number") or (match.groups[counted] if counted else None) or ""
        if style == "decimal" and "." in numeral:
            steps = tuple(integer(step) or 0 for step in numeral.split("."))
            depth = len(steps)
            return cls(words, match.end, rule, f"decimal-{depth}", rank + depth, steps[-1], steps)
        inside, gaps = said.get("inside") != "text", "gaps" in said
        return cls(words, match.end, rule, style, rank, _number(numeral), (), inside, gaps)


@lru_cache(maxsize=1024)
def _number(numeral: str) -> int | None:
    return integer(unicodedata.normalize("NFKC", numeral).strip("(.)")) or None


def markers(text: Text, lines: Sequence[Line], rulebook: Rulebook) -> list[Marker | None]:
    """The marker of each line, None for a line without one and for the cells of a table."""
    rules = rulebook.kind("heading")
    decimals = _Decimals()
    found: list[Marker | None] = []
    for line in lines:
        match = None if line.role == "cell" else rules.match(text.plain, line.start, line.end)
        marker = Marker.read(match) if match else None
        found.append(marker if marker and decimals.admit(marker) else None)
    return found


class _Decimals:
    """1.1 may as well be a measure: it is taken for a marker only where it counts on."""

    def __init__(self) -> None:
        self.last: dict[int, tuple[int, ...]] = {}

    def admit(self, marker: Marker) -> bool:
        """Whether a marker is one; it then is what the next must follow."""
        steps = marker.steps
        if not steps:
            if marker.style == "arabic":
                self.last[1] = (marker.number or 0,)
            return True
        depth, above = len(steps), steps[:-1]
        last = self.last.get(depth, ())
        begins = steps[-1] == 1 and self.last.get(depth - 1, above)[-1] == above[-1]
        if not begins and (last[:-1] != above or last[-1] + 1 != steps[-1]):
            return False
        self.last[depth] = steps
        return True
