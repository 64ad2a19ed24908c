"""Elements of WordprocessingML by their local names: its variants, transitional and strict, differ in namespaces."""

import re
from functools import lru_cache

from lxml.etree import _Element

Element = _Element

NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
OFF = ("0", "false", "off", "none")
SYMBOLS = dict(zip("lnoquv\xa3\xa7\xa8\xd8\xe0\xfb\xfc\xfd\xfe", "●■□□◆❖□▪□➢→✗✓☒☑", strict=True))
"""Characters of the font Wingdings -> those of Unicode."""
PRIVATE = re.compile("[\uf020-\uf0ff]")
"""Where Word puts the characters of symbol fonts."""


def name(element: Element) -> str:
    """Its local name."""
    return _local(element.tag)


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: Element | None, key: str) -> str | None:
    """The value of an attribute, None where there is none."""
    if element is None:
        return None
    for namespace in NAMESPACES:
        value = element.get(namespace + key)
        if value is not None:
            return value
    return None


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of local names."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + step), None)
    return element


def value(element: Element | None, *path: str) -> str | None:
    """The attribute `val` of the first element down a path."""
    return attribute(child(element, *path), "val")


def number(element: Element | None, *path: str) -> int | None:
    """The same as a whole number, None where it is none."""
    return whole(value(element, *path))


def whole(written: str | None) -> int | None:
    """A whole number of at most nine digits."""
    if written is None:
        return None
    digits = written.strip().removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def switch(element: Element | None, *path: str) -> bool | None:
    """Whether a property is on (its element stands there and is not set to off); None where nothing is said."""
    found = child(element, *path)
    return None if found is None else (attribute(found, "val") or "1") not in OFF


def symbols(text: str) -> str:
    """Characters of symbol fonts as those of Unicode, bullets where nothing more is known."""
    return PRIVATE.sub(lambda found: SYMBOLS.get(chr(ord(found[0]) - 0xF000), "•"), text)
