"""Text whose characters know where they came from."""

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]
"""A half-open interval [start, end) in code points."""


class Text:
    """A cleaned text and its edit map back to the source.

    `plain` and `shown` have the same length: character `i` of each is one kept character of the source. `plain` has
    it in one width (digits, letters and ,;:()!?%. in ASCII) and is what rules read; `shown` has it as written and is
    what people read; `source[origin(i)]` is where it stands. Paragraphs are divided by one newline in both.
    Whole runs of characters are kept: those from `kept[n]` on stood from `stood[n]` on.
    """

    __slots__ = ("kept", "plain", "shown", "source", "stood")

    def __init__(self, source: str, plain: str, shown: str, kept: list[int], stood: list[int]) -> None:
        self.source, self.plain, self.shown = source, plain, shown
        self.kept, self.stood = kept, stood

    def __len__(self) -> int:
        return len(self.plain)

    def origin(self, place: int) -> int:
        """Where in the source a kept character stands."""
        run = bisect_right(self.kept, place) - 1
        return self.stood[run] + place - self.kept[run]

    def span(self, start: int, end: int) -> Span:
        """The interval of the source that the kept characters [start, end) come from."""
        if start >= end:
            at = self.origin(start) if start < len(self.plain) else len(self.source)
            return at, at
        kept = self.kept
        run = bisect_right(kept, start)
        moved = self.stood[run - 1] - kept[run - 1]
        if run == len(kept) or end <= kept[run]:  # most lie in one run
            return start + moved, end + moved
        return start + moved, self.origin(end - 1) + 1

    def quote(self, start: int, end: int) -> str:
        """The words of the source behind the kept characters [start, end), blanks and all."""
        first, last = self.span(start, end)
        return self.source[first:last]

    def offset(self, place: int) -> int:
        """The first kept character that stands at or after a place in the source."""
        run = bisect_right(self.stood, place) - 1
        if run < 0:
            return 0
        after = self.kept[run + 1] if run + 1 < len(self.kept) else len(self.plain)
        return min(self.kept[run] + place - self.stood[run], after)

    def trim(self, start: int, end: int) -> Span:
        """The interval without blanks and newlines at its ends."""
        plain = self.plain
        while start < end and plain[start].isspace():
            start += 1
        while end > start and plain[end - 1].isspace():
            end -= 1
        return start, end


def places_of(words: Iterable[str], text: str) -> list[int]:
    """Where any of some words stands in a text, in order: found far sooner than by a pattern of them all."""
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append(at)
            at = text.find(word, at + 1)
    return sorted(found)
