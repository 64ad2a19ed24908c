"""A web page: the notice's own content and its metadata block, without navigation, scripts and related links.

The text layer holds a line for each block of the page and for each <br>, runs of blanks as one, no blank at either
end of a line. A row of a table is one line, its cells divided by tabs; a merged cell stands in the first of its places
and the others are empty. A table that serves the layout only is not a table. Labels and values of a metadata table
stand in lines of their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from policyparse.document import Cell, Document, Table
from policyparse.readers.encoding import decode

DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,30})""", re.I)
SERVER_CODE = ((re.compile(r"<%.*?%>", re.S), "%>"), (re.compile(r"<\?.*?\?>", re.S), "?>"))
"""Templates of the page's own server, saved with it."""
NEVER = "script,style,noscript,template,iframe,object,svg,select,input,textarea,[hidden]"
AROUND = "nav,footer,button"
"""What stands around a notice, unless it is never closed and holds the notice itself."""
LITTLE = 0.5
"""The part of the page's text, links left out, that such an element may hold."""
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
    h1 h2 h3 h4 h5 h6 header hr li main menu ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
DEEPEST = 1000
"""Elements in one another, far more than any page has: the parser takes time for each of them at every tag."""
TAGS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|xmp)\b.*?(?:</\1|\Z)|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^>]*+>?",
    re.S | re.I,
)
FLAT = frozenset(
    """
    area base br caption col colgroup dd dt embed hr img input li link meta optgroup option p param rp rt source
    tbody td tfoot th thead tr track wbr
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Elements that hold none of their own kind, or nothing at all: they need not be closed."""
BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
MAIN = 0.7
"""An element that holds so much of the text of the one around it holds the notice."""
LINKS = 3
"""Links to other pages that make an element a menu, where they are most of its text."""
LABEL = re.compile(
    r"(?:索引号|主题分类|组配分类|信息分类|体裁分类|发文机关|发布机构|发布单位|公开责任部门|责任部门|制发机关|成文日期|发文日期|"
    r"生成日期|发布日期|公开日期|发布时间|公开时间|实施日期|标题|名称|文件名称|信息名称|发文字号|文号|文件编号|主题词|有效性|"
    r"效力状态|公开形式|公开方式|公开目录|公开范围|来源|文章来源|信息来源|内容概述)[:：]?"
)
"""A label of the metadata block, blanks removed."""
BREADCRUMB = re.compile(r"(?:您?(?:当前|现在)的?位置|您的位置)[:：]")
ATTACHED = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|rar|zip|pptx?|rtf|txt)(?:[?#&]|$)", re.I)
NAMES = {"articletitle": "title", "pubdate": "published_on", "contentsource": "publisher"}
"""The meta elements that government sites are told to have (国办发〔2017〕47号) -> the names of schema.Metadata."""


FOOTER = re.compile(r"^版权所有|网站标识码[:：]?\w?\d|ICP备(?:案号?[:：]?)?\d|公网安备\d")
WIDEST = 100
"""Columns that one cell may span, whatever the page says."""


class _Slot(NamedTuple):
    """A cell of a table while it is read."""

    text: str
    rowspan: int
    colspan: int
    header: bool


_Row = dict[int, _Slot]
"""The cells that begin in a row, by column."""


@dataclass(slots=True)
class _Line:
    """A line of the page: `main` where it stands in the main block, `attached` where it links to a file.

    A row of a table has `cells`, their spans counted from the start of the line, and the number of its `table`.
    """

    text: str
    main: bool
    attached: bool = False
    cells: tuple[Cell, ...] = ()
    table: int = -1


def read(raw: bytes, name: str) -> Document:
    """The declared charset is obeyed where the bytes agree with it."""
    declared = DECLARED.search(raw[:4096])
    text, encoding = decode(raw, name, declared[1].decode("ascii") if declared else None)
    return replace(parse(text), encoding=encoding)


def parse(markup: str) -> Document:
    """The document in a page's markup."""
    for code, end in SERVER_CODE:
        last = markup.rfind(end) + len(end) if end in markup else 0  # further no search can succeed
        markup = code.sub("", markup[:last]) + markup[last:]
    page = LexborHTMLParser(_flattened(markup))
    metadata, title = _metadata(page)
    lines: list[_Line] = []
    if page.body is not None:
        _strip(page, page.body)
        shape = _measure(page.body)
        lines = [line for line in _Writer(shape).write(page.body) if _keep(line, title)]
    layer, tables = _layer(lines)
    return Document(layer, format="html", tables=tables, metadata=metadata)


def _flattened(markup: str) -> str:
    """A page without the tags that open an element too deep in others."""
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


def _strip(page: LexborHTMLParser, body: LexborNode) -> None:
    """Take out what is not seen and what stands around the notice, inner elements first: an outer one frees them."""
    for node in reversed(page.css(NEVER)):
        node.decompose()
    for node in reversed(page.css("[style]")):
        if HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()
    around = page.css(AROUND)
    most = LITTLE * _unlinked(body) if around else 0
    for node in reversed(around):
        if _unlinked(node) <= most:
            node.decompose()


def _unlinked(node: LexborNode) -> int:
    """How many characters an element holds outside of links."""
    return len(_squash(node.text())) - sum(len(_squash(link.text())) for link in node.css("a"))


def _metadata(page: LexborHTMLParser) -> tuple[dict[str, str], str]:
    """What the meta elements say, by the names of schema.Metadata, and every title of the page without blanks."""
    found: dict[str, str] = {}
    for node in page.css("meta[name][content]"):
        name = NAMES.get((node.attributes.get("name") or "").lower())
        value = " ".join((node.attributes.get("content") or "").split())
        if name == "published_on":
            day = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", value)
            value = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else ""
        if name and value:
            found.setdefault(name, value)
    titles = [node.text() for node in page.css("title")]
    return found, "".join("".join([found.get("title", ""), "\n", *titles]).split())


@dataclass(slots=True)
class _Shape:
    """What a first walk finds out: the main block, lists of links, and the tables that only lay the page out."""

    main: int = 0
    menus: set[int] = field(default_factory=set)
    layout: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Weight:
    """Characters of an element outside and inside of links to other pages, and how many such links it has."""

    text: int = 0
    linked: int = 0
    links: int = 0


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
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


def _measure(body: LexborNode) -> _Shape:
    """The main block: from the body downwards, as long as one element holds most of the text that is no link."""
    shape = _Shape()
    weights = [_Weight()]  # of the open elements, innermost last
    children: list[list[tuple[int, int, str]]] = [[]]
    below: dict[int, list[tuple[int, int, str]]] = {}
    links = 0
    tables: list[int] = []
    for node, closing in _walk(body):
        tag = node.tag or ""
        if node.is_text_node:
            if not closing:
                size = len("".join((node.text_content or "").split()))
                weights[-1].linked += size if links else 0
                weights[-1].text += 0 if links else size
        elif not closing:
            weights.append(_Weight())
            children.append([])
            links += _leads_away(node)
            if tag == "table":
                if tables:
                    shape.layout.add(tables[-1])
                tables.append(node.mem_id)
        else:
            weight, outer = weights.pop(), weights[-1]
            weight.links += _leads_away(node)
            if weight.links >= LINKS and weight.linked > weight.text and tag in BLOCKS:
                shape.menus.add(node.mem_id)
            outer.text, outer.linked, outer.links = (
                outer.text + weight.text,
                outer.linked + weight.linked,
                outer.links + weight.links,
            )
            below[node.mem_id] = children.pop()
            children[-1].append((weight.text, node.mem_id, tag))
            links -= _leads_away(node)
            if tag == "table":
                tables.pop()
    text, main, _ = children[0][0]
    while below[main]:
        heaviest = max(below[main])
        if heaviest[2] not in BLOCKS or heaviest[0] <= MAIN * text or heaviest[2] == "p":
            break
        if heaviest[2] == "table" and heaviest[1] not in shape.layout:
            break
        shape.menus.discard(main)
        text, main, _ = heaviest
    shape.menus.discard(main)
    shape.main = main
    return shape


def _leads_away(node: LexborNode) -> bool:
    """Whether an element is a link to another page (and not to a file attached to this one)."""
    return node.tag == "a" and not ATTACHED.search(node.attributes.get("href") or "")


class _Writer:
    """Turns the tree into lines."""

    def __init__(self, shape: _Shape) -> None:
        self.shape = shape
        self.lines: list[_Line] = []
        self.words: list[str] = []
        self.inside = 0
        self.attached = False
        self.tables = 0

    def write(self, body: LexborNode) -> list[_Line]:
        skip = 0  # the table or list of links that is being passed over
        for node, closing in _walk(body):
            if skip:
                if closing and node.mem_id == skip:
                    skip = 0
                continue
            tag = node.tag
            if node.is_text_node:
                if not closing:
                    self.words.append(node.text_content or "")
                continue
            if tag == "br" or tag in BLOCKS:
                self.end_line()
            if node.mem_id == self.shape.main:
                self.inside += -1 if closing else 1
            if tag == "a" and not closing and ATTACHED.search(node.attributes.get("href") or ""):
                self.attached = True
            if not closing and (
                node.mem_id in self.shape.menus
                or (tag == "table" and node.mem_id not in self.shape.layout and self.write_table(node))
            ):
                skip = node.mem_id
        self.end_line()
        return self.lines

    def end_line(self) -> None:
        text = BLANKS.sub(" ", "".join(self.words)).strip()
        if text:
            self.lines.append(_Line(text, self.inside > 0, self.attached))
        self.words.clear()
        self.attached = False

    def write_table(self, table: LexborNode) -> bool:
        """Write a table row by row; False where it only lays the page out, so that its cells are plain blocks."""
        caption, rows = _grid(table)
        main = self.inside > 0 or table.mem_id == self.shape.main
        if _is_labelled(rows):
            self.lines += [_Line(text, main) for row in rows for text in _pairs(row)]
            return True
        width = max((column + slot.colspan for row in rows for column, slot in row.items()), default=0)
        sizes = [len(slot.text) for row in rows for slot in row.values()]
        if len(rows) < 2 or width < 2 or max(sizes) > max(1000, 0.8 * sum(sizes)):
            return False
        if caption:
            self.lines.append(_Line(caption, main))
        for index, row in enumerate(rows):
            pieces = [row[column].text if column in row else "" for column in range(width)]
            starts = [0]
            for piece in pieces:
                starts.append(starts[-1] + len(piece) + 1)
            cells = tuple(
                Cell(
                    index,
                    column,
                    (starts[column], starts[column] + len(slot.text)),
                    slot.rowspan,
                    slot.colspan,
                    slot.header,
                )
                for column, slot in row.items()
            )
            self.lines.append(_Line("\t".join(pieces), main, cells=cells, table=self.tables))
        self.tables += 1
        return True


def _grid(table: LexborNode) -> tuple[str, list[_Row]]:
    """A table's caption and its rows, every cell in its column although others span rows and columns above it."""
    caption = ""
    rows: list[list[_Slot]] = []
    words: list[str] = []
    for node, closing in _walk(table):
        tag = node.tag
        if node.is_text_node:
            if not closing:
                words.append(node.text_content or "")
        elif tag in ("td", "th", "caption") or tag == "tr":
            if tag == "tr" and not closing:
                rows.append([])
            elif closing and tag != "tr":
                text = BLANKS.sub(" ", "".join(words)).strip()
                if tag == "caption":
                    caption = text
                else:
                    slot = _Slot(text, _number(node, "rowspan"), _number(node, "colspan"), tag == "th")
                    (rows or [[]])[-1].append(slot)
            words.clear()
        elif tag == "br" or tag in BLOCKS:
            words.append(" ")
    taken: dict[tuple[int, int], bool] = {}
    placed: list[_Row] = []
    for index, slots in enumerate(rows):
        column, row = 0, _Row()
        for slot in slots:
            while taken.pop((index, column), False):
                column += 1
            slot = slot._replace(rowspan=min(slot.rowspan, len(rows) - index))
            row[column] = slot
            for below in range(index + 1, index + slot.rowspan):
                taken.update({(below, column + step): True for step in range(slot.colspan)})
            column += slot.colspan
        placed.append(row)
    return caption, placed


def _number(node: LexborNode, attribute: str) -> int:
    value = (node.attributes.get(attribute) or "").strip()
    return min(max(int(value), 1), WIDEST) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _squash(text: str) -> str:
    return "".join(text.split())


def _label(text: str) -> bool:
    """Whether a cell is or begins with a label of the metadata block."""
    found = LABEL.match(_squash(text))
    return found is not None and (found.end() == len(_squash(text)) or found[0][-1] in ":：")


def _is_labelled(rows: Iterable[_Row]) -> bool:
    """Whether a table is the metadata block, labels beside their values (and not a table with a row of headings)."""
    rows = list(rows)
    texts = [slot.text for row in rows for slot in row.values() if slot.text]
    labels = [text for text in texts if _label(text)]
    first = [slot.text for slot in rows[0].values()] if rows else []
    headings = len(first) > 1 and all(LABEL.fullmatch(_squash(text)) for text in first)
    return bool(labels) and len(labels) >= 0.4 * len(texts) and not headings


def _pairs(row: _Row) -> Iterator[str]:
    """The lines of a row of the metadata block: each label with what follows it."""
    line: list[str] = []
    for slot in row.values():
        if line and _label(slot.text):
            yield " ".join(line)
            line = []
        if slot.text:
            line.append(slot.text)
    if line:
        yield " ".join(line)


def _keep(line: _Line, title: str) -> bool:
    """Whether a line is the notice's: all of the main block, elsewhere titles, labelled facts, tables and sentences."""
    squashed = _squash(line.text)
    if line.main:
        return not (BREADCRUMB.match(squashed) or FOOTER.search(squashed))
    return (
        line.table >= 0
        or line.attached
        or _label(line.text)
        or (len(squashed) > 3 and squashed in title)
        or (len(squashed) > 30 and "。" in squashed and not FOOTER.search(squashed))
    )


def _layer(lines: Iterable[_Line]) -> tuple[str, tuple[Table, ...]]:
    """The text layer, and the tables with their spans in it."""
    at = 0
    texts: list[str] = []
    tables: dict[int, list[Cell]] = {}
    for line in lines:
        for cell in line.cells:
            tables.setdefault(line.table, []).append(replace(cell, span=(at + cell.span[0], at + cell.span[1])))
        texts.append(line.text + "\n")
        at += len(line.text) + 1
    return "".join(texts), tuple(Table(tuple(cells)) for cells in tables.values())
