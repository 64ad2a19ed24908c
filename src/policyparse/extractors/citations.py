"""Documents referred to: laws, plans, opinions and notices, by their titles in 《》 or by their numbers."""

import re
from collections.abc import Iterable, Mapping

from policyparse.outline import SILENT, Outline
from policyparse.rulebook import Rulebook
from policyparse.schema import Citation, Fields, Metadata
from policyparse.shapes import Shape, shapes
from policyparse.text import Text

GENERIC = 4
"""Letters of a title that is but the kind of a document."""
BRACKETS = str.maketrans("[]()﹝﹞［］【】〈〉（）", "〔〕〔〕〔〕〔〕〔〕〔〕〔〕")
NAMED = r"《((?:[^《》\n]|《[^《》\n]{1,120}》){1,200})》"
ESSENCE = str.maketrans("（）—", "()-", " \t\n“”\"'《》<>〈〉、,的")


def citations(text: Text, outline: Outline, about: Metadata, rulebook: Rulebook) -> list[Citation]:
    """Every document that the notice refers to, itself and what it hands on left out."""
    named = shapes(rulebook, "own-title")
    own = _own_titles(outline, about, named)
    short_names = {core(found["short"]): core(found["title"]) for found in named["short"].each(text.plain)}
    own_number = normal_number(about.doc_number.text) if about.doc_number else None
    titled = about.evidence.get("title", ())
    found: list[Fields] = []
    for match in rulebook.kind("citation").find(text.plain):
        line = outline.line(match.start)
        place = text.span(match.start, match.end)
        if line.role in SILENT or any(start < place[1] and place[0] < end for start, end in titled):
            continue
        groups = match.groups.groupdict()
        if not (groups.get("title") or groups.get("number")):
            continue
        start, end = match.groups.span("number") if "title" not in groups else (match.start, match.end)
        title = None
        number = normal_number(groups["number"]) if groups.get("number") else None
        if groups.get("title"):
            first, last = match.groups.span("title")
            title = text.shown[first:last]
            if (number is None or number == own_number) and _is_own(core(title), own, short_names):
                continue  # with another number it is the document that this one replaces
        elif number == own_number or line.end - line.start - (end - start) <= 2:
            continue
        fields = {
            "title": title,
            "doc_number": number,
            "text": text.quote(start, end),
            "span": text.span(start, end),
            "section": line.node.id if line.node else None,
            "rule": match.rule.id,
        }
        found.append(fields)
    return Citation.many(found)


def _is_own(title: str, own: set[str], short_names: dict[str, str]) -> bool:
    """Whether a title is the notice's own, in full, by its own short name or by its mere kind (《预案》)."""
    title = short_names.get(title, title)
    return title in own or (len(title) <= GENERIC and any(name.endswith(title) for name in own))


def normal_number(written: str) -> str:
    """A document number without blanks, the year in 〔〕."""
    return "".join(written.split()).translate(BRACKETS)


def core(title: str) -> str:
    """What two printings of one title have in common."""
    words = title.removeprefix("关于") if title.startswith("关于") else title.removeprefix("印发")
    return words.translate(ESSENCE)


def _own_titles(outline: Outline, about: Metadata, named: Mapping[str, Shape]) -> set[str]:
    """Titles of the notice, its parts and attachments, and what these name in 《》."""
    titles: set[str] = set()
    for title in _titles(outline, about):
        titles.add(core(title))
        if named["hands-on"].search(title) or (title.startswith("《") and "解读" not in title):
            titles.update(core(name) for name in re.findall(NAMED, title))
        if handed_on := named["handed-on"].search(title):
            titles.add(core(handed_on["title"]))
    return titles - {""}


def _titles(outline: Outline, about: Metadata) -> Iterable[str]:
    if about.title:
        yield about.title
    yield from about.attachments
    for part in outline.parts:
        if part.title:
            yield part.title
