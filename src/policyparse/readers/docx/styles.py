"""The styles of a Word file, as far as they make or hide text."""

from collections.abc import Iterator
from dataclasses import dataclass

from policyparse.readers.docx.markup import Element, attribute, child, number, switch, value

DEEPEST = 20
"""Styles based on one another."""


@dataclass(frozen=True, slots=True)
class Style:
    """What one style says itself; None where it says nothing."""

    id: str
    based_on: str | None
    list: str | None
    level: int | None
    hidden: bool | None


class Styles:
    """The styles by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        for element in root.iterfind("{*}style") if root is not None else ():
            id = attribute(element, "styleId") or ""
            numbered = child(element, "pPr", "numPr")
            self._styles[id] = Style(
                id,
                value(element, "basedOn"),
                value(numbered, "numId"),
                number(numbered, "ilvl"),
                switch(element, "rPr", "vanish"),
            )
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                self._default = id

    def chain(self, style: str | None) -> Iterator[Style]:
        """A style and those that it is based on, from the nearest; without one those of a paragraph that names none."""
        next = self._default if style is None else style
        for _ in range(DEEPEST):
            found = self._styles.get(next or "")
            if found is None:
                return
            yield found
            next = found.based_on

    def hides(self, style: str | None) -> bool | None:
        """Whether a style hides its text, None where it does not say."""
        return next((found.hidden for found in self.chain(style) if found.hidden is not None), None)
