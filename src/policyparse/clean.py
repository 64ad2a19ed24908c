"""Text layer -> Text: one width, no blanks inside words, lines broken in mid-sentence rejoined, one newline
between paragraphs, page numbers and markdown signs left out.

An edit map, never a diff afterwards: every kept character knows its place in the text layer.
"""

import re
import sys
import unicodedata
from collections import Counter
from functools import lru_cache

from policyparse.rulebook import load
from policyparse.text import Text

WIDTHS = dict(zip("∶︰‐‑–−―─━∼〜", "::----———~~", strict=True))
"""Signs that Unicode does not know as another form of the one that they are written for."""
WIDE = re.compile(f"[！-～⼀-⿕\u3000\xa0﹒﹕﹔﹐﹑﹖﹗﹪｡､﹝﹞﹙﹚﹣﹢{''.join(WIDTHS)}]")
"""They, full-width digits, letters and punctuation, and the radicals that some PDFs print."""

CONTROL = "".join(map(chr, (*range(0x09), *range(0x0E, 0x1C), 0x1F, 0x7F)))
"""Signs that print nothing, left over from where a text was copied."""
SPACE = CONTROL + " \t\r\xa0\xad\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff"
STRIP = (
    CONTROL
    + " \t\r\xa0\xad\u1680\u180e\u3000\ufeff\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x2030), *range(0x205F, 0x2065))))
)
BLANKS = re.compile(f"[{SPACE}]+")
SPACES = re.compile("  *")
"""Runs of the only blank that is printable, which most lines have alone: `re` is there at once."""
SIGNS = ("**", "](", "&")
EDITS = (
    rf"(?:[{SPACE}]|&nbsp;|&emsp;|&ensp;)+|\*\*"
    r"|\[(?=[^][\n]{1,200}\]\([^()\s]{1,400}\))|(?<=\S)\]\([^()\s]{1,400}\)"
)
"""Blanks, the markdown signs for bold and links, the entities that a copied page leaves: for a text with such signs.

Like the other patterns here that are plain text it is compiled, and kept by `re`, when the first text needs it.
"""
MARKDOWN = rf"(?:#{{1,6}}(?=[{SPACE}])|>|[-*+](?=[{SPACE}]+[^\d\s])|[{SPACE}])+"
RULES = "-*_="
RULER = re.compile(rf"(?:[{RULES}]\s*){{3,}}")
DASHES = "-—–―─－·.・~"
PAGE = r"第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}\s*页"
STOPS = frozenset("。！？；：!?;:")
CLOSERS = frozenset("”’』」）)》】〕>…. ")
NARROW, FULL, LONG = 15, 60, 200
"""Characters of a line that may be a broken one, that is surely no title, that may hold several paragraphs."""
WIDEST, FEWEST = 80, 5
"""Full-width characters of the widest lines that a text is broken to, and lines from which such a width shows."""
RUN = 100
"""Characters of a run of blanks that are looked at."""
APART = 10
"""Lines that at least stand between two page numbers."""


class _Row:
    """A line of the source without the blanks around it."""

    __slots__ = ("end", "indented", "start")

    def __init__(self, start: int, end: int, indented: bool) -> None:
        self.start, self.end, self.indented = start, end, indented


def clean(source: str, paragraphs: bool = False) -> Text:
    """Clean a text layer; `paragraphs` says that each of its lines is a whole one. Never fails."""
    rows = _rows(source)
    width = _width(source, rows)
    indents = sum(row.indented for row in rows) * 5 > len(rows)
    sparse = len(rows) > 0 and sum(row.end - row.start for row in rows) > 400 * len(rows)
    edits = re.compile(EDITS) if any(sign in source for sign in SIGNS) else BLANKS
    kept = _Kept(source)
    before: _Row | None = None
    for row in rows:
        if before:
            glue = "\n"
            if paragraphs:
                broken = _strays(source, before, row)
            else:
                broken = not (row.indented and indents) and _broken(source, before, row, width, indents)
            if broken:
                glue = " " if _latin(source, before.end - 1, row.start) else ""
            if glue:
                kept.add(glue, before.end)
        before = row
        _keep(row, edits, sparse, kept)
    shown = "".join(kept.pieces)
    return Text(source, _one_width(shown), shown, kept.runs, kept.places)


class _Kept:
    """What is kept of a source: the pieces, and for each run of characters where it begins among them and stood."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.runs: list[int] = []
        self.places: list[int] = []
        self._length = 0
        self._next = -1

    def add(self, words: str, start: int) -> None:
        """Keep what stands at a place of the source, or one sign for it."""
        if start != self._next:
            self.runs.append(self._length)
            self.places.append(start)
        self.pieces.append(words)
        self._length += len(words)
        self._next = start + len(words)


def _one_width(text: str) -> str:
    """Every character in its one form; a replacement for each that occurs is far faster than str.translate."""
    for wide in {*WIDE.findall(text)}:
        text = text.replace(wide, WIDTHS.get(wide) or unicodedata.normalize("NFKC", wide))
    return text


def _keep(row: _Row, edits: re.Pattern[str], sparse: bool, kept: _Kept) -> None:
    """Add the kept characters of one line."""
    source, at, end = kept.source, row.start, row.end
    words = source[at:end]
    if edits is BLANKS and words.isprintable():
        if " " not in words:
            kept.add(words, at)
            return
        edits = SPACES
    crowded = end - at > LONG
    for edit in edits.finditer(source, at, end):
        start, stop = edit.span()
        if start > at:
            kept.add(source[at:start], at)
        at = stop
        if source[start] in "*[]" or start == row.start or stop == end:
            continue
        run = edit[0]
        if crowded and (_columns(run[:RUN]) >= 4 or (sparse and source[start - 1] in STOPS)):
            kept.add("\n", start)
        elif "\t" in run and beginning(source, row.start, start) != start:
            kept.add("\t", start)
        elif _latin(source, start - 1, stop):
            kept.add(" ", start)
    if end > at:
        kept.add(source[at:end], at)


def beginning(source: str, start: int = 0, end: int = sys.maxsize) -> int | None:
    """Where that ends which only a paragraph begins with, 一、 or 责任单位:; None for a line that begins with none."""
    found = load().kind("beginning").match(source, start, end)
    return found.end if found else None


@lru_cache(maxsize=64)
def _columns(run: str) -> int:
    """The width of a run of blanks in half-width columns."""
    run = run.replace("&nbsp;", " ").replace("&emsp;", "\u3000").replace("&ensp;", " ")
    return sum(2 if character in "\u3000\u2003" else character in " \xa0\u2002" for character in run)


def _latin(source: str, left: int, right: int) -> bool:
    """Whether a blank between two places divides Latin words or whole numbers."""
    first, second = source[left], source[right]
    if not (first.isascii() and second.isascii()):
        return False
    before, after = source[left - 1 : left], source[right + 1 : right + 2]
    if second.isalpha():
        return first.isalpha() or (first in ",;:.)" and before.isascii() and before.isalpha())
    if first.isalpha():
        return second.isdigit() or second == "("
    return first.isdigit() and second.isdigit() and before.isdigit() and after.isdigit()


def _rows(source: str) -> list[_Row]:
    """The lines that hold something: no blank ones, no page numbers, no rulers; markdown signs before them cut."""
    rows: list[_Row] = []
    numbers: list[int] = []
    at = 0
    for raw in source.splitlines(keepends=True):
        begin, at = at, at + len(raw)
        line = raw.lstrip(STRIP)
        if not line:
            continue
        lead = len(raw) - len(line)
        line = line.rstrip(STRIP)
        start = begin + lead
        end = start + len(line)
        if len(line) < 24:
            if _numbers_page(line) or (line[0] in RULES and RULER.fullmatch(line)):
                continue
            if line.isdecimal() and len(line) < 4:
                numbers.append(len(rows))
        if line[0] in "#>*-+":
            signs = re.compile(MARKDOWN).match(source, start, end)
            start = signs.end() if signs else start
        if start < end:
            rows.append(_Row(start, end, lead > 0 and _columns(raw[: min(lead, RUN)]) >= 2))
    stranded = _stranded(source, rows, numbers)
    return [row for index, row in enumerate(rows) if index not in stranded] if stranded else rows


def _numbers_page(line: str) -> bool:
    """Whether a line is a page number with signs around it: - 3 -, 第3页 共5页."""
    if line[0] in DASHES and line[-1] in DASHES:
        number = line.strip(DASHES).strip()
        return number.isdecimal() and len(number) <= 4
    return line[-1] == "页" and re.compile(PAGE).fullmatch(line) is not None


def _stranded(source: str, rows: list[_Row], numbers: list[int]) -> set[int]:
    """Which of the lines that are a bare number are page numbers: they count up by one, many lines apart."""
    values = {index: int(source[rows[index].start : rows[index].end]) for index in numbers}
    best: list[int] = []
    for first in numbers[:8]:
        pages = [first]
        for index in numbers:
            if index - pages[-1] >= APART and values[index] == values[pages[-1]] + 1:
                pages.append(index)
        best = max(best, pages, key=len)
    return set(best) if len(best) > 1 else set()


def _width(source: str, rows: list[_Row]) -> int | None:
    """The common width of the lines, in full-width characters, where the text was broken to one; else None."""
    if len(rows) < 8:
        return None
    unclosed = [row for row in rows if NARROW <= row.end - row.start <= 2 * WIDEST and source[row.end - 1] not in STOPS]
    ragged = Counter(width for row in unclosed if NARROW <= (width := _ems(source, row)) <= WIDEST)
    if not ragged:
        return None

    def near(width: int) -> int:
        """Lines of a width or a little less."""
        return ragged[width - 2] + ragged[width - 1] + ragged[width]

    best = max(ragged, key=lambda width: (near(width), width))
    surely_wide = sum(row.end - row.start >= 2 * NARROW for row in rows)
    if near(best) < max(FEWEST, surely_wide * 0.25):  # so it is in most texts, and the other lines are not measured
        return None
    wide = [width for row in rows if (width := _ems(source, row)) >= NARROW]
    longer = sum(width > best + 2 for width in wide)
    return best if near(best) >= len(wide) * 0.25 and longer * 4 <= len(wide) else None


def _ems(source: str, row: _Row) -> int:
    """The width of a line in full-width characters."""
    length = row.end - row.start
    return (length + (len(source[row.start : row.end].encode("utf-8", "replace")) - length) // 2 + 1) // 2


def _strays(source: str, row: _Row, following: _Row) -> bool:
    """Whether a paragraph is the last character of the one above it, which somebody broke by hand."""
    lone = following.end - following.start == 1 and source[following.start].isalpha()
    return lone and row.end - row.start >= NARROW and source[row.end - 1].isalpha()


OPEN = 40
"""Characters from which on an indented line that ends no sentence goes on in the line below, which is not indented."""


def _broken(source: str, row: _Row, following: _Row, width: int | None, indents: bool) -> bool:
    """Whether a paragraph goes on from one line to the next. `indents`: each begins with blanks in this text."""
    last = source[row.end - 1]
    if last in STOPS or not _filled(source, row, width, indents):
        return False
    return beginning(source, following.start, following.end) is None


def _filled(source: str, row: _Row, width: int | None, indents: bool) -> bool:
    """Whether a line is as long as lines are that go on in the next."""
    last, length = source[row.end - 1], row.end - row.start
    if indents and row.indented and length >= OPEN and last not in CLOSERS:
        return True
    if width is not None:
        return _ems(source, row) >= width - 3
    if last in "，,、":
        return length >= 12
    return length >= FULL and last not in CLOSERS and "。" in source[row.start : row.end]
