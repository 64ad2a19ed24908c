"""A page's markup as the parser can take it, and the walk through its tree."""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
    h1 h2 h3 h4 h5 h6 header hr li main menu ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
FLAT = frozenset(
    """
    area base br caption col colgroup dd dt embed hr img input li link meta optgroup option p param rp rt source
    tbody td tfoot th thead tr track wbr
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Elements that hold none of their own kind, or nothing at all: they need not be closed."""
SERVER_CODE = ((re.compile(r"<%.*?%>", re.S), "%>"), (re.compile(r"<\?.*?\?>", re.S), "?>"))
"""Templates of the page's own server, saved with it."""
DEEPEST = 1000
"""Elements in one another, far more than any page has: the parser takes time for each of them at every tag."""
TAGS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|xmp)\b.*?(?:</\1|\Z)|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^>]*+>?",
    re.S | re.I,
)


def flattened(markup: str) -> str:
    """A page without its server's code and without the tags that open an element too deep in others."""
    for code, end in SERVER_CODE:
        last = markup.rfind(end) + len(end) if end in markup else 0  # further no search can succeed
        markup = code.sub("", markup[:last]) + markup[last:]
    if markup.count("<") - markup.count("</") <= DEEPEST:
        return markup
    open_tags: list[str] = []
    counts: Counter[str] = Counter()

    def kept(found: "re.Match[str]") -> str:
        tag = (found["tag"] or "").lower()
        if not tag or tag in FLAT:
            return found[0]
        if found["end"]:
            while counts[tag] and open_tags:
                last = open_tags.pop()
                counts[last] -= 1
                if last == tag:
                    break
        elif len(open_tags) >= DEEPEST:
            return "<br>" if tag in BLOCKS else ""
        else:
            open_tags.append(tag)
            counts[tag] += 1
        return found[0]

    return TAGS.sub(kept, markup)


def walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """A node and all below it, each twice: (node, False) before its children and (node, True) after them."""
    node: LexborNode | None = root
    while node is not None:
        yield node, False
        child = node.first_child
        if child is not None:
            node = child
            continue
        while node is not None:
            yield node, True
            if node.mem_id == root.mem_id:
                return
            following = node.next
            if following is not None:
                node = following
                break
            node = node.parent
