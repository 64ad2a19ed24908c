"""The text of a paragraph as Word shows it: insertions in, deletions and hidden text out, results of fields."""

from collections.abc import Iterator
from typing import NamedTuple

from policyparse.readers.docx.markup import Element, attribute, child, name, switch, symbols, value
from policyparse.readers.docx.numbering import Numbering
from policyparse.readers.docx.styles import Styles

PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
LEFT_OUT = frozenset({"del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sectPr", "rt"})
"""Elements whose text is not shown, or that hold none but properties."""
WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


class Paragraph(NamedTuple):
    """Its text, in which a line break is a newline; the text boxes that hang on it; the notes that it refers to."""

    text: str
    boxes: list[Element]
    notes: list[tuple[str, str]]


def content(element: Element) -> Iterator[Element]:
    """The children of an element, those of containers that only wrap (of two variants of one thing the first)."""
    for item in element:
        kind = name(item)
        if kind == "AlternateContent":
            variant = child(item, "Choice")
            variant = child(item, "Fallback") if variant is None else variant
            if variant is not None:
                yield from content(variant)
        elif kind == "sdt":
            inner = child(item, "sdtContent")
            if inner is not None and not switch(item, "sdtPr", "showingPlcHdr"):
                yield from content(inner)
        elif kind in ("ins", "moveTo", "smartTag", "customXml"):
            yield from content(item)
        elif kind not in LEFT_OUT:
            yield item


class Paragraphs:
    """Reads paragraphs in the order of the document, which their numbers need."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles, self._numbering = styles, numbering
        self._before = ""
        """Text of paragraphs whose mark was deleted: it goes on in the next."""

    def read(self, element: Element) -> Paragraph:
        """A paragraph; its text is empty where it is hidden or goes on in the next one."""
        properties = child(element, "pPr")
        marked = child(properties, "rPr")
        collected = _Collected(self._styles, self._styles.hides(value(properties, "pStyle")) or False)
        collected.gather(element)
        text = "".join(collected.words)
        if child(marked, "del") is not None or child(marked, "moveFrom") is not None:
            self._before += text
            return Paragraph("", collected.boxes, collected.notes)
        if text or not (switch(marked, "vanish") or collected.hidden):
            text = self._numbering.label(properties) + self._before + text
            self._before = ""
        return Paragraph(text, collected.boxes, collected.notes)


class _Collected:
    """What the runs of one paragraph hold."""

    def __init__(self, styles: Styles, hidden: bool) -> None:
        self.hidden = hidden
        self.words: list[str] = []
        self.boxes: list[Element] = []
        self.notes: list[tuple[str, str]] = []
        self._styles = styles
        self._fields: list[bool] = []  # of the open fields, outermost first: whether their instruction is being read

    def gather(self, element: Element) -> None:
        for item in content(element):
            kind = name(item)
            if kind == "fldChar":
                self._field(attribute(item, "fldCharType"))
            elif kind == "txbxContent":
                self.boxes.append(item)
            elif kind in NOTES:
                self.notes.append((NOTES[kind], attribute(item, "id") or ""))
            elif kind == "r" and self._hides(item):
                continue
            elif not any(self._fields):
                self.words.append(_written(item, kind))
                self.gather(item)
            else:
                self.gather(item)

    def _field(self, step: str | None) -> None:
        if step == "begin":
            self._fields.append(True)
        elif self._fields and step == "separate":
            self._fields[-1] = False
        elif self._fields and step == "end":
            self._fields.pop()

    def _hides(self, run: Element) -> bool:
        properties = child(run, "rPr")
        if properties is None:
            return self.hidden
        own = switch(properties, "vanish")
        style = value(properties, "rStyle")
        if own is None and style:
            own = self._styles.hides(style)
        return self.hidden if own is None else own


def _written(item: Element, kind: str) -> str:
    if kind == "t":
        text = item.text or ""
        if item.get(PRESERVE) != "preserve":
            text = text.strip(" \t\r\n")
        return symbols(text.replace("\n", " ").replace("\xad", ""))
    if kind == "sym":
        code = attribute(item, "char") or ""
        try:
            return symbols(chr(int(code, 16) | 0xF000 if len(code) < 3 else int(code, 16)))
        except (ValueError, OverflowError):
            return ""
    if kind == "textpath":  # WordArt
        return item.get("string") or ""
    return WRITTEN.get(kind, "")
