"""Text whose characters know where they came from."""

from array import array
from bisect import bisect_left
from dataclasses import dataclass

Span = tuple[int, int]
"""A half-open interval [start, end) in code points."""


@dataclass(frozen=True, slots=True)
class Text:
    """A cleaned text and its edit map back to the source.

    `plain`, `shown` and `origins` have the same length: character `i` of each is one kept character of the
    source. `plain` has it in one width (digits, letters and ,;:()!?%. in ASCII) and is what rules read;
    `shown` has it as written and is what people read; `source[origins[i]]` is where it stands.
    Paragraphs are divided by one newline in both.
    """

    source: str
    plain: str
    shown: str
    origins: "array[int]"

    def __len__(self) -> int:
        return len(self.plain)

    def span(self, start: int, end: int) -> Span:
        """The interval of the source that the kept characters [start, end) come from."""
        if start >= end:
            at = self.origins[start] if start < len(self.origins) else len(self.source)
            return at, at
        return self.origins[start], self.origins[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """The words of the source behind the kept characters [start, end), blanks and all."""
        first, last = self.span(start, end)
        return self.source[first:last]

    def offset(self, place: int) -> int:
        """The first kept character that stands at or after a place in the source."""
        return bisect_left(self.origins, place)

    def trim(self, start: int, end: int) -> Span:
        """The interval without blanks and newlines at its ends."""
        plain = self.plain
        while start < end and plain[start].isspace():
            start += 1
        while end > start and plain[end - 1].isspace():
            end -= 1
        return start, end
