"""Lines -> the parts of a file, each line with its role: transmittal letters, documents, attachments."""

from collections import Counter
from itertools import zip_longest

from policyparse.outline import LineRole, Node
from policyparse.rulebook import Rulebook
from policyparse.schema import PartKind
from policyparse.segment.attachments import inline_title, is_list, list_end
from policyparse.segment.beginnings import Title, text_start, title_above, title_below
from policyparse.segment.lines import SHORT, Lines
from policyparse.segment.markers import Marker

LETTERHEAD: dict[str, LineRole] = {"number": "doc_number", "date": "signature", "release": "signature"}
"""Roles of the lines between a title and its text; the others are of the text."""
OUTERMOST = frozenset({"comma", "chapter", "article"})
"""Styles with which a document's headings may begin."""
SIGNED = 20
"""Offices of the longest signature."""
SOON = 12
"""Lines within which the first heading follows a title."""
LETTER, READ = 6, 600
"""Lines of a letter, and characters of each, that say whether it transmits something."""


def divide(lines: Lines, rulebook: Rulebook) -> list[Node]:
    """The parts of a file in order; every line has its role and part afterwards, headings are not yet nested."""
    divider = _Divider(lines)
    divider.run()
    divider.drop_links()
    for part, following in zip_longest(divider.parts, divider.parts[1:]):
        if part.kind == "body" and _transmits(part, following, lines, rulebook):
            part.kind = "cover"
        elif part.kind == "body" and _is_table(part):
            part.kind = "annex"
    for number, part in enumerate(divider.parts, 1):
        part.id = str(number)
    return divider.parts


def _transmits(part: Node, following: Node | None, lines: Lines, rulebook: Rulebook) -> bool:
    """Whether a part is a transmittal letter: it says so, and what it sends follows or its title names it."""
    rules = rulebook.kind("transmittal")
    letter = [line for line in part.lines if line.role in ("text", "heading")][:LETTER]
    sentences = "\n".join(lines.plain[line.start : min(line.end, line.start + READ)] for line in letter)
    says = any(match.rule.set["in"] == "text" for match in rules.find(sentences))
    names = any(match.rule.set["in"] == "title" for match in rules.find(part.title or ""))
    return says or names if following else says and names


def _is_table(part: Node) -> bool:
    """Whether a part is a table with little around it, as the list of tasks that comes without its notice."""
    roles = Counter(line.role for line in part.lines)
    return roles["cell"] > roles["text"] and not roles["heading"] and not roles["addressee"]


class _Divider:
    """Goes through the lines once. Its methods take the line to read and return the line to go on with.

    `ended` is true between the end of a document and the beginning of the next, `top` the style of its first heading.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.parts: list[Node] = []
        self.ended, self.top = False, ""
        self._start = (0, -1)
        self._addressed: set[str] = set()  # a file may print a letter twice

    def run(self) -> None:
        at = self._open_first() if len(self.lines) else 0
        while at < len(self.lines):
            at = self._read(at)

    def drop_links(self) -> None:
        """Take back the last parts where they are but titles: links of the page to other documents."""
        while len(self.parts) > 1 and self.parts[-1].kind == "body":
            lines = self.parts[-1].lines
            if any(line.role != "title" for line in lines):
                return
            for line in lines:
                line.role, line.node = "furniture", None
            self.parts.pop()

    # where a part begins

    def _open_first(self) -> int:
        lines = self.lines
        start = text_start(lines, 0)
        title = title_above(lines, start)
        begin = title[0] if title else start
        if begin == len(lines):
            begin = start = next((i for i in range(len(lines)) if lines.kind(i) not in ("page", "label")), 0)
        for index in range(begin):
            lines[index].role = "doc_number" if lines.kind(index) == "number" else "furniture"
        return self._open("body", begin, title, start)

    def _open(self, kind: PartKind, begin: int, title: Title | None, start: int) -> int:
        """Begin a part; its title and the lines up to its text get their roles."""
        line = self.lines[begin]
        self.parts.append(Node(0, line.start, line.end, kind=kind, title=self._printed(title) if title else None))
        self.ended, self.top = False, ""
        index = begin
        while title and index <= title[1]:
            index = self._take(index, "title")
        index = self._letterhead(index, start)
        if self.lines.kind(index) != "addressee":
            return index
        self._addressed.add(self.lines.words(index))
        return self._take(index, "addressee")

    def _printed(self, title: Title) -> str:
        """The words of a title, without the 附件 on its line."""
        shown, (first, last) = self.lines.text.shown, title
        printed = [shown[line.start : line.end] for line in self.lines.lines[first : last + 1]]
        match = self.lines.match(first)
        if match and match.rule.set["is"] == "annex" and match["title"]:
            printed[0] = shown[match.groups.start("title") : match.end]
        return "".join(printed).strip()

    def _letterhead(self, index: int, start: int) -> int:
        """Give the lines between a title and its text their roles."""
        lines = self.lines
        while index < start:
            kind = lines.kind(index)
            if kind == "annex" and len(self.parts) > 1:
                break
            if kind == "contents":
                index = self._leave(index, min(lines.after_contents(index), start))
            elif kind in ("page", "label", "annex"):
                index = self._leave(index, index + 1)
            else:
                index = self._take(index, LETTERHEAD.get(kind, "text"))
        return index

    def _take(self, index: int, role: LineRole | None = None) -> int:
        """Give a line to the part that is open."""
        line, part = self.lines[index], self.parts[-1]
        if role and line.role != "cell":
            line.role = role
        line.node = part
        part.lines.append(line)
        part.end = line.end
        return index + 1

    def _leave(self, index: int, end: int) -> int:
        """Leave lines outside every part."""
        for at in range(index, end):
            self.lines[at].role = "furniture"
        return end

    # what comes after

    def _read(self, index: int) -> int:
        """Give one line, or what begins with it, its place."""
        lines = self.lines
        marker = lines.markers[index]
        if marker:
            return self._heading(index, marker)
        kind = lines.kind(index) if self.ended or not lines.holds_sentences(index) else ""
        before = lines[index - 1].role
        if kind == "page" or (kind == "label" and self.ended):
            return self._leave(index, index + 1)
        if kind == "contents":
            return self._leave(index, lines.after_contents(index))
        if kind == "annex":
            return self._annex(index)
        if kind == "addressee" and (self.ended or before == "furniture" or lines.words(index) in self._addressed):
            return self._open("body", index, None, index)
        if kind == "copy" or (kind == "date" and self._signs(index)):
            return self._sign(index)
        if kind == "release" and (self.ended or before in ("signature", "attachments")):
            return self._take(index, "signature")
        return self._after_end(index) if self.ended else self._inside(index)

    def _heading(self, index: int, marker: Marker) -> int:
        if self.ended and marker.number == 1 and marker.style in OUTERMOST | {self.top}:
            self._open("body", index, None, index)
        self.ended = False
        self.top = self.top or marker.style
        return self._take(index, "heading")

    def _after_end(self, index: int) -> int:
        """A line after the end of a document: the title of the next, or something left over."""
        looked, start = self._start
        if not looked <= index <= start:
            start = text_start(self.lines, index)
            self._start = index, start
        title = title_below(self.lines, index, start, annex=False)
        if title:
            return self._open("body", title[0], title, start)
        self.ended = not self.lines.is_prose(index)
        return self._take(index)

    def _inside(self, index: int) -> int:
        """A line of the text, or the title of a new document in the middle of it."""
        if self._restarts(index):
            return self._open("body", index, (index, index), text_start(self.lines, index + 1))
        return self._take(index)

    def _restarts(self, index: int) -> bool:
        """Whether a line inside the text is the title of a new document: the numbering begins again after it."""
        lines, words = self.lines, self.lines.words(index)
        if not index or not 5 <= len(words) <= SHORT or not lines.is_title(index) or lines.kind(index):
            return False
        if lines.words(index - 1)[-1] in ":,、":
            return False
        following, marker = lines.next_marker(index)
        return bool(marker and following - index <= SOON and marker.number == 1 and marker.style == self.top)

    # where a part ends

    def _signs(self, index: int) -> bool:
        """Whether a date closes a document: after its issuer, or before whatever comes after a document."""
        lines = self.lines
        if self.ended:
            return False
        match = lines.match(index)
        return (
            bool(match and "issuer" in match.groups.groupdict())
            or lines.is_organisation(index - 1)
            or lines[index - 1].role == "attachments"
            or lines.kind(index + 1) in ("end", "annex", "release", "copy", "page")
            or (index + 1 < len(lines) and lines.is_title(index + 1))
        )

    def _sign(self, index: int) -> int:
        """Close the part with a date: the issuers above it are of the signature."""
        lines = self.lines
        self.ended = True
        above = index - 1
        while above > 0 and index - above < SIGNED and lines[above].role == "text" and lines.is_organisation(above):
            lines[above].role = "signature"
            above -= 1
        return self._take(index, "signature")

    # attachments

    def _annex(self, index: int) -> int:
        """附件: the list of attachments, or the beginning of one."""
        end = list_end(self.lines, index)
        if is_list(self.lines, index, end, ended=self.ended):
            for entry in range(index, end):
                self._take(entry, "attachments")
            return end
        if inline_title(self.lines, index):
            return self._open("annex", index, (index, index), text_start(self.lines, index + 1))
        return self._annex_below(index)

    def _annex_below(self, index: int) -> int:
        """An attachment whose title stands below the line 附件."""
        lines = self.lines
        begin = index + 1
        while lines.kind(begin) == "page":
            begin += 1
        if lines.kind(begin) == "annex":
            return begin
        if begin >= len(lines):
            return self._take(index, "attachments")
        start = text_start(lines, begin)
        title = title_below(lines, begin, start, annex=True)
        lines[index].role = "title"
        at = self._open("annex", title[0] if title else begin, title, min(start, title[1] + 1) if title else begin)
        lines[index].node = self.parts[-1]
        return at
