"""Text -> the parts of a file and the heading tree of each.

`Outline` is what the extractors read: every paragraph with its role and the part or section that owns it.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Literal

from policyparse.document import Document
from policyparse.numerals import integer
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Diagnostic, PartKind
from policyparse.text import Text

LineRole = Literal[
    "furniture", "title", "doc_number", "addressee", "heading", "text", "signature", "attachments", "cell"
]
"""What a paragraph is: furniture is of the page and not of the notice; `cell` stands in a table."""


@dataclass(slots=True, eq=False)
class Node:
    """A part (level 0) or section of the tree while it is built; offsets are into the cleaned text.

    `start` is at the marker (of a part: its title), `end` at the end of the last child.
    """

    level: int
    start: int
    end: int
    kind: PartKind = "body"
    marker: str = ""
    number: int | None = None
    title: str | None = None
    rule: str = ""
    id: str = ""
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    lines: list["Line"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True, eq=False)
class Line:
    """One paragraph of the cleaned text: [start, end) without its newline.

    `node` is the deepest part or section that owns it, None outside every part. `body` is where its own text
    begins: after marker and title in a heading with a run-in title, else `start`.
    """

    start: int
    end: int
    role: LineRole = "text"
    node: Node | None = None
    body: int = -1


@dataclass(slots=True)
class Outline:
    """The structure of one file."""

    parts: list[Node]
    lines: list[Line]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def line(self, offset: int) -> Line:
        """The paragraph that holds an offset of the cleaned text."""
        if not self._starts:
            self._starts = [line.start for line in self.lines]
        return self.lines[max(0, bisect_right(self._starts, offset) - 1)]


def segment(text: Text, document: Document, rulebook: Rulebook) -> Outline:
    """Find the parts and headings of a cleaned text. Never fails."""
    lines = _paragraphs(text, rulebook)
    cells = _cells(text, document, lines)
    headings = _headings(text, lines, cells, rulebook)
    divider = _Divider(text, lines, headings, rulebook)
    divider.run()
    outline = Outline(divider.parts, lines)
    markers = {line.start: heading for line, heading in zip(lines, headings, strict=True) if heading}
    for part in divider.parts:
        _Tree(text, part, markers, outline.diagnostics).grow()
    _titles(text, divider.parts, markers)
    return outline


# Paragraphs

CROWDED = 400
"""Characters of a paragraph that may hold several, in a text with next to no line breaks."""
OPENERS = re.compile(
    r"第[一二三四五六七八九十百\d]{1,4}[编章节条]|\(?[一二三四五六七八九十]{1,4}[、)]|(?<![\d.])\d{1,2}[.、]|\(\d{1,2}\)"
)
"""What may be a marker inside a line."""
LOOSE = {"clause", "stage", "circled", "arabic-half", "volume"}
"""Styles that are taken for headings only where a line begins with them."""


def _paragraphs(text: Text, rulebook: Rulebook) -> list[Line]:
    """The lines of the cleaned text; where it has next to no line breaks, also those glued together in one."""
    lines: list[Line] = []
    rows = text.plain.split("\n")
    glued = len(text.plain) > CROWDED * len(rows)
    at = 0
    for row in rows:
        end = at + len(row)
        if row:
            cuts = _seams(text.plain, at, end, rulebook) if not at or (glued and len(row) > CROWDED) else [at]
            lines += [Line(start, stop, body=start) for start, stop in pairwise([*cuts, end])]
        at = end + 1
    return lines


def _seams(plain: str, at: int, end: int, rulebook: Rulebook) -> list[int]:
    """Where paragraphs begin inside a line: at the pieces of letterhead and signature, and at markers that count on."""
    cuts = {at}
    crowded = end - at > CROWDED
    for match in rulebook.kind("seam").find(plain[at:end]):
        if match.start and not crowded:
            break
        cuts.update(at + place for name in match.groups.groupdict() for place in match.groups.starts(name))
    if not crowded:
        return sorted(cuts - {end})
    headings = rulebook.kind("heading")
    counts: dict[str, int] = {}
    title = at
    for found in OPENERS.finditer(plain, at, end):
        place = found.start()
        if plain.endswith(("附件:", "附件"), at, place):
            continue
        closed = place in cuts or plain[place - 1] in "。;:!?)”"
        if not closed and not (1 < place - title < 40 and not re.search("[。;:]", plain[title:place])):
            continue
        marker = headings.match(plain, place, end)
        heading = _Heading.read(marker) if marker else None
        if not heading or heading.steps or heading.style in LOOSE:
            continue
        if heading.number in (1, counts.get(heading.style, 0) + 1):
            counts[heading.style] = heading.number or 0
            cuts.add(place)
            title = heading.end
    return sorted(cuts - {end})


def _cells(text: Text, document: Document, lines: list[Line]) -> set[int]:
    """Give the lines that stand in a table the role of cells; their indexes."""
    cells: set[int] = set()
    spans = sorted(cell.span for table in document.tables for cell in table.cells if cell.span[1] - cell.span[0] < 1500)
    reach = at = 0
    for index, line in enumerate(lines):
        place = text.origins[line.start]
        while at < len(spans) and spans[at][0] <= place:
            reach = max(reach, spans[at][1])
            at += 1
        if place < reach or "\t" in text.plain[line.start : line.end]:
            line.role = "cell"
            cells.add(index)
    return cells


# Markers


@dataclass(slots=True)
class _Heading:
    """A marker at the head of a line: `style` is what it counts with, `rank` how deep it customarily stands."""

    marker: str
    end: int
    rule: str
    style: str
    rank: int
    number: int | None
    steps: tuple[int, ...] = ()

    @classmethod
    def read(cls, match: Match) -> "_Heading":
        numeral = match.setting("number") or match.groups.groupdict().get("number") or ""
        style, rank = match.setting("style") or match.rule.id, int(match.setting("rank") or "95")
        steps = tuple(int(step) for step in numeral.split(".")) if style == "decimal" else ()
        if steps:
            style, rank = f"decimal-{len(steps)}", rank + len(steps)
            return cls(match.groups[0], match.end, match.rule.id, style, rank, steps[-1], steps)
        number = int(unicodedata.numeric(numeral, 0)) or None if len(numeral) == 1 else integer(numeral)
        return cls(match.groups[0], match.end, match.rule.id, style, rank, number)


def _headings(text: Text, lines: list[Line], cells: set[int], rulebook: Rulebook) -> list[_Heading | None]:
    """The marker of each line, None for a line without one."""
    rules = rulebook.kind("heading")
    found: list[_Heading | None] = []
    counted: dict[int, tuple[int, ...]] = {}
    for index, line in enumerate(lines):
        match = None if index in cells else rules.match(text.plain, line.start, line.end)
        heading = _Heading.read(match) if match else None
        if heading and heading.steps:
            depth = len(heading.steps)
            last = counted.get(depth, ())
            begins = heading.steps[-1] == 1 and counted.get(depth - 1, heading.steps[:-1])[-1:] == heading.steps[-2:-1]
            if begins or (last[:-1] == heading.steps[:-1] and last[-1] + 1 == heading.steps[-1]):
                counted[depth] = heading.steps
            else:
                heading = None
        if heading and heading.style == "arabic":
            counted[1] = (heading.number or 0,)
        found.append(heading)
    return found


# Parts

SHORT = 60
"""Characters of the longest line of a title that is broken over lines."""
NOTE = re.compile(r"(?:\([^()]{2,20}\))+")
ANNEX = re.compile(r"^附(?:件|表|录)?\s?[\d一二三四五六七八九十-]{0,4}[:：.．、]\s*(?=.)")
FAR = 80
"""Lines within which a document's text begins."""
AROUND = {"number", "date", "label", "page", "contents", "release", "annex"}
"""What may stand between a title and its text."""
OPEN_ENDS = "。;:!?,、"
MATTER = re.compile(
    r"(?:印发|转发|下发|发布|公布)(?:给你们|你们|如下)|现(?:予|将).{0,120}(?:印发|转发|公布|发布|下发)"
    r"|予以(?:印发|公布|发布|转发)"
)
"""What a transmittal letter says."""


class _Divider:
    """Goes through the lines once and gives each its role and its part; headings come later."""

    def __init__(self, text: Text, lines: list[Line], headings: list[_Heading | None], rulebook: Rulebook) -> None:
        self.text, self.plain, self.lines, self.headings = text, text.plain, lines, headings
        self.rules = rulebook.kind("line")
        self.kinds = rulebook.words("document_kinds")
        self.ends = rulebook.words("organisation_ends")
        self.known: dict[int, Match | None] = {}
        self.parts: list[Node] = []
        self.ended, self.top = False, ""
        self.begins = (0, -1)
        self.listed: set[int] = set()
        self.next_heading = [0] * (len(lines) + 1)
        self.next_heading[len(lines)] = len(lines)
        for index in range(len(lines) - 1, -1, -1):
            self.next_heading[index] = index if headings[index] else self.next_heading[index + 1]

    def run(self) -> None:
        at = self._open_first() if self.lines else 0
        while at < len(self.lines):
            at = self._read(at)
        for part, following in zip_longest(self.parts, self.parts[1:]):
            if part.kind == "body" and self._transmits(part, following):
                part.kind = "cover"
        for number, part in enumerate(self.parts, 1):
            part.id = str(number)

    # what a line is

    def words(self, index: int) -> str:
        line = self.lines[index]
        return self.plain[line.start : line.end]

    def match(self, index: int) -> Match | None:
        """The line rule that fits a line; headings, cells and long lines have none."""
        if index not in self.known:
            line = self.lines[index]
            able = not self.headings[index] and line.role != "cell" and line.end - line.start <= 4000
            self.known[index] = self.rules.match(self.plain, line.start, line.end) if able else None
        return self.known[index]

    def kind(self, index: int) -> str:
        if index >= len(self.lines):
            return "end"
        match = self.match(index)
        return match.setting("is") or "" if match else ""

    def prose(self, index: int) -> bool:
        words = self.words(index)
        return (len(words) >= 40 and not self.titled(index)) or (len(words) >= 14 and words[-1] in OPEN_ENDS)

    def plain_line(self, index: int) -> bool:
        """Short, of no known kind, and no sentence: it may be of a title."""
        line = self.lines[index]
        return (
            line.end - line.start <= SHORT
            and not self.headings[index]
            and line.role != "cell"
            and not self.kind(index)
            and self.plain[line.end - 1] not in OPEN_ENDS
        )

    def titled(self, index: int) -> bool:
        """Whether a line ends as the title of a document does."""
        words = self.words(index)
        if not 4 <= len(words) <= 150 or self.headings[index] or words[-1] in OPEN_ENDS or "。" in words:
            return False
        if re.match(r"\d+[.、)]", words):
            return False
        return re.sub(r"(?:[(〔][^()〔〕]{1,24}[)〕]|[》”])+$", "", words).endswith(self.kinds)

    def organisation(self, index: int) -> bool:
        words = self.words(index)
        return 2 <= len(words) <= 50 and not re.search(r"[。,;:!?《》\d]", words) and words.endswith(self.ends)

    # where a document begins

    def _start(self, at: int) -> int:
        """The line at which the text of a document begins: its addressee, first heading or first sentence."""
        index = at
        while index < min(len(self.lines), at + FAR):
            if self.headings[index]:
                return index
            kind = self.kind(index)
            if kind == "contents":
                after = self._contents(index)
                self.listed.update(range(index, after))
                index = after
                continue
            if kind == "addressee" or self.lines[index].role == "cell" or (not kind and self.prose(index)):
                return index
            index += 1
        return min(index, len(self.lines))

    def _contents(self, at: int) -> int:
        """The line after a table of contents: where its first entry comes again."""
        entries: set[str] = set()
        for index in range(at + 1, min(len(self.lines), at + 200)):
            if self.kind(index) == "contents":
                return index
            words = re.sub(r"[.…·\s\d-]+$", "", self.words(index))
            if words in entries and self.headings[index]:
                return index
            if self.prose(index) and not re.search(r"[.…·]{3,}\d*$", self.words(index)):
                return index
            if words:
                entries.add(words)
        return at + 1

    def _open_first(self) -> int:
        start = self._start(0)
        first = last = None
        for index in range(start - 1, -1, -1):
            words = self.words(index)
            if index in self.listed or words.isdecimal() or self.kind(index) in AROUND:
                continue
            last = index if last is None else last
            if NOTE.fullmatch(words):
                continue
            near = len(words) > 4 and start - index <= 3 and self.plain_line(index)
            if (near or self.titled(index) or "关于" in words) and words[0] not in "、。,;:)":
                first = index
            break
        if first is not None and last is not None:
            while first and last - first < 5 and self._joins(first):
                first -= 1
        begin = first if first is not None else start
        if begin >= len(self.lines):
            begin = next((i for i in range(len(self.lines)) if self.kind(i) not in ("page", "label")), 0)
            start = begin
        for index in range(begin):
            self.lines[index].role = "doc_number" if self.kind(index) == "number" else "furniture"
        title = (first, last) if first is not None and last is not None else None
        return self._open("body", begin, title, start)

    def _joins(self, index: int) -> bool:
        """Whether the line before a title's line is of the title too."""
        above, below = self.words(index - 1), self.words(index)
        if not self.plain_line(index - 1) or above.endswith("文件"):
            return False
        whole = self.titled(index - 1) and above.count("《") == above.count("》")
        return not whole or below.startswith(("(", "的"))

    def _below(self, at: int, start: int, annex: bool) -> tuple[int, int] | None:
        """First and last line of the title that stands between two lines, read downward."""
        first = at
        while first < start and self.kind(first) in ("page", "label", "release", "date", "copy", "number"):
            first += 1
        run = first
        while run < min(start, first + 5) and (self.plain_line(run) or self.titled(run)):
            words = "".join(self.words(index) for index in range(first, run + 1))
            if self.titled(run) and words.count("《") <= words.count("》"):
                while run + 1 < start and not self.kind(run + 1) and NOTE.fullmatch(self.words(run + 1)):
                    run += 1
                return first, run
            run += 1
        if run == first:
            return None
        if annex:
            return first, first
        return (first, run - 1) if run == start and run - first <= 3 and not self.organisation(first) else None

    def _open(self, kind: PartKind, begin: int, title: tuple[int, int] | None, start: int) -> int:
        """Begin a part; the lines from `begin` up to its text get their roles. Returns the line to go on with."""
        line = self.lines[begin]
        part = Node(0, line.start, line.end, kind=kind)
        self.parts.append(part)
        self.ended, self.top = False, ""
        if title:
            printed = self.lines[title[0] : title[1] + 1]
            shown = "".join(self.text.shown[line.start : line.end] for line in printed).strip()
            part.title = ANNEX.sub("", shown)
            for index in range(title[0], title[1] + 1):
                self._take(index, "title")
        roles: dict[str, LineRole] = {"number": "doc_number", "date": "signature", "release": "signature"}
        index = title[1] + 1 if title else begin
        while index < start:
            known = self.kind(index)
            if known == "contents":
                after = min(self._contents(index), start)
                for entry in range(index, after):
                    self.lines[entry].role = "furniture"
                index = max(after, index + 1)
                continue
            if known == "annex" and len(self.parts) > 1:
                break
            if known in ("page", "label", "annex"):
                self.lines[index].role = "furniture"
            else:
                self._take(index, roles.get(known, "text"))
            index += 1
        if index < len(self.lines) and self.kind(index) == "addressee":
            self._take(index, "addressee")
            index += 1
        return index

    def _take(self, index: int, role: LineRole | None = None) -> None:
        """Give a line to the part that is open."""
        line, part = self.lines[index], self.parts[-1]
        if role and line.role != "cell":
            line.role = role
        line.node = part
        part.lines.append(line)
        part.end = line.end

    # what comes after

    def _read(self, index: int) -> int:
        """Give one line, or what begins with it, its place; returns the line to go on with."""
        heading = self.headings[index]
        if heading:
            if self.ended and heading.number == 1 and heading.style in (self.top, "comma", "chapter", "article"):
                self._open("body", index, None, index)
            self.ended = False
            self.top = self.top or heading.style
            self._take(index, "heading")
            return index + 1
        kind = "" if self._sentences(index) and not self.ended else self.kind(index)
        if kind == "page" or (kind == "label" and self.ended):
            self.lines[index].role = "furniture"
            return index + 1
        if kind == "contents":
            after = self._contents(index)
            for entry in range(index, after):
                self.lines[entry].role = "furniture"
            return after
        if kind == "annex":
            return self._annex(index)
        if kind == "addressee" and (self.ended or self.lines[index - 1].role == "furniture"):
            return self._open("body", index, None, index)
        if kind == "copy" or (kind == "date" and self._signs(index)):
            self._sign(index)
            return index + 1
        if kind == "release" and (self.ended or self.lines[index - 1].role in ("signature", "attachments")):
            self._take(index, "signature")
            return index + 1
        if self.ended:
            if not self.begins[0] <= index <= self.begins[1]:
                self.begins = index, self._start(index)
            start = self.begins[1]
            title = self._below(index, start, False)
            if title:
                return self._open("body", title[0], title, start)
        elif self._restarts(index):
            return self._open("body", index, (index, index), self._start(index + 1))
        if self.ended and self.prose(index):
            self.ended = False
        self._take(index)
        return index + 1

    def _sentences(self, index: int) -> bool:
        """Whether a line holds sentences: inside a text it is of no other kind then."""
        line = self.lines[index]
        return line.end - line.start > SHORT and self.plain.find("。", line.start, line.end - 1) >= 0

    def _signs(self, index: int) -> bool:
        """Whether a date closes a document: after its issuer, or before whatever comes after a document."""
        match = self.match(index)
        if self.ended:
            return False
        if match and match.rule.id == "line.signed":
            return True
        above = index - 1
        after = self.kind(index + 1)
        return (
            self.organisation(above)
            or self.lines[above].role == "attachments"
            or after in ("end", "annex", "release", "copy", "page")
            or (index + 1 < len(self.lines) and self.titled(index + 1))
        )

    def _sign(self, index: int) -> None:
        """Close the part with a date: the issuers above it are of the signature."""
        self._take(index, "signature")
        self.ended = True
        above = index - 1
        while above > 0 and self.lines[above].role == "text" and self.organisation(above) and index - above < 20:
            self.lines[above].role = "signature"
            above -= 1

    def _restarts(self, index: int) -> bool:
        """Whether a line inside the text is the title of a new document: the numbering begins again after it."""
        words = self.words(index)
        if not index or not 5 <= len(words) <= SHORT or not self.titled(index) or self.kind(index):
            return False
        if self.words(index - 1)[-1] in ":,、":
            return False
        following = self.next_heading[index]
        if following >= len(self.lines) or following - index > 12:
            return False
        heading = self.headings[following]
        return bool(heading and heading.number == 1 and heading.style == self.top)

    def _annex(self, index: int) -> int:
        """附件: the list of attachments, or the beginning of one."""
        match = self.match(index)
        inline = (match.groups.groupdict().get("title") or "") if match else ""
        end = index + 1
        while end < len(self.lines) and end - index < 60 and self._listed(end):
            end += 1
        if inline and end == index + 1 < len(self.lines) and not self.titled(index):
            end += self.plain_line(end) and self.titled(end)  # a title over two lines
        if self._lists(index, end, inline):
            for entry in range(index, end):
                self._take(entry, "attachments")
            return end
        if inline:
            return self._open("annex", index, (index, index), self._start(index + 1))
        mark = self.lines[index]
        begin = index + 1
        while begin < len(self.lines) and self.kind(begin) in ("page", "annex"):
            if self.kind(begin) == "annex":
                return begin
            begin += 1
        if begin >= len(self.lines):
            self._take(index, "attachments")
            return index + 1
        start = self._start(begin)
        title = self._below(begin, start, True)
        mark.role = "title"
        at = self._open("annex", title[0] if title else begin, title, min(start, title[1] + 1) if title else begin)
        mark.node = self.parts[-1]
        return at

    def _listed(self, index: int) -> bool:
        """Whether a line is one more item of a list of attachments."""
        words = self.words(index)
        heading = self.headings[index]
        if len(words) > 100 or "。" in words:
            return False
        if heading:
            return heading.style == "arabic"
        match = self.match(index)
        return bool(match and match.setting("is") == "annex" and match.groups.groupdict().get("title"))

    def _lists(self, index: int, end: int, inline: str) -> bool:
        """Whether the lines of 附件 are a list and not the attachment itself."""
        after = self.kind(end)
        closes = after in ("end", "date", "copy", "release", "page", "annex") or (
            end < len(self.lines) and (self.organisation(end) or (self.titled(end) and not inline))
        )
        if re.match(r"1\s*[.、]", inline):
            return True
        if not inline:
            return end > index + 1 and closes
        if closes or end > index + 1:
            return True
        following = self.next_heading[end]
        heading = self.headings[following] if following < len(self.lines) else None
        return not self.ended and heading is not None and heading.number != 1

    def _transmits(self, part: Node, following: Node | None) -> bool:
        """Whether a part is a transmittal letter: it says so, and what it sends follows or its title names it."""
        letter = [line for line in part.lines if line.role in ("text", "heading")][:6]
        says = any(MATTER.search(self.plain, line.start, min(line.end, line.start + 600)) for line in letter)
        names = bool(part.title and re.search("(?:印发|转发|下发).{2,}通知$", part.title))
        return says or names if following is not None else says and names



# The tree

UNCOUNTED = {"clause", "stage"}
"""Styles that are often counted on inside a paragraph: a gap in them says nothing."""
MOST = 50
"""Remarks on the numbering of one part; a text that has more is no notice."""
INNER = "inner-"
"""Before a style: a list with numbers of its own inside an item of the same style, as in a box."""
AHEAD = 12
"""Headings that are looked at ahead to tell a misprinted marker."""


@dataclass(slots=True)
class _Open:
    """A node that is still open, the style it counts in, and the number that comes next in this style."""

    node: Node
    style: str
    rank: int
    following: int | None


class _Tree:
    """Builds the heading tree of one part: by what the numbering shows first, by custom where it shows nothing."""

    def __init__(self, text: Text, part: Node, markers: dict[int, _Heading], diagnostics: list[Diagnostic]) -> None:
        self.text, self.part, self.diagnostics = text, part, diagnostics
        self.headings = [markers[line.start] for line in part.lines if line.role == "heading"]
        # the number that comes next in a heading's style, and the one at which counting on by one ends
        self.following: list[int | None] = [None] * len(self.headings)
        self.breaks: list[int | None] = [None] * len(self.headings)
        later: dict[str, int] = {}
        for index in range(len(self.headings) - 1, -1, -1):
            heading = self.headings[index]
            after = later.get(heading.style)
            if after is not None and heading.number is not None:
                self.following[index] = number = self.headings[after].number
                self.breaks[index] = self.breaks[after] if number == heading.number + 1 else number
            later[heading.style] = index
        self.stack = [_Open(part, "", -1, None)]
        self.inside: dict[str, str] = {}
        self.counted: dict[str, int] = {}
        self.remarks = 0

    def grow(self) -> None:
        """Give every line of the part its node."""
        lines, self.part.lines = self.part.lines, []
        order = 0
        for line in lines:
            if line.role == "heading":
                self._place(order, line)
                order += 1
            node = self.part if line.role in ("signature", "attachments") else self.stack[-1].node
            line.node = node
            node.lines.append(line)
            if node is not self.part:
                for open_node in self.stack:
                    open_node.node.end = line.end
        self.part.end = max(self.part.end, self.part.lines[-1].end if self.part.lines else 0)

    def _place(self, order: int, line: Line) -> None:
        """Put a heading under the node that it belongs to."""
        heading = self.headings[order]
        style = self._style(order)
        depth = next((at for at in range(len(self.stack) - 1, 0, -1) if self.stack[at].style == style), 0)
        if depth:
            self._remark(line, heading, self.stack[depth].node.number)
            del self.stack[depth:]
        else:
            while self.stack[-1].rank > heading.rank and not self._holds(self.stack[-1], style, heading):
                self.stack.pop()
            above = self.stack[-1].style
            if self.inside.setdefault(style, above) != above and self.stack[-1].node is not self.part:
                self._note("level-skipped", line, heading, "所在层级与前文不一致")
            if heading.number != 1 and self.counted.get(style, 0) + 1 != heading.number:
                self._remark(line, heading, 0)
        parent = self.stack[-1].node
        marker = self.text.shown[line.start : heading.end]
        node = Node(len(self.stack), line.start, line.end, marker=marker, number=heading.number, rule=heading.rule)
        node.parent, node.id = parent, f"{parent.id}.{len(parent.children) + 1}"
        parent.children.append(node)
        self.counted[style] = heading.number or 0
        self.stack.append(_Open(node, style, heading.rank, self.following[order]))

    def _holds(self, above: _Open, style: str, heading: _Heading) -> bool:
        """Whether a heading stands under one that by custom stands under it: it did before, or the outer counts on."""
        if self.inside.get(style) == above.style:
            return True
        return heading.number == 1 and above.node.number is not None and above.following == above.node.number + 1

    def _style(self, order: int) -> str:
        """The style that a heading counts in: another than its own where a first 一、 is plainly a misprinted (一)."""
        heading = self.headings[order]
        open_numbers = {open_node.style: open_node.node.number for open_node in self.stack}
        outer, inner = open_numbers.get(heading.style), open_numbers.get(INNER + heading.style)
        if inner is not None and heading.number == inner + 1:
            return INNER + heading.style
        if heading.number != 1 or outer is None:
            return heading.style
        begun = set()
        for later in self.headings[order + 1 : order + 1 + AHEAD]:
            if later.style == heading.style:
                break
            if later.number == 1:
                begun.add(later.style)
            elif later.number == 2 and later.style not in begun and later.style not in open_numbers:
                self.headings[order] = replace(heading, rank=later.rank)
                return later.style
        return INNER + heading.style if outer and self.breaks[order] == outer + 1 else heading.style

    def _remark(self, line: Line, heading: _Heading, before: int | None) -> None:
        """Say what is odd about a number that follows another of its style (0: none)."""
        number = heading.number
        if number is None or before is None or number == before + 1 or heading.style in UNCOUNTED:
            return
        if number == before:
            self._note("numbering-repeated", line, heading, "重复")
        elif number < before:
            self._note("numbering-restarted", line, heading, "重新起编")
        elif before:
            self._note("numbering-gap", line, heading, "与前一序号不连续")
        else:
            self._note("numbering-gap", line, heading, "之前缺少序号")

    def _note(self, code: str, line: Line, heading: _Heading, words: str) -> None:
        self.remarks += 1
        if self.remarks > MOST:
            return
        span = self.text.span(line.start, heading.end)
        message = f"序号“{heading.marker}”{words}"
        self.diagnostics.append(Diagnostic(code=code, severity="info", message=message, span=span))


# Titles

STOP = re.compile(
    r"(?:[^。:;!?(“《【\n]|\([^()\n]{0,200}\)|“[^”\n]{0,120}”|《[^》\n]{0,160}》|【[^】\n]{0,80}】|[(“《【])*+"
)
"""From a marker to where its title would end; what stands in brackets and quotes does not end it."""
ASSIGNED = re.compile(
    r"[(【〔](?:(?:牵头|责任|配合|负责|落实|完成|主办|协办)[^()]{0,300}"
    r"|[^()]{0,300}(?:牵头|负责|配合|落实|实施|参与|局|委|办|厅|部门|单位|政府|办公室|委员会))[)】〕]$"
)
"""An assignment in brackets after a title."""
HINTS = re.compile(
    r"^(?:对(?!接|标|外|内)|由|凡|经(?!济|营|费|办)|自(?=20|发|印|本)|到20|按照?(?!劳)|根据|依据|依照|本[办通方条规细意标指]|各[县市区级镇乡单有地部]"
    r"|[^,]{2,12}(?:应当|须|必须|不得))"
    r"|下列|以下|如下|每年|每季|每月|不少于|不低于|不超过|\d(?:[.\d]*)(?:万|亿|个|名|家|元|%|日内|天)|应当|必须|不得|是指|包括"
)
"""Words of a sentence that is content, seldom of a title."""
BRIEF, LIMIT, LONGEST = 12, 45, 80
"""Characters of a first sentence that is a title by itself, that may be one, and of a heading alone on its line."""


def _titles(text: Text, parts: list[Node], markers: dict[int, _Heading]) -> None:
    """Give each heading its title, or none where its first sentence already is content; siblings agree."""
    for part in parts:
        pending = [part]
        while pending:
            node = pending.pop()
            pending.extend(node.children)
            groups: dict[str, list[tuple[Node, _Title]]] = {}
            for child in node.children:
                heading = markers[child.start]
                groups.setdefault(heading.style, []).append((child, _Title.read(text, child, heading)))
            for group in groups.values():
                votes = sum(title.verdict for _, title in group)
                for child, title in group:
                    child.lines[0].body = title.start
                    if title.verdict > 0 or (title.verdict == 0 and (votes > 0 or (votes == 0 and title.likely))):
                        child.title = text.shown[title.start : title.end].strip()
                        child.lines[0].body = title.body


@dataclass(slots=True)
class _Title:
    """What may be a heading's title: `verdict` is 1 for surely one, -1 for surely none, 0 where siblings decide."""

    start: int
    end: int
    body: int
    verdict: int = -1
    likely: bool = False

    @classmethod
    def read(cls, text: Text, node: Node, heading: _Heading) -> "_Title":
        line, plain = node.lines[0], text.plain
        start = heading.end
        while start < line.end and plain[start] in " \t":
            start += 1
        found = STOP.match(plain, start, min(line.end, start + 400))
        end = found.end() if found else start
        sign = plain[end] if end < line.end else ""
        body = end + 1 if sign else end
        assigned = ASSIGNED.search(plain, start, end)
        if assigned and assigned.start() > start:
            end, body = assigned.start(), assigned.start()
        title = cls(start, end, body)
        words, rest = plain[start:end], plain[body : line.end].strip("。;")
        title.judge(words, sign, rest, bool(node.children), len(node.lines) > 1)
        if heading.style == "article" and sign == "。" and (len(words) > BRIEF or not rest):
            title.verdict = -1
        return title

    def judge(self, words: str, sign: str, rest: str, inner: bool, more: bool) -> None:
        """Whether words before a sign are a title; `rest` follows on the line, then `inner` headings or `more`."""
        length, clauses = len(words), words.count(",")
        content = bool(HINTS.search(words))
        if not words or sign == ";" or words[-1] in ",、" or length > LONGEST or (length > LIMIT and (sign or rest)):
            return
        if not sign and not rest:
            self.verdict = 1 if length <= LIMIT and not content else 0
            self.likely = length <= LIMIT or inner or more
        elif rest:
            sure = length <= BRIEF and not content
            self.verdict = 1 if sure else 0
            self.likely = not content and length <= 34 and clauses < 3
        elif inner or more:
            self.verdict = 1 if inner and not content and length <= 30 else 0
            self.likely = length <= 30 and not content
        elif length <= BRIEF and not content and not clauses:
            self.verdict, self.likely = 0, True
