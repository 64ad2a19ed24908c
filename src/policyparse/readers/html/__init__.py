"""A web page: the notice's own content and its metadata block, without navigation, scripts and related links.

The text layer holds a line for each block of the page and for each <br>, runs of blanks as one, no blank at either
end of a line. Labels and values of the metadata block stand in lines of their own, also where a table holds them.
"""

import re

from selectolax.lexbor import LexborHTMLParser

from policyparse.document import Document
from policyparse.readers.encoding import decode
from policyparse.readers.html.content import Line, lines
from policyparse.readers.html.labels import label, squash
from policyparse.readers.html.markup import flattened
from policyparse.readers.html.page import measure, strip
from policyparse.readers.layer import Layer
from policyparse.rulebook import load
from policyparse.shapes import shapes

DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,30})""", re.I)
NAMES = {"articletitle": "title", "pubdate": "published_on", "contentsource": "publisher"}
"""The meta elements that government sites are told to have (国办发〔2017〕47号) -> the names of schema.Metadata."""
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


def read(raw: bytes, name: str) -> Document:
    """The declared charset is obeyed where the bytes agree with it."""
    declared = DECLARED.search(raw[:4096])
    text, encoding = decode(raw, name, declared[1].decode("ascii") if declared else None)
    return parse(text)._replace(encoding=encoding)


def parse(markup: str) -> Document:
    """The document in a page's markup."""
    page = LexborHTMLParser(flattened(markup))
    metadata, titles = _metadata(page)
    layer = Layer()
    if page.body is not None:
        strip(page, page.body)
        for line in lines(page.body, measure(page.body)):
            if line.table:
                layer.table(line.table)
            elif _keep(line, titles):
                layer.line(line.text)
    return layer.document("html", paragraphs=False)._replace(metadata=metadata)


def _metadata(page: LexborHTMLParser) -> tuple[dict[str, str], str]:
    """What the meta elements say, by the names of schema.Metadata, and every title of the page without blanks."""
    found: dict[str, str] = {}
    for node in page.css("meta[name][content]"):
        name = NAMES.get((node.attributes.get("name") or "").lower())
        value = " ".join((node.attributes.get("content") or "").split())
        if name == "published_on":
            day = DAY.match(value)
            value = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else ""
        if name and value:
            found.setdefault(name, value)
    titles = [node.text() for node in page.css("title")]
    return found, squash("\n".join([found.get("title", ""), *titles]))


def _keep(line: Line, titles: str) -> bool:
    """Whether a line is the notice's: all of the main block, elsewhere titles, labelled facts and sentences."""
    words, page = squash(line.text), shapes(load(), "page")
    if line.main:
        return not (page["breadcrumb"].match(words) or page["footer"].search(words))
    return (
        line.kept
        or label(line.text) not in (None, "other")
        or (len(words) > 3 and words in titles)
        or (len(words) > 30 and "。" in words and not page["footer"].search(words))
    )
