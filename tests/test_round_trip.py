"""Each sample notice, written in other formats, says the same there.

A format is a function in `WRITERS` that makes a file of the blocks of a notice, lines and tables; LibreOffice makes
a PDF of the .docx.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pytest

import ofd_writer
import word_files
from policyparse import api, rulebook
from policyparse.clean import clean
from policyparse.document import Cell, Document, Table
from policyparse.pipeline import parse
from policyparse.readers.number_formats import formatted
from policyparse.schema import Notice, Section
from policyparse.segment.paragraphs import paragraphs
from test_office import converted

SAMPLES = Path(__file__).parents[1] / "samples"
NOTICES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".txt", ".md", ".html"})


class Placed(NamedTuple):
    """A cell of a table with its words."""

    text: str
    cell: Cell


Block = str | list[list[Placed]]
"""A paragraph, or the rows of a table."""


# what a sample says

MARKDOWN = re.compile(r"^#+ +|\*\*")


def blocks(path: Path) -> list[Block]:
    """The paragraphs of a sample in order, whole although their lines may be broken, and its tables."""
    document = api.read(path)
    if document.tables:
        told = list(_told(document))
    else:
        text = clean(document.text)
        found = (text.quote(line.start, line.end) for line in paragraphs(text, document, rulebook.load()))
        whole = (re.sub(r"\s*\n\s*", "", line) for line in found)
        told = [
            block for tabbed, lines in groupby(whole, lambda line: "\t" in line) for block in _joined(tabbed, lines)
        ]
    return [MARKDOWN.sub("", block) if isinstance(block, str) else block for block in told]


def _joined(tabbed: bool, lines: Iterator[str]) -> list[Block]:
    """Lines as they are, those with tabs in them as a table."""
    if not tabbed:
        return [*lines]
    rows = enumerate(line.split("\t") for line in lines)
    return [[[Placed(text, Cell(row, column, (0, 0))) for column, text in enumerate(row_)] for row, row_ in rows]]


def _told(document: Document) -> Iterator[Block]:
    """The lines of a text layer outside of its tables, and the tables where they stand."""
    at, text = 0, document.text
    for table in document.tables:
        start, end = text.rfind("\n", 0, table.cells[0].span[0]) + 1, text.find("\n", table.cells[-1].span[1]) + 1
        yield from filter(None, text[at:start].split("\n"))
        placed = [Placed(text[slice(*cell.span)], cell) for cell in table.cells]
        yield [list(row) for _, row in groupby(placed, lambda one: one.cell.row)]
        at = end
    yield from filter(None, text[at:].split("\n"))


def facts(notice: Notice, left_out: set[str]) -> dict[str, object]:
    """What a notice says, without where it says it and some of its metadata."""
    tasks = [
        (
            task.kind,
            task.path,
            task.title,
            [(one.role, one.name, one.canonical) for one in task.assignments],
            [(one.indicator, one.comparator, one.low, one.high, one.unit, one.change) for one in task.targets],
            [(one.kind, one.start, one.end, one.recurrence) for one in task.deadlines],
        )
        for task in notice.tasks
    ]

    def tree(sections: Sequence[Section]) -> list[object]:
        return [(one.marker, one.number, one.title, tree(one.sections)) for one in sections]

    return {
        "metadata": notice.metadata.model_dump(exclude={"evidence", *left_out}),
        "parts": [(part.kind, part.title, tree(part.sections)) for part in notice.parts],
        "tasks": tasks,
        "citations": [(one.title, one.doc_number, one.section) for one in notice.citations],
    }


# the formats

MARKER = re.compile(
    r"(?P<before>第|[（(])?(?P<count>[一二三四五六七八九十百]+|\d{1,2}|[①-⑳])(?P<after>[、）)条章]|[.．](?!\d))?"
)
FORMATS = ("chineseCountingThousand", "decimal", "decimalEnclosedCircle")


STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="text"><w:name w:val="Normal"/><w:pPr>'
    '<w:ind w:firstLine="640"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="title"><w:name w:val="Title"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="cell"><w:name w:val="Cell"/>'
    '<w:rPr><w:sz w:val="24"/></w:rPr></w:style>'
)
"""Paragraphs are indented, lines that stand alone centred, as in GB/T 9704."""


class _Numbered:
    """Takes the numbers off paragraphs and puts them into lists that count, a level for each kind of number."""

    def __init__(self) -> None:
        self.levels: list[tuple[str, str]] = []  # format and text of each
        self.lists = word_files.num(1, 1)
        self.counts = [0] * 9
        self.last = 1

    def paragraph(self, text: str) -> str:
        for format in FORMATS:
            found = MARKER.match(text)
            count = self._count(found["count"], format) if found else 0
            if not found or not count or not (found["after"] or format == FORMATS[-1]):
                continue
            shape = (format, f"{found['before'] or ''}%{{}}{found['after'] or ''}")
            if shape not in self.levels and len(self.levels) == 9:
                break
            self.levels += [] if shape in self.levels else [shape]
            at = self.levels.index(shape)
            self.counts[at] += 1
            if self.counts[at] != count:
                self.last, self.counts[at] = self.last + 1, count
                self.lists += word_files.num(self.last, 1, word_files.starts_at(at, count))
            self.counts[at + 1 :] = [0] * (8 - at)
            return word_files.paragraph(text[found.end() :], list=self.last, level=at)
        alone = len(text) < 40 and text[-1] not in "。；，;," and not re.search("[：:]", text)
        return word_files.paragraph(text, style="title" if alone else "")

    def _count(self, written: str, format: str) -> int:
        return next((count for count in range(1, 100) if formatted(count, format) == written), 0)

    def numbering(self) -> str:
        levels = (
            word_files.level(
                at,
                format,
                text.format(at + 1),
                more='<w:suff w:val="nothing"/><w:pPr><w:ind w:firstLine="640"/></w:pPr>',
            )
            for at, (format, text) in enumerate(self.levels)
        )
        return word_files.abstract(1, *levels) + self.lists


def as_docx(notice: Sequence[Block]) -> bytes:
    """With automatic numbering in place of the written one."""
    numbered = _Numbered()
    body = [numbered.paragraph(block) if isinstance(block, str) else _word_table(block) for block in notice]
    return word_files.word("".join(body), numbering=numbered.numbering(), styles=STYLES)


def _word_table(rows: list[list[Placed]]) -> str:
    width = max(one.cell.column + one.cell.colspan for row in rows for one in row)
    reaching: dict[tuple[int, int], int] = {}  # places that a cell above covers, with the columns that it spans
    written = []
    for index, row in enumerate(rows):
        begin = {one.cell.column: one for one in row}
        cells, column = [], 0
        while column < width:
            span = reaching.get((index, column), 0)
            merge = "<w:vMerge/>" if span else ""
            text = ""
            if not span and column in begin:
                text, cell = begin[column]
                span = cell.colspan
                merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
                reaching |= {(below, column): span for below in range(index + 1, index + cell.rowspan)}
            span = span or 1
            cells.append(
                word_files.cell(
                    word_files.paragraph(text, style="cell"), properties=f'<w:gridSpan w:val="{span}"/>{merge}'
                )
            )
            column += span
        written.append(word_files.row(*cells))
    return word_files.table(*written, widths=[9000 // width] * width)


def as_html(notice: Sequence[Block]) -> bytes:
    lines = [f"<p>{escape(block)}</p>" if isinstance(block, str) else _html_table(block) for block in notice]
    navigation = "<nav><a href='/'>首页</a><a href='/a'>政务公开</a><a href='/b'>互动</a></nav>"
    return f"<!DOCTYPE html><html><body>{navigation}<div>{''.join(lines)}</div></body></html>".encode()


def _html_table(rows: list[list[Placed]]) -> str:
    return "<table>{}</table>".format(
        "".join(
            "<tr>{}</tr>".format(
                "".join(
                    f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{escape(text)}</td>' for text, cell in row
                )
            )
            for row in rows
        )
    )


def as_ofd(notice: Sequence[Block]) -> bytes:
    text, tables = "", []
    for block in notice:
        if isinstance(block, str):
            text += block + "\n"
            continue
        cells = []
        width = max(one.cell.column + one.cell.colspan for row in block for one in row)
        for row in block:
            words = {one.cell.column: one for one in row}
            for column in range(width):
                if column in words:
                    start, (told, cell) = len(text), words[column]
                    cells.append(Cell(cell.row, column, (start, start + len(told)), cell.rowspan, cell.colspan))
                    text += told
                text += "\t" if column < width - 1 else "\n"
        tables.append(Table(tuple(cells)))
    return ofd_writer.notice(text, tables)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The samples as LibreOffice prints them, by their names."""
    if not (which("soffice") or which("libreoffice")):
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("pdf")
    for name in NOTICES:
        (folder / f"{name}.docx").write_bytes(as_docx(blocks(SAMPLES / name)))
    return dict(zip(NOTICES, converted(folder, "docx", "pdf", "writer_pdf_Export"), strict=True))


PAGED = ("ofd", "pdf")
"""Formats that keep no blanks between words, and so none between the labels that a web page sets over a notice."""
WRITERS: dict[str, Callable[[Sequence[Block]], bytes]] = {
    "docx": as_docx,
    "html": as_html,
    "ofd": as_ofd,
}


@pytest.mark.parametrize("format", [*WRITERS, "pdf"])
@pytest.mark.parametrize("name", NOTICES)
def test_a_sample_says_the_same_in_another_format(format: str, name: str, request: pytest.FixtureRequest):
    document = api.read(SAMPLES / name)._replace(metadata={})  # what only a web page says of itself
    written = parse(document, api.load_rules())
    raw = request.getfixturevalue("pdfs")[name] if format == "pdf" else WRITERS[format](blocks(SAMPLES / name))
    told = api.extract(raw)
    assert told.source.format == format
    left_out = {"publisher", "published_on"} if format in PAGED else set()
    assert facts(told, left_out) == facts(written, left_out)


@pytest.mark.parametrize("name", [name for name in NOTICES if name.endswith(".txt")])
def test_the_numbers_of_word_are_those_that_were_written(name: str):
    lines = [block for block in blocks(SAMPLES / name) if isinstance(block, str)]
    raw = as_docx(lines)
    assert api.read(raw).text.splitlines() == lines
