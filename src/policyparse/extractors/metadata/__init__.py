"""Facts about the notice itself, from its head, its signature and the labels of its page."""

from collections.abc import Iterator

from policyparse.dates import day
from policyparse.document import Document
from policyparse.extractors.metadata.addressees import addressees
from policyparse.extractors.metadata.attachments import attachments
from policyparse.extractors.metadata.labels import find_labels, labelled_facts, values
from policyparse.extractors.metadata.numbers import doc_number
from policyparse.extractors.metadata.page import Page, Reading, Shapes, divided
from policyparse.extractors.metadata.signatures import signature, undated
from policyparse.extractors.metadata.titles import title
from policyparse.outline import Node, Outline
from policyparse.rulebook import Rulebook
from policyparse.schema import Metadata
from policyparse.text import Span, Text

MARGIN = 10
"""Characters that a title may have in the text beside its own."""


def metadata(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> Metadata:
    """The notice's own facts: its print has the first word, then the labels of its page, then the file's format."""
    shapes = Shapes(rulebook)
    lines = divided(text, outline, shapes)
    labels = find_labels(text, lines, rulebook)
    page = Page(text, lines, labels.keys(), shapes)
    found: dict[str, Reading] = {}
    for name, reading in _readings(page, values(page, labels), document, outline):
        if reading and reading.value:
            found.setdefault(name, reading)
    titled = found.get("title")
    if titled and page.shapes["draft"].search(titled.value):
        found["status"] = Reading("draft", titled.places)
    evidence = {name: tuple(text.span(*place) for place in reading.places) for name, reading in found.items()}
    return Metadata.model_validate(
        {name: reading.value for name, reading in found.items()}
        | {"evidence": {name: places for name, places in evidence.items() if places}}
    )


def _readings(
    page: Page, said: dict[str, tuple[int, int]], document: Document, outline: Outline
) -> Iterator[tuple[str, Reading | None]]:
    """Every field and a value for it, the most trusted first."""
    printed = _whole(title(page, said.get("title")), outline, page.shapes)
    yield "doc_number", doc_number(page, said.get("doc_number"))
    yield "title", printed
    yield "addressees", addressees(page)
    yield from signature(page)
    yield "attachments", attachments(page)
    if printed and printed.value.endswith("令") and page.shapes.is_agency(printed.value[:-1]):
        yield "issuers", Reading((printed.value[:-1],))  # an order is signed by a person, and issued by whom it names
    yield from labelled_facts(page, said)
    if printed and printed.value:
        yield from undated(page, printed.value)
    yield from _said_by_format(document)
    yield "title", _title_of_body(outline)


def _whole(printed: Reading | None, outline: Outline, shapes: Shapes) -> Reading | None:
    """A title of which but one line was read, as its part has it: …和轮灌办法, 关于印发《…》."""
    if not printed or not printed.value:
        return printed
    for part in outline.parts:
        if part.title and part.start <= printed.places[0][0] < part.start + len(part.title) + MARGIN:
            _, found, after = part.title.rpartition(printed.value)
            if found and (after.startswith("的") or printed.value.startswith(shapes.torn)):
                return Reading(part.title, (_titled(part),))
    return printed


def _title_of_body(outline: Outline) -> Reading | None:
    body = next((part for part in outline.parts if part.kind == "body" and part.title), None)
    if body is None or body.title is None:
        return None
    return Reading(body.title, (_titled(body),))


def _titled(part: Node) -> Span:
    """Where the title of a part is printed, in one line or several."""
    return part.start, max([part.lines[0].end, *(line.end for line in part.lines if line.role == "title")])


def _said_by_format(document: Document) -> Iterator[tuple[str, Reading]]:
    """What only the file's format says, as the meta elements of a web page."""
    for name in ("title", "publisher", "index_number"):
        yield name, Reading(document.metadata.get(name))
    for name in ("issued_on", "published_on"):
        yield name, Reading(day(document.metadata.get(name, "")))
