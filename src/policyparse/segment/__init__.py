"""Text -> the parts of a file and the heading tree of each."""

from policyparse.document import Document
from policyparse.outline import Outline
from policyparse.rulebook import Rulebook
from policyparse.segment.lines import Lines
from policyparse.segment.markers import markers
from policyparse.segment.paragraphs import paragraphs
from policyparse.segment.parts import divide
from policyparse.segment.titles import entitle
from policyparse.segment.tree import grow
from policyparse.text import Text


def segment(text: Text, document: Document, rulebook: Rulebook) -> Outline:
    """Find the parts and headings of a cleaned text. Never fails."""
    lines = paragraphs(text, document, rulebook)
    marked = markers(text, lines, rulebook)
    outline = Outline(divide(Lines(text, lines, marked, rulebook), rulebook), lines)
    heads = {line.start: marker for line, marker in zip(lines, marked, strict=True) if marker}
    for part in outline.parts:
        markers_of_part = [heads[line.start] for line in part.lines if line.role == "heading"]
        nodes, remarks = grow(text, part, markers_of_part)
        entitle(text, nodes, markers_of_part, rulebook)
        outline.diagnostics += remarks
    return outline
