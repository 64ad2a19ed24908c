"""A .md file: the text layer is the decoded file, its signs and all; pipe tables are known as tables."""

import re
from itertools import pairwise

from policyparse.document import Cell, Document, Table
from policyparse.readers.encoding import decode

RULER = re.compile(r"[ \t]{0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*")
"""The line under a table's heading: |---|:--:|"""
BAR = re.compile(r"(?<!\\)\|")


def read(raw: bytes, name: str) -> Document:
    """Decoded as a .txt file is."""
    text, encoding = decode(raw, name)
    return parse(text)._replace(encoding=encoding)


def parse(text: str) -> Document:
    """The document in a text."""
    return Document(text, format="md", tables=tuple(_tables(text)) if "|" in text else ())


def _tables(text: str) -> list[Table]:
    tables: list[Table] = []
    rows: list[tuple[int, str]] = []  # the lines of the table that is being read
    previous = (0, "")
    at = 0
    for line in [*text.split("\n"), ""]:
        if rows and "|" in line:
            rows.append((at, line))
        elif rows:
            tables.append(_table(rows))
            rows = []
        elif "|" in previous[1] and "|" in line and RULER.fullmatch(line):
            rows = [previous]
        previous = (at, line)
        at += len(line) + 1
    return tables


def _table(lines: list[tuple[int, str]]) -> Table:
    cells = []
    for row, (at, line) in enumerate(lines):
        bars = [found.start() for found in BAR.finditer(line)]
        edges = [-1, *bars, len(line)]
        pieces = list(pairwise(edges))
        if not line[: bars[0]].strip():
            pieces = pieces[1:]
        if pieces and not line[bars[-1] + 1 :].strip():
            pieces = pieces[:-1]
        for column, (bar, end) in enumerate(pieces):
            start = bar + 1
            while start < end and line[start].isspace():
                start += 1
            while end > start and line[end - 1].isspace():
                end -= 1
            cells.append(Cell(row, column, (at + start, at + end), header=row == 0))
    return Table(tuple(cells))
