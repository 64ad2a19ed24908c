"""Lines -> paragraphs, by where a line begins and ends between the margins of its column."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from policyparse.clean import CLOSERS, STOPS, beginning
from policyparse.readers.layout.lines import is_wide
from policyparse.readers.layout.shapes import Line, Sheet

CHUNK = re.compile(
    r"[（〔【《〈「『“‘(\[]*(?:[\w.:/@-]+|.)(?:[、。，．：；？！）〕】》〉」』”’…—％%‰℃,.:;?!)\]])*", re.ASCII
)
"""What cannot be broken over two lines: a character or a Latin word with the punctuation that clings to it."""
LEADERS = re.compile(r"[.…·]{3,}\s*\S{0,4}$")
"""The dots of an entry in a table of contents."""
SAME = 0.2
"""How much the sizes of two lines of one paragraph differ at most."""
SLACK = 0.4
"""The room at the end of a full line beyond what the next line's first word needs."""
BETWEEN = 0.25
"""The space that word processors put between Chinese and Latin characters."""
INDENT = 1.0
"""Where a line begins that is indented, in characters from the left margin."""
SPREAD = 1.3
"""The distance between two lines that divides paragraphs, in usual distances."""
INDENTED = 0.05
"""The part of a document's lines that are indented where its paragraphs begin so."""
LARGE = 1.2
"""The size of a title, in sizes of the text: where its author broke it, it stays broken."""
FULL, WIDE, EVEN = 0.3, 20, 4
"""What shows that the lines which end farthest to the right are full: their part of all, their width, or how much
farther from the edge of the page they are than the left margin, both in characters.
"""
LEAST = 8
"""Lines of a column from which its margins are known."""


Place = tuple[int, int]
"""A page and a column on it, from 0."""


class Frame(NamedTuple):
    """The margins of a column and the usual distance between the bases of its lines."""

    left: float
    right: float
    pitch: float


def needs(line: Line) -> float:
    """The width that the first word of a line takes, with the punctuation that clings to it."""
    found = CHUNK.match(line.text)
    width = sum(1.0 if is_wide(character) else 0.5 for character in (found[0] if found else ""))
    return line.size * (width if is_wide(line.text[0]) else width + BETWEEN)


def joined(first: str, second: str) -> str:
    """Two pieces of a text that was broken between them."""
    latin = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return f"{first} {second}" if latin else first + second


class Margins:
    """The margins of every column of a document, and what they say about its paragraphs."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._frames: dict[Place, Frame] = {}
        self._usual = usual_size(sheets)
        sure: list[tuple[Place, int, Frame]] = []
        few: list[tuple[Place, int, list[Line]]] = []
        for page, sheet in enumerate(sheets):
            for index, column in enumerate(sheet.columns):
                lines = [item for item in column if isinstance(item, Line)]
                frame = _frame(lines, sheet.width if len(sheet.columns) == 1 else 0.0)
                if frame:
                    self._frames[page, index] = frame
                    sure.append(((page, index), len(sheet.columns), frame))
                elif lines:
                    few.append(((page, index), len(sheet.columns), lines))
        for place, columns, lines in few:
            self._frames[place] = _borrowed(place, columns, lines, sure) or _own(lines, sheets[place[0]])
        self._indented = self._is_indented(sheets)

    def goes_on(self, first: Line, before: Line, line: Line, places: tuple[Place, Place]) -> bool:
        """Whether a paragraph, of which `first` is the first line, goes on from one line to the next.

        `places` are those of the two lines.
        """
        size = max(before.size, line.size)
        if abs(before.size - line.size) > SAME * size or LEADERS.search(before.text):
            return False
        above, here = self._frames[places[0]], self._frames[places[1]]
        if above.right - before.right > needs(line) + SLACK * size:
            return False
        if places[0] == places[1] and line.base - before.base > SPREAD * here.pitch:
            return False
        title = before is first and before.text[-1] not in STOPS and _is_centred(line, here)
        if size > LARGE * self._usual:
            return title
        if line.left - here.left > INDENT * size:
            return title or _hangs(first, before, line)
        return self._indented or before.text[-1] not in STOPS | CLOSERS or beginning(line.text) is None

    def _is_indented(self, sheets: Sequence[Sheet]) -> bool:
        """Whether paragraphs begin two characters from the margin in this document."""
        counts = Counter(
            1.5 <= (item.left - self._frames[page, index].left) / item.size <= 2.6
            for page, sheet in enumerate(sheets)
            for index, column in enumerate(sheet.columns)
            for item in column
            if isinstance(item, Line)
        )
        return counts[True] >= INDENTED * counts.total()


def _is_centred(line: Line, frame: Frame) -> bool:
    """Whether a line stands in the middle of its column, as the second line of a title does."""
    left, right = line.left - frame.left, frame.right - line.right
    return left > INDENT * line.size and abs(left - right) < line.size


def _hangs(first: Line, before: Line, line: Line) -> bool:
    """Whether a line begins below the text of the marker that begins its paragraph, as the lines of lists do."""
    if before is not first:
        return abs(line.left - before.left) < 0.5 * line.size and before.left > first.left + INDENT * line.size
    return line.left > first.left + INDENT * line.size and beginning(first.text) is not None


def _frame(lines: Sequence[Line], width: float) -> Frame | None:
    """The margins that the lines of a column show, if they are enough; `width` is the page's, 0 for one of several."""
    if len(lines) < LEAST:
        return None
    size = Counter(round(line.size) for line in lines).most_common(1)[0][0]
    lefts, rights = sorted(line.left for line in lines), sorted((line.right for line in lines), reverse=True)
    least = len(lines) // 10
    left = next((place for place in lefts if _close(lefts, place, size / 2) >= max(2, least)), lefts[0])
    right = next((place for place in rights if _close(rights, place, size / 2) >= max(3, least)), None)
    if right is None:
        return None
    full = _close(rights, right, size / 2) >= FULL * len(lines) and right - left >= WIDE * size
    even = right >= width - left - EVEN * size
    return Frame(left, right, _pitch(lines)) if full or even else None


def _borrowed(
    place: Place, columns: int, lines: Sequence[Line], sure: Iterable[tuple[Place, int, Frame]]
) -> Frame | None:
    """The margins of a column with few lines: those of another that holds them, on a page of the same side if any."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    size = max(line.size for line in lines)
    fitting = [
        (columns != other_columns, place[1] != other[1], (place[0] - other[0]) % 2, abs(place[0] - other[0]), frame)
        for other, other_columns, frame in sure
        if frame.left - 0.5 * size <= left and right <= frame.right + 1.5 * size
    ]
    return min(fitting)[-1] if fitting else None


def _own(lines: Sequence[Line], sheet: Sheet) -> Frame:
    """The margins of a column that shows none: as far from the right edge of the page as from the left one."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return Frame(left, max(right, sheet.width - left) if len(sheet.columns) == 1 else right, _pitch(lines))


def _close(places: Sequence[float], place: float, near: float) -> int:
    return sum(abs(other - place) <= near for other in places)


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance between two lines; without any, so much that none is far."""
    steps = Counter(round(2 * (below.base - above.base)) / 2 for above, below in pairwise(lines))
    usual = [step for step in steps if step > 0]
    return (
        max(usual, key=lambda step: (steps[step] + steps[step - 0.5] + steps[step + 0.5], -step)) if usual else 1000.0
    )


def usual_size(sheets: Sequence[Sheet]) -> float:
    """The size of the text, of which there is most."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for column in sheet.columns:
            for item in column:
                if isinstance(item, Line):
                    sizes[round(item.size * 2) / 2] += sum(map(is_wide, item.text))
    return sizes.most_common(1)[0][0] if sizes else 0.0
