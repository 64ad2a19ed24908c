"""How words are looked for in words: rules that are used one at a time, by their ids, and word lists."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import regex

from policyparse.rulebook import NAMED_LIST, CompiledRule, Rulebook
from policyparse.text import places_of


class Shape:
    """A rule used by its id. Its pattern is tried only where one of the cues stands, for most words hold none."""

    __slots__ = ("_begins", "_ends", "_rule", "cues")

    def __init__(self, rule: CompiledRule, cues: tuple[str, ...]) -> None:
        self._rule, self.cues = rule, cues
        self._ends = frozenset(cue[-1] for cue in cues)
        self._begins: dict[str, bool] = {}

    def _cued(self, words: str) -> bool:
        for cue in self.cues:  # a loop, for any() takes longer than most patterns
            if cue in words:
                return True
        return not self.cues

    def search(self, words: str, start: int = 0, end: int = sys.maxsize) -> "regex.Match[str] | None":
        """The first place in words[start:end] that has the shape; what stands before `start` is seen too."""
        return self._rule.pattern.search(words, start, end) if self._cued(words[start:end]) else None

    def each(self, words: str, start: int = 0, end: int = sys.maxsize) -> "Iterator[regex.Match[str]]":
        """All such places, in order."""
        return self._rule.pattern.finditer(words, start, end) if self._cued(words[start:end]) else iter(())

    def places(self, words: str) -> list[int]:
        """Where the cues stand, in order: of a long text that holds few they are found sooner than the shape."""
        return places_of(self.cues, words)

    def without(self, words: str) -> str:
        """The words without what has the shape."""
        for cue in self.cues or ("",):
            if cue in words:
                return str(self._rule.pattern.sub("", words))
        return words

    def split(self, words: str) -> list[str]:
        """The words between what has the shape."""
        return list(self._rule.pattern.split(words))

    def ending(self, words: str, start: int = 0) -> "regex.Match[str] | None":
        """The shape at the end of words, which must end with a cue."""
        if words[-1:] in self._ends and words.endswith(self.cues):
            return self._rule.pattern.search(words, start)
        return None

    def match(self, words: str, start: int = 0, end: int = sys.maxsize) -> "regex.Match[str] | None":
        """The shape exactly at a place, whatever the cues; most places are passed over by their first character."""
        return self._rule.pattern.match(words, start, end) if self.begins(words[start : start + 1]) else None

    def begins(self, first: str) -> bool:
        """Whether something that begins with a character can have the shape."""
        if first not in self._begins:
            self._begins[first] = bool(self._rule.pattern.match(first, partial=True))
        return self._begins[first]

    def fits(self, words: str) -> "regex.Match[str] | None":
        """The words if all of them have the shape."""
        return self._rule.pattern.fullmatch(words) if self.begins(words[:1]) and self._cued(words) else None


@lru_cache(maxsize=32)
def shapes(rulebook: Rulebook, kind: str) -> Mapping[str, Shape]:
    """The rules of a kind by what stands behind the point in their ids, made ready once."""
    return {
        compiled.rule.id.partition(".")[2]: Shape(compiled, _cues(compiled, rulebook))
        for compiled in rulebook.kind(kind).rules
    }


def signs(some: Iterable[Shape]) -> frozenset[str]:
    """Characters of which words hold one at least if any of some shapes, all with cues, is to be tried on them."""
    return frozenset(cue[0] for shape in some for cue in shape.cues)


def _cues(compiled: CompiledRule, rulebook: Rulebook) -> tuple[str, ...]:
    """The cues of a rule, and the words of its lists that hold none."""
    cues = compiled.rule.cues
    listed = (word for name in NAMED_LIST.findall(compiled.rule.pattern) for word in rulebook.words(name))
    return (*cues, *(word for word in listed if not any(cue in word for cue in cues)))


class Longest:
    """Finds the longest of some words that begins or ends at a place; far faster to make than a pattern of them all."""

    def __init__(self, words: Iterable[str]) -> None:
        self.single: set[str] = set()
        self.begun: dict[str, list[str]] = {}  # the longer words by their first two characters, the longest first
        self.ended: dict[str, list[str]] = {}  # and by their last two
        for word in sorted(set(words), key=len, reverse=True):
            if len(word) == 1:
                self.single.add(word)
            else:
                self.begun.setdefault(word[:2], []).append(word)
                self.ended.setdefault(word[-2:], []).append(word)

    def at(self, text: str, start: int) -> str:
        """The longest word that begins at a place, or an empty one."""
        begun = text[start : start + 2]
        for word in self.begun.get(begun, ()):
            if text[start : start + len(word)] == word:  # takes half as long as startswith
                return word
        first = begun[:1]
        return first if first in self.single else ""

    def before(self, text: str) -> str:
        """The longest word that a text ends with, or an empty one."""
        for word in self.ended.get(text[-2:], ()):
            if text.endswith(word):
                return word
        last = text[-1:]
        return last if last in self.single else ""
