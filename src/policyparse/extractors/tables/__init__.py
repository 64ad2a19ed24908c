"""Rows of tables: from a format's own tables, from lines with tabs, and from tables flattened to one cell a line."""

from policyparse.document import Document
from policyparse.extractors.tables.columns import Columns
from policyparse.extractors.tables.flattened import flattened
from policyparse.extractors.tables.grid import Reader, marked, spaced
from policyparse.extractors.tables.rows import Row, top
from policyparse.outline import Outline
from policyparse.rulebook import Rulebook
from policyparse.text import Text

__all__ = ["Row", "rows", "top"]


def rows(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> list[Row]:
    """Every row of every table that stands in a part, in document order."""
    if not outline.lines:
        return []
    columns = Columns(text, rulebook)
    reader = Reader(text, outline, columns, rulebook)
    found = [row for table in document.tables for row in reader.rows(marked(table, text))]
    if not document.tables:
        found += [row for slots in spaced(text, columns) for row in reader.rows(slots)]
        found += flattened(text, outline, columns, found)
    return sorted(found, key=lambda row: min(row.own or row.cells))
