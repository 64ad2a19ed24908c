"""The package of an OFD file: which documents, pages, templates and drawings are in it (GB/T 33190-2016, chapter 7)."""

import posixpath
from collections.abc import Mapping

from lxml import etree

from policyparse.errors import ReadError
from policyparse.readers.archive import Archive
from policyparse.readers.layout.shapes import Page
from policyparse.readers.ofd.drawing import Pen, children, numbers

A4 = (210.0, 297.0)
"""Millimetres of a page that does not say its size."""
PAGES = 10_000
"""Pages of the longest file that is read."""


def pages(archive: Archive, name: str) -> list[Page]:
    """What each page draws, in order. Raises ReadError, which begins with `name`."""
    documents = {  # each once
        _member(archive, "OFD.xml", document.text): None
        for body in children(archive.xml("OFD.xml"), "DocBody")
        for document in children(body, "DocRoot")
    }
    pen = Pen(name)
    drawn: list[Page] = []
    for document in documents:
        drawn += _pages(archive, document, pen, PAGES - len(drawn))
    if not drawn:
        raise ReadError(f"{name}: there are no pages in it; save it again in the program that made it")
    return drawn


def _pages(archive: Archive, document: str, pen: Pen, most: int) -> list[Page]:
    """The pages of one document. A template that many of them share is a running head, and left out.

    Raises ReadError where there are more than `most`.
    """
    root = archive.xml(document)
    templates: dict[str, str] = {}
    units: dict[str, etree._Element] = {}
    size = A4
    for data in children(root, "CommonData"):
        size = _size(data, "PageArea") or size
        for template in children(data, "TemplatePage"):
            templates[template.get("ID", "")] = _member(archive, document, template.get("BaseLoc"))
        for kind in ("PublicRes", "DocumentRes"):
            for resource in children(data, kind):
                units |= _units(archive, _member(archive, document, resource.text))
    members = [
        _member(archive, document, page.get("BaseLoc"))
        for listed in children(root, "Pages")
        for page in children(listed, "Page")
    ]
    if len(members) > most:
        raise ReadError(f"{pen.name}: more than the {PAGES} pages that are read; divide it")
    pen.units = units
    drawn: list[Page] = []
    uses: dict[str, list[Page]] = {}
    for member in members:
        content = archive.xml(member)
        drawn.append(pen.draw(content, *(_size(content, "Area") or size)))
        for template in children(content, "Template"):
            uses.setdefault(template.get("TemplateID", ""), []).append(drawn[-1])
    for used, users in uses.items():
        if len(users) == 1 and used in templates:
            pen.add(archive.xml(templates[used]), users[0])
    return drawn


def _size(element: etree._Element, area: str) -> tuple[float, float] | None:
    """Width and height, in millimetres, that an element gives to pages."""
    boxes = (box for found in children(element, area) for box in children(found, "PhysicalBox"))
    box = next((numbers(box.text, 4) for box in boxes), [])
    return (box[2], box[3]) if box and min(box[2:]) > 0 else None


def _units(archive: Archive, member: str) -> Mapping[str, etree._Element]:
    """The drawings of a resource file that pages show by their number."""
    if member not in archive:
        return {}
    found = children(archive.xml(member), "CompositeGraphicUnits")
    return {unit.get("ID", ""): unit for units in found for unit in children(units, "CompositeGraphicUnit")}


def _member(archive: Archive, base: str, place: str | None) -> str:
    """The member that a place written in another names: from the root, from that one, or, wrongly, from the root."""
    place = (place or "").strip().replace("\\", "/")
    beside = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), place)).lstrip("/")
    return beside if beside in archive else posixpath.normpath("/" + place).lstrip("/")
