"""The lines of a notice, and the shapes by which its fields are known."""

from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import regex

from policyparse.outline import Outline
from policyparse.rulebook import Rulebook
from policyparse.text import Span, Text

HEAD, TAIL = 60, 20
"""Lines at either end of a file in which a head and a foot are looked for."""
SHORT, LONG, LONGEST = 40, 60, 600
"""Characters of a line that may be a signature, that is rather text, that is surely text."""
OPENING = "#*>|-·•【[( "
"""Signs of markdown and of menus before the words of a line."""


class Reading(NamedTuple):
    """The value of a field and where it was read; nowhere where the file's format alone says it."""

    value: Any
    places: tuple[Span, ...] = ()


class Shapes:
    """The rules of metadata by their names, and the endings of names and titles."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = {compiled.rule.id: compiled for compiled in rulebook.kind("metadata").rules}
        self.agencies = tuple(rulebook.words("agency_endings"))
        self.titles = tuple(rulebook.words("title_endings"))
        self.torn = rulebook.words("torn_starts")
        self.coverings = tuple(rulebook.words("covering_endings"))
        self.navigation = frozenset(rulebook.words("navigation"))
        self.no_publisher = frozenset(rulebook.words("no_publisher"))

    def __getitem__(self, name: str) -> "regex.Pattern[str]":
        return self._rules[f"metadata.{name}"].pattern

    def is_agency(self, words: str) -> bool:
        """Whether words are the name of a body, or of several in one line."""
        words = self["seal"].sub("", words.strip())
        return words.endswith(self.agencies) and self["names"].fullmatch(words) is not None

    def is_title(self, words: str) -> bool:
        """Whether words end as titles do."""
        words = self.without_note(words)
        return len(words) >= 6 and words.rstrip('》”"').endswith(self.titles)

    def without_note(self, title: str) -> str:
        """A title without the notes and quotation marks that may follow it."""
        title = title.strip()
        while title.endswith((")", "〕")) and (shorter := self["title-note"].sub("", title)) != title:
            title = shorter
        return title


class Page:
    """A notice as it is printed: its lines, which of them hold labels, and where its head ends."""

    def __init__(self, text: Text, lines: list[Span], labelled: Collection[int], shapes: Shapes) -> None:
        self.text, self.lines, self.labelled, self.shapes = text, lines, labelled, shapes
        most = min(HEAD, len(lines))
        self.top = next((number for number in range(most) if self._is_text(number)), most)
        """How many lines the head has: up to the addressees, the first heading or the first text."""

    def words(self, number: int) -> str:
        """The cleaned words of a line."""
        start, end = self.lines[number]
        return self.text.plain[start:end]

    def _is_text(self, number: int) -> bool:
        if number in self.labelled:
            return False
        words = self.words(number).lstrip(OPENING)
        sentence = words.endswith("。") or (len(words) >= SHORT and "。" in words)
        return sentence or self.is_addressed(number) or self.shapes["heading"].match(words) is not None

    def is_addressed(self, number: int) -> bool:
        """Whether a line says to whom the notice is sent."""
        words = self.words(number)
        return words.endswith(":") and self.shapes["addressees"].fullmatch(words[:-1]) is not None

    def shown(self, places: Iterable[Span]) -> tuple[str, ...]:
        """The words at each place as they are written, in one line."""
        return tuple(self.text.shown[start:end].replace("\n", "") for start, end in places)


def divided(text: Text, outline: Outline, shapes: Shapes) -> list[Span]:
    """The paragraphs; where a head runs on in one of the first, its title, number and addressees."""
    lines: list[Span] = []
    for line in outline.lines[:HEAD]:
        words = text.plain[line.start : line.end][:LONGEST]
        signed = ":" in words or "号" in words
        match = shapes["glued"].match(text.plain, line.start, line.start + len(words)) if signed else None
        if match:
            cuts = {*match.starts("number"), *match.starts("addressees"), match.end()}
            lines += pairwise(sorted({line.start, *cuts, line.end}))
        else:
            lines.append((line.start, line.end))
    return lines + [(line.start, line.end) for line in outline.lines[HEAD:]]


def stands_apart(text: Text, at: int) -> bool:
    """Whether blanks stand before a kept character in the source, or a line begins there."""
    return at in (0, len(text)) or text.plain[at - 1] in " \n" or text.origin(at) - text.origin(at - 1) > 1


def split(text: Text, start: int, end: int, signs: str) -> list[Span]:
    """The pieces between separators that stand in no bracket."""
    pieces, depth, begun = [], 0, start
    for at in range(start, end):
        character = text.plain[at]
        depth += (character in "(〔") - (character in ")〕")
        if depth <= 0 and character in signs:
            pieces.append((begun, at))
            begun = at + 1
    trimmed = (text.trim(*piece) for piece in (*pieces, (begun, end)))
    return [piece for piece in trimmed if piece[0] < piece[1]]
