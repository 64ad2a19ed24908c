"""What of a page is the notice: its main block; menus, what is hidden and what stands around it are not."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from policyparse.readers.html.labels import squash
from policyparse.readers.html.markup import BLOCKS, walk

NEVER = "script,style,noscript,template,iframe,object,svg,select,input,textarea,[hidden]"
AROUND = ("nav", "footer", "button")
"""What stands around a notice, unless it is never closed and holds the notice itself."""
LITTLE = 0.5
"""The part of the page's text, links left out, that such an element may hold; and of a table's, that inner ones may."""
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
MAIN = 0.7
"""An element that holds so much of the text of the one around it holds the notice."""
LINKS = 3
"""Links to other pages that make an element a menu, where they are most of its text."""
ATTACHED = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|rar|zip|pptx?|rtf|txt)(?:[?#&]|$)", re.I)


def strip(page: LexborHTMLParser, body: LexborNode) -> None:
    """Take out what is not seen and what stands around the notice, inner elements first: an outer one frees them."""
    for node in reversed(page.css(NEVER)):
        node.decompose()
    for node in reversed(page.css("[style]")):
        if HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()
    if page.css_first(",".join(AROUND)):
        _, whole = _around(body, 0)
        small, _ = _around(body, LITTLE * whole)
        for node in small:
            node.decompose()


def _around(body: LexborNode, most: float) -> tuple[list[LexborNode], int]:
    """The elements around the notice with no more characters outside of links than `most`, inner ones first, and how
    many such characters the rest of the page has.
    """
    small: list[LexborNode] = []
    sizes = [0]  # of the page and of the open elements around the notice, innermost last
    links = 0
    for node, closing in walk(body):
        if node.is_text_node:
            if not closing and not links:
                sizes[-1] += len(squash(node.text_content or ""))
        elif node.tag == "a":
            links += -1 if closing else 1
        elif node.tag in AROUND:
            if not closing:
                sizes.append(0)
            elif sizes[-1] <= most:
                small.append(node)
                sizes.pop()
            else:
                size = sizes.pop()
                sizes[-1] += size
    return small, sizes[0]


@dataclass(slots=True)
class Shape:
    """What a first walk finds out: the main block, menus, and the tables that only lay the page out."""

    main: int = 0
    menus: set[int] = field(default_factory=set)
    layout: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Weight:
    """Characters of an element outside and inside of links to other pages and in tables, and how many links it has."""

    text: int = 0
    linked: int = 0
    links: int = 0
    tables: int = 0


Child = tuple[int, int, str]
"""Characters outside of links, identity and tag."""


def measure(body: LexborNode) -> Shape:
    """The main block: from the body downwards, as long as one element holds most of the text that is no link."""
    shape = Shape()
    weights = [_Weight()]  # of the open elements, innermost last
    children: list[list[Child]] = [[]]
    below: dict[int, list[Child]] = {}
    links = 0
    for node, closing in walk(body):
        tag = node.tag or ""
        if node.is_text_node:
            if not closing:
                size = len(squash(node.text_content or ""))
                weights[-1].linked += size if links else 0
                weights[-1].text += 0 if links else size
        elif not closing:
            weights.append(_Weight())
            children.append([])
            links += leads_away(node)
        else:
            weight, outer = weights.pop(), weights[-1]
            weight.links += leads_away(node)
            if weight.links >= LINKS and weight.linked > weight.text and tag in BLOCKS:
                shape.menus.add(node.mem_id)
            if tag == "table":
                if weight.tables > LITTLE * (weight.text + weight.linked):
                    shape.layout.add(node.mem_id)
                weight.tables = weight.text + weight.linked
            outer.text += weight.text
            outer.linked += weight.linked
            outer.links += weight.links
            outer.tables += weight.tables
            below[node.mem_id] = children.pop()
            children[-1].append((weight.text, node.mem_id, tag))
            links -= leads_away(node)
    shape.main = _main(children[0][0], below, shape)
    shape.menus.discard(shape.main)
    return shape


def _main(body: Child, below: dict[int, list[Child]], shape: Shape) -> int:
    text, main, _ = body
    while below[main]:
        heaviest = max(below[main])
        if heaviest[2] not in BLOCKS or heaviest[0] <= MAIN * text or heaviest[2] == "p":
            break
        if heaviest[2] == "table" and heaviest[1] not in shape.layout:
            break
        shape.menus.discard(main)
        text, main, _ = heaviest
    return main


def leads_away(node: LexborNode) -> bool:
    """Whether an element is a link to another page (and not to a file attached to this one)."""
    return node.tag == "a" and not is_attached(node)


def is_attached(node: LexborNode) -> bool:
    """Whether a link leads to a file attached to the page."""
    return bool(ATTACHED.search(node.attributes.get("href") or ""))
