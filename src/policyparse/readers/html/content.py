"""The tree of a page -> its lines and tables, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from policyparse.readers.html.labels import block, label
from policyparse.readers.html.markup import BLOCKS, walk
from policyparse.readers.html.page import Shape, is_attached
from policyparse.readers.html.tables import BLANKS, Grid, Row, grid


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: `main` where it stands in the main block, `kept` where it is the notice's wherever it
    stands, as a link to an attached file and a metadata block are. In place of a line there may be a whole `table`.
    """

    text: str
    main: bool
    kept: bool = False
    table: Sequence[Row] = ()


def lines(body: LexborNode, shape: Shape) -> Iterator[Line]:
    """The lines and tables of a page without its menus."""
    words: list[str] = []
    inside = skip = 0  # open main blocks; the table or menu that is being passed over
    attached = False
    for node, closing in walk(body):
        if skip:
            skip = 0 if closing and node.mem_id == skip else skip
            continue
        tag = node.tag
        if node.is_text_node:
            if not closing:
                words.append(node.text_content or "")
            continue
        if tag == "br" or tag in BLOCKS:
            text = BLANKS.sub(" ", "".join(words)).strip()
            if (tag == "dt" and closing and label(text)) or (tag == "dd" and not closing):
                words.append(" ")  # a label and its value stand in one line
                continue
            if text:
                yield Line(text, inside > 0, attached)
            words.clear()
            attached = False
        if node.mem_id == shape.main:
            inside += -1 if closing else 1
        if closing:
            continue
        attached = attached or (tag == "a" and is_attached(node))
        if node.mem_id in shape.menus:
            skip = node.mem_id
        elif tag == "table" and node.mem_id not in shape.layout:
            written = _table(grid(node), inside > 0)
            skip = node.mem_id if written else 0
            yield from written
    if text := BLANKS.sub(" ", "".join(words)).strip():
        yield Line(text, inside > 0, attached)


def _table(table: Grid, main: bool) -> list[Line]:
    """A table or the lines of a metadata block; nothing where it only lays the page out: its cells are plain blocks."""
    if labelled := block(table.rows):
        return [Line(text, main, kept=True) for text in labelled]
    if table.lays_out():
        return []
    caption = [Line(table.caption, main)] if table.caption else []
    return [*caption, Line("", main, table=table.rows)]
