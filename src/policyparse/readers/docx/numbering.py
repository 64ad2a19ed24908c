"""Automatic numbering: the text that Word writes before a paragraph (ISO/IEC 29500-1, 17.9).

An abstract list defines nine levels; lists (`w:num`) use it, may begin anew or change levels, and share its counters.
"""

import re
from dataclasses import dataclass

from policyparse.readers.docx.markup import Element, attribute, child, number, switch, symbols, value, whole
from policyparse.readers.docx.styles import Styles
from policyparse.readers.number_formats import formatted

LEVELS = 9
DEEPEST = 20
"""Abstract lists that refer to one another."""
LONGEST = 50
"""Characters of what is written around the numbers."""
PLACE = re.compile(r"%([1-9])")
NONE = "0"
"""The list of paragraphs that have no number although their style has one."""
SUFFIXES = {"nothing": ""}
"""What stands between number and text; a tab is a blank here, for in the text layer tabs part cells."""


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; `restart` is the level from 1 after which it begins anew, 0 never."""

    start: int = 0
    format: str = "decimal"
    zeros: int = 0
    text: str = ""
    suffix: str = " "
    legal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list: the abstract one whose counters it uses, its levels, and the levels that it begins anew."""

    abstract: str
    levels: tuple[Level, ...]
    starts: dict[int, int]


class Numbering:
    """Counts through a document: `label` is to be asked once for each numbered paragraph, in their order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._elements: dict[str, Element] = {}
        self._lists: dict[str, List | None] = {}
        self._counts: dict[str, list[int | None]] = {}  # by abstract list and level, None where it is to begin
        self._begun: set[tuple[str, int]] = set()
        for element in root if root is not None else ():
            if abstract := attribute(element, "abstractNumId"):
                self._abstract[abstract] = element
            elif id := attribute(element, "numId"):
                self._elements[id] = element

    def label(self, paragraph: Element | None) -> str:
        """What Word writes before a paragraph of these properties (`w:pPr`), with the blank after it."""
        found, level = self._place(paragraph)
        return self._count(found, level) if found else ""

    def _place(self, paragraph: Element | None) -> tuple[str | None, int]:
        """The list that a paragraph is in and its level there, by itself or by its style."""
        own = child(paragraph, "numPr")
        list, level = value(own, "numId"), number(own, "ilvl")
        if list is None:
            chain = [*self._styles.chain(value(paragraph, "pStyle"))]
            by = next((index for index, style in enumerate(chain) if style.list is not None), None)
            if by is None:
                return None, 0
            list = chain[by].list
            if level is None:
                level = self._linked(list or NONE, [style.id for style in chain[: by + 1]])
            if level is None:
                level = next((style.level for style in chain[: by + 1] if style.level is not None), None)
        return None if list == NONE else list, min(max(level or 0, 0), LEVELS - 1)

    def _linked(self, list: str, styles: list[str]) -> int | None:
        """The level of a list that names one of these styles as its own."""
        found = self._list(list)
        for style in styles:
            for index, level in enumerate(found.levels if found else ()):
                if level.style == style:
                    return index
        return None

    def _count(self, id: str, at: int) -> str:
        list = self._list(id)
        if list is None:
            return ""
        values = self._counts.setdefault(list.abstract, [None] * LEVELS)
        if (id, at) not in self._begun and at in list.starts:
            values[at] = list.starts[at]
        else:
            before = values[at]
            values[at] = list.starts.get(at, list.levels[at].start) if before is None else before + 1
        self._begun.add((id, at))
        for above in range(at):
            if values[above] is None:
                values[above] = list.starts.get(above, list.levels[above].start)
                self._begun.add((id, above))
        for below in range(at + 1, LEVELS):
            restart = list.levels[below].restart
            if restart is None or at < restart:
                values[below] = None
        level = list.levels[at]
        label = PLACE.sub(lambda place: self._written(list, values, int(place[1]) - 1, level.legal), level.text)
        return symbols(label) + (level.suffix if label else "")

    def _written(self, list: List, values: list[int | None], at: int, legal: bool) -> str:
        count, level = values[at], list.levels[at]
        if count is None:
            return ""
        if level.zeros:
            return str(count).zfill(level.zeros)
        return formatted(count, "decimal" if legal and level.format != "none" else level.format)

    def _list(self, id: str) -> List | None:
        if id not in self._lists:
            self._lists[id] = self._read(id)
        return self._lists[id]

    def _read(self, id: str) -> List | None:
        element = self._elements.get(id)
        abstract = self._defining(value(element, "abstractNumId"))
        if element is None or abstract is None:
            return None
        levels = dict(map(_level, self._abstract[abstract].iterfind("{*}lvl")))
        starts = {}
        for override in element.iterfind("{*}lvlOverride"):
            at = whole(attribute(override, "ilvl")) or 0
            changed = child(override, "lvl")
            if changed is not None:
                levels[at] = _level(changed)[1]
            start = number(override, "startOverride")
            if start is not None:
                starts[at] = start
        return List(abstract, tuple(levels.get(at, Level()) for at in range(LEVELS)), starts)

    def _defining(self, abstract: str | None) -> str | None:
        """The abstract list that defines the levels, where another only names the style of its lists."""
        for _ in range(DEEPEST):
            element = self._abstract.get(abstract or "")
            style = value(element, "numStyleLink")
            if element is None or style is None:
                return None if element is None else abstract
            named = next((found.list for found in self._styles.chain(style) if found.list), None)
            abstract = value(self._elements.get(named or ""), "abstractNumId")
        return None


def _level(element: Element) -> tuple[int, Level]:
    form = child(element, "numFmt")
    if form is None:  # a format of newer versions, with another for the older ones
        form = child(element, "AlternateContent", "Choice", "numFmt")
    written = attribute(form, "val") or "decimal"
    pattern = (attribute(form, "format") or "").split(",")[0].strip() if written == "custom" else ""
    return whole(attribute(element, "ilvl")) or 0, Level(
        start=number(element, "start") or 0,
        format=written,
        zeros=len(pattern) if pattern.strip("0") == "1" else 0,
        text=(value(element, "lvlText") or "")[:LONGEST],
        suffix=SUFFIXES.get(value(element, "suff") or "tab", " "),
        legal=switch(element, "isLgl") or False,
        restart=number(element, "lvlRestart"),
        style=value(element, "pStyle"),
    )
