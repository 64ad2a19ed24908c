"""Facts about the notice itself, from its head, its signature and the labels of its page."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

import regex

from policyparse.dates import day
from policyparse.document import Document
from policyparse.rulebook import Rulebook
from policyparse.schema import DocNumber, Metadata
from policyparse.outline import Outline
from policyparse.text import Span, Text

HEAD, TAIL = 60, 20
"""Lines at either end of a file in which a head and a foot are looked for."""
SHORT, LONG, LONGEST = 40, 60, 600
"""Characters of a line that may be a signature, that is rather text, that is surely text."""
OPENING = "#*>|-·•【[( "
"""Signs of markdown and of menus before the words of a line."""
FOOT = frozenset({"publisher", "source", "doc_number", "index_number"})
"""What the labels below the text of a page may say."""


class Label(NamedTuple):
    """A label of the page and what it announces."""

    field: str
    start: int
    end: int


@dataclass(slots=True)
class Found:
    """Values and where they were read; the first to say has it."""

    text: Text
    values: dict[str, object] = field(default_factory=dict)
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def put(self, name: str, value: object, *places: Span) -> None:
        if value and name not in self.values:
            self.values[name] = value
            if places:
                self.evidence[name] = tuple(self.text.span(*place) for place in places)


def metadata(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> Metadata:
    """The notice's own facts: its print has the first word, then the labels of its page, then the file's format."""
    found = Found(text)
    lines = list(_lines(text.plain))
    shapes = Shapes(rulebook)
    labels = _labels(text, lines, rulebook)
    head = Head(text, lines, set(map(_line_of(lines), labels)), shapes, found)
    values = dict(_values(text, lines, labels, head.top, shapes))
    head.glued()
    head.number(values.get("doc_number"))
    head.title(values.get("title"))
    head.addressees()
    Foot(text, lines, shapes, found, head.top, head.labelled).read()
    _take_labels(text, values, found)
    _take_format(document, found)
    for part in outline.parts:
        if part.kind != "body":
            continue
        found.put("title", part.title, (part.start, min(part.start + len(part.title or ""), part.end)))
    title = found.values.get("title")
    if isinstance(title, str) and shapes["draft"].search(title):
        found.put("status", "draft")
        found.evidence["status"] = found.evidence.get("title", ())
    return Metadata.model_validate({**found.values, "evidence": found.evidence})


class Shapes:
    """The rules of metadata by their names, and the endings of names and titles."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = {compiled.rule.id: compiled for compiled in rulebook.kind("metadata").rules}
        self.agencies = tuple(rulebook.words("agency_endings"))
        self.titles = tuple(rulebook.words("title_endings"))
        self.coverings = tuple(rulebook.words("covering_endings"))
        self.navigation = frozenset(rulebook.words("navigation"))
        self.no_publisher = frozenset(rulebook.words("no_publisher"))

    def __getitem__(self, name: str) -> "regex.Pattern[str]":
        return self._rules[f"metadata.{name}"].pattern

    def is_agency(self, words: str) -> bool:
        """Whether words are the name of a body, or of several in one line."""
        words = self["seal"].sub("", words.strip())
        return words.endswith(self.agencies) and self["names"].fullmatch(words) is not None

    def without_note(self, title: str) -> str:
        """A title without the notes and quotation marks that may follow it."""
        title = title.strip()
        while title.endswith((")", "〕")) and (shorter := self["title-note"].sub("", title)) != title:
            title = shorter
        return title

    def is_title(self, words: str) -> bool:
        """Whether words end as titles do."""
        words = self.without_note(words)
        return len(words) >= 6 and words.rstrip("》”\"").endswith(self.titles)


def _lines(plain: str) -> Iterator[Span]:
    at = 0
    for line in plain.split("\n"):
        if line:
            yield at, at + len(line)
        at += len(line) + 1


def _line_of(lines: Sequence[Span]) -> Callable[[Label], int]:
    """The number of the line that holds a label."""
    starts = [start for start, _ in lines]
    return lambda label: bisect_right(starts, label.start) - 1


def _gap(text: Text, at: int) -> bool:
    """Whether blanks stand before a kept character in the source, or a line begins there."""
    return at in (0, len(text)) or text.plain[at - 1] in " \n" or text.origins[at] - text.origins[at - 1] > 1


def _labels(text: Text, lines: Sequence[Span], rulebook: Rulebook) -> list[Label]:
    """The labels at either end of the page, in order, none inside another."""
    found = []
    for edge in (lines[:HEAD], lines[max(HEAD, len(lines) - TAIL) :]):
        base = edge[0][0] if edge else 0
        starts = [start for start, _ in edge]
        plain = text.plain[base : edge[-1][1]] if edge else ""
        for _, match in rulebook.kind("label").candidates(plain):
            start, end = edge[bisect_right(starts, base + match.start) - 1]
            if end - start <= LONGEST and _is_label(text, base + match.start, base + match.end, start, end):
                found.append(Label(match.rule.set["field"], base + match.start, base + match.end))
    labels: list[Label] = []
    for label in sorted(found, key=lambda label: (label.start, -label.end)):
        if not labels or label.start >= labels[-1].end:
            labels.append(label)
    return labels


def _is_label(text: Text, start: int, end: int, first: int, last: int) -> bool:
    """A label stands apart and has a colon after it; at a line's start, or between blanks, it may go without."""
    plain = text.plain
    while first < start and plain[first] in OPENING:
        first += 1
    after = end
    while after < last and plain[after] in " *】]":
        after += 1
    apart = start == first or _gap(text, start)
    if after < last and plain[after] == ":":
        return apart or not plain[start - 1].isalpha()
    return apart and (_gap(text, end) or plain[end] in "】]") and (start == first or end < last)


def _values(
    text: Text, lines: Sequence[Span], labels: Sequence[Label], top: int, shapes: Shapes
) -> Iterator[tuple[str, Span]]:
    """Each labelled field and its value; where a label ends its line, the next line is its value."""
    line_of = _line_of(lines)
    held = {line_of(label) for label in labels}
    seen = {"other"}
    for label, follower in zip_longest(labels, labels[1:]):
        number = line_of(label)
        foot = label.field in FOOT and number >= len(lines) - TAIL and label.start - lines[number][0] <= 2
        if number >= top and not foot:
            continue
        stop = lines[number][1]
        value = _bare(text, label.end, min(stop, follower.start) if follower else stop)
        last_in_line = follower is None or follower.start >= stop
        if value[0] >= value[1] and last_in_line and number + 1 < len(lines) and number + 1 not in held:
            value = _bare(text, *lines[number + 1])
        if value[0] < value[1] and label.field not in seen and _fits(label.field, text.plain[slice(*value)], shapes):
            seen.add(label.field)
            yield label.field, value


def _bare(text: Text, start: int, end: int) -> Span:
    """A value without the signs around it."""
    while start < end and text.plain[start] in ": *】]|·":
        start += 1
    while end > start and text.plain[end - 1] in " *|[【·":
        end -= 1
    return start, end


def _fits(name: str, value: str, shapes: Shapes) -> bool:
    """Whether a value is of the kind that its label announces."""
    if name in ("issued_on", "published_on", "time"):
        return day(value[:20]) is not None
    if name == "doc_number":
        return shapes["number"].search(value) is not None or shapes["order"].fullmatch(value) is not None
    if name == "index_number":
        return value[0].isascii() and value[0].isalnum() and len(value) >= 4
    if name in ("publisher", "source", "issuers"):
        return shapes["names"].fullmatch(value) is not None and value not in shapes.no_publisher
    return 4 <= len(value) <= 200


def _take_labels(text: Text, values: dict[str, Span], found: Found) -> None:
    """What only the labels of the page say."""
    for label, name in (("issued_on", "issued_on"), ("published_on", "published_on"), ("time", "published_on")):
        if label in values:
            found.put(name, day(text.plain[slice(*values[label])]), values[label])
    if "index_number" in values:
        start, end = values["index_number"]
        end = next((at for at in range(start, end) if text.plain[at] == " " or not text.plain[at].isascii()), end)
        found.put("index_number", text.shown[start:end], (start, end))
    for name in ("publisher", "source"):
        if name in values:
            found.put("publisher", text.shown[slice(*values[name])], values[name])
    if "issuers" in values:
        pieces = _split(text, *values["issuers"], "、,;")
        found.put("issuers", tuple(text.shown[start:end] for start, end in pieces), *pieces)


def _take_format(document: Document, found: Found) -> None:
    """What only the file's format says, as the meta elements of a web page."""
    for name in ("title", "publisher", "index_number"):
        found.put(name, document.metadata.get(name))
    for name in ("issued_on", "published_on"):
        found.put(name, day(document.metadata.get(name, "")))


def _split(text: Text, start: int, end: int, signs: str) -> list[Span]:
    """The pieces between separators that stand in no bracket."""
    pieces, depth, begun = [], 0, start
    for at in range(start, end):
        character = text.plain[at]
        depth += (character in "(〔") - (character in ")〕")
        if depth <= 0 and character in signs:
            pieces.append((begun, at))
            begun = at + 1
    trimmed = (text.trim(*piece) for piece in (*pieces, (begun, end)))
    return [piece for piece in trimmed if piece[0] < piece[1]]


@dataclass(slots=True)
class Head:
    """What is printed above the text: title, document number, addressees."""

    text: Text
    lines: list[Span]
    labelled: set[int]
    """Numbers of the lines that hold labels."""
    shapes: Shapes
    found: Found
    top: int = field(init=False)
    """How many lines the head has: up to the addressees, the first heading or the first text."""

    def __post_init__(self) -> None:
        self.top = next((number for number in range(min(HEAD, len(self.lines))) if self.is_text(number)),
                        min(HEAD, len(self.lines)))

    def words(self, number: int) -> str:
        start, end = self.lines[number]
        return self.text.plain[start:end]

    def is_text(self, number: int) -> bool:
        if number in self.labelled:
            return False
        words = self.words(number).lstrip(OPENING)
        sentence = words.endswith("。") or (len(words) >= SHORT and "。" in words)
        return sentence or self.is_addressed(number) or self.shapes["heading"].match(words) is not None

    def is_addressed(self, number: int) -> bool:
        words = self.words(number)
        return words.endswith(":") and self.shapes["addressees"].fullmatch(words[:-1]) is not None

    def glued(self) -> None:
        """A head that runs on into the text: 关于…的意见青政发〔2023〕1号各乡镇人民政府:…"""
        if self.top >= len(self.lines):
            return
        start, end = self.lines[self.top]
        match = self.shapes["glued"].match(self.text.plain, start, min(end, start + LONGEST))
        if not match:
            return
        addressed = match["addressees"] and self.shapes["addressees"].fullmatch(match["addressees"])
        if not match["number"] and not addressed:
            return
        first, last = match.span("title")
        self.found.put("title", self.text.shown[first:last], (first, last))
        if match["number"]:
            self.put_number(*match.span("number"))
        if addressed:
            self.put_addressees(*match.span("addressees"))

    def number(self, labelled: Span | None) -> None:
        """The document number: its own line in the head, its label, an order's, or before the title in a link below."""
        plain = self.text.plain
        for number, line in enumerate(self.lines[: self.top + 3]):
            match = number not in self.labelled and self.shapes["number-line"].match(plain, *line)
            if match:
                return self.put_number(*match.span("all"))
        if labelled:
            match = self.shapes["number"].search(plain, *labelled)
            return self.put_number(*(match.span() if match else labelled))
        for line in self.lines[: self.top + 1]:
            if self.shapes["order"].fullmatch(plain, *line):
                return self.put_number(*line)
        for line in self.lines[max(self.top, len(self.lines) - TAIL) :]:
            match = self.shapes["number-link"].match(plain, *line)
            if match:
                return self.put_number(*match.span("all"))
        return None

    def put_number(self, start: int, end: int) -> None:
        while start < end and self.text.plain[start] in "( ":
            start += 1
        match = self.shapes["number"].match(self.text.plain, start, end) or self.shapes["order"].fullmatch(
            self.text.plain, start, end
        )
        if match:
            groups = match.groupdict()
            written = "".join(self.text.shown[start : match.end()].split())
            year, serial = groups["year"], groups["serial"]
            value = DocNumber(text=written, agency=groups.get("agency"), year=year and int(year), serial=int(serial))
            self.found.put("doc_number", value, (start, match.end()))

    def may_be_title(self, number: int) -> bool:
        """Whether a line of the head may be a title or a piece of one."""
        words = self.words(number)
        return (
            number not in self.labelled
            and 2 <= len(words) <= 120
            and words.strip(OPENING) not in self.shapes.navigation
            and not self.shapes["no-title"].search(words)
            and not self.shapes["number-line"].match(words)
            and not self.shapes["date-line"].match(words)
        )

    def is_marked(self, number: int) -> bool:
        """Whether the line is the first, and markdown calls it the title of the page."""
        start = self.text.origins[self.lines[number][0]]
        return number == 0 and self.text.source[max(0, start - 2) : start] == "# " and len(self.words(0)) >= 4

    def titles(self) -> Iterator[tuple[int, int]]:
        """First and last line of each title printed in the head."""
        taken = -1
        for last in range(self.top):
            if self.is_marked(last) or (self.may_be_title(last) and self.shapes.is_title(self.words(last))):
                first = last if self.is_marked(last) else self.beginning(last, taken)
                taken = last
                yield first, last

    def beginning(self, last: int, taken: int) -> int:
        """The line in which a title begins that ends in a line."""
        first, joined = last, self.words(last)
        while first - 1 > taken and last - first < 4 and self.may_be_title(first - 1):
            above = self.words(first - 1)
            if not self.goes_on(above, joined, range(max(taken + 1, first - 3), first)):
                break
            first, joined = first - 1, above + joined
        return first

    def goes_on(self, above: str, joined: str, lines_above: Iterable[int]) -> bool:
        """Whether a title that is read from below goes on in the line above it."""
        if joined.count("《") != joined.count("》") or joined.count("(") != joined.count(")"):
            return True
        if self.shapes.is_title(above):
            return False
        if self.shapes["title-unfinished"].search(above):
            return True
        if self.shapes["title-verb"].match(joined):
            return self.shapes.is_agency(above)
        word = self.shapes["title-word"]
        return not word.search(joined) and any(
            self.may_be_title(number) and word.search(self.words(number)) for number in lines_above
        )

    def title(self, labelled: Span | None) -> None:
        """The printed title of the notice, that of the transmittal where there is one; else what a label says.

        Where a page prints the title twice, the printing next to the text is meant.
        """
        printed = [(self.lines[first][0], self.lines[last][1]) for first, last in self.titles()]
        cores = [_core(self.text.plain[start:end]) for start, end in printed]
        chosen = None
        if labelled and self.shapes.is_title(self.text.plain[slice(*labelled)]):
            wanted = _core(self.text.plain[slice(*labelled)])
            chosen = max((at for at, core in enumerate(cores) if core == wanted), default=None)
            if chosen is None:
                return self.put_title(*labelled)
        elif printed:
            ends = [self.shapes.without_note(core).rstrip("》").endswith(self.shapes.coverings) for core in cores]
            first = ends.index(True) if True in ends else 0
            chosen = max(at for at in range(first, len(cores)) if cores[first].endswith(cores[at]))
        if chosen is not None:
            self.put_title(*printed[chosen])
        elif labelled:
            self.put_title(*labelled)
        return None

    def put_title(self, start: int, end: int) -> None:
        while start < end and self.text.plain[start] in OPENING.replace("(", ""):
            start += 1
        value = self.text.shown[start:end].replace("\n", "").rstrip("* ")
        self.found.put("title", self.shapes["extension"].sub("", value), (start, end))

    def addressees(self) -> None:
        """主送机关: the line before the text that ends in a colon, or what runs on into the text."""
        for number in range(self.top, min(self.top + 2, len(self.lines))):
            if self.is_addressed(number):
                start, end = self.lines[number]
                while number and self.words(number - 1).endswith((",", "、", ";")):
                    number -= 1
                    start = self.lines[number][0]
                return self.put_addressees(start, end - 1)
        if self.top < len(self.lines):
            start, end = self.lines[self.top]
            match = self.shapes["addressees-glued"].match(self.text.plain, start, end)
            if match and self.shapes["addressees"].fullmatch(match["addressees"]):
                self.put_addressees(*match.span("addressees"))
        return None

    def put_addressees(self, start: int, end: int) -> None:
        pieces = _split(self.text, start, end, ",;")
        if len(pieces) == 1:
            pieces = self.bodies(_split(self.text, start, end, "、"))
        values = tuple(self.text.shown[first:last].replace("\n", "") for first, last in pieces)
        self.found.put("addressees", values, *pieces)

    def bodies(self, pieces: Sequence[Span]) -> list[Span]:
        """Pieces of a list, those that share one head noun made one again (各市、县人民政府)."""
        joined: list[Span] = []
        begun: int | None = None
        for number, (start, end) in enumerate(pieces, 1):
            begun = start if begun is None else begun
            after = self.text.plain[slice(*pieces[number])] if number < len(pieces) else ""
            shared = after and self.shapes["shared"].search(self.text.plain[start:end])
            if not shared or self.shapes["separate"].match(after):
                joined.append((begun, end))
                begun = None
        return joined


@dataclass(slots=True)
class Foot:
    """What is printed below the text of the notice, or of its transmittal: signature and attachments."""

    text: Text
    lines: list[Span]
    shapes: Shapes
    found: Found
    top: int
    labelled: set[int]

    def read(self) -> None:
        self.signature()
        self.attachments()
        title = self.found.values.get("title")
        if isinstance(title, str) and title.endswith("令") and self.shapes.is_agency(title[:-1]):
            self.found.put("issuers", (title[:-1],))  # an order is signed by a person, and issued by whom it names

    def signature(self) -> None:
        """Who signed, and when: a date alone or after a name, below text."""
        plain = self.text.plain
        begun = False
        for number in range(self.top, len(self.lines)):
            start, end = self.lines[number]
            if number in self.labelled or (not begun and end - start <= SHORT):
                begun = end - start > 15 or plain[end - 1] == "。"
                continue
            begun = True
            if "日" not in plain[max(start, end - 16) : end] and end - start <= LONG and not plain[end - 1].isdigit():
                continue
            if end - start > LONG:
                match = self.shapes["signed-end"].search(plain, start, end) if "日" in plain[start:end] else None
            else:
                match = self.shapes["date-line"].match(plain, start, end)
                if match:
                    signed = self.signers(number)
                    self.put_signature(signed, match)
                    if signed:
                        break
                    continue
                match = self.shapes["signed-line"].match(plain, start, end)
            if match and self.shapes.is_agency(match["issuer"]):
                self.put_signature(self.divided(*match.span("issuer")), match)
                break

    def signers(self, number: int) -> list[Span]:
        """The names in the lines above a date."""
        signed: list[Span] = []
        for above in range(number - 1, max(self.top - 1, number - 16), -1):
            words = self.text.plain[slice(*self.lines[above])]
            if above in self.labelled or self.shapes["heading"].match(words) or not self.shapes.is_agency(words):
                break
            signed[:0] = self.divided(*self.lines[above])
        return signed

    def divided(self, start: int, end: int) -> list[Span]:
        """The names in one line, between which blanks of the source stand."""
        cuts = [at for at in range(start + 1, end) if _gap(self.text, at)]
        pieces = [self.text.trim(*piece) for piece in zip([start, *cuts], [*cuts, end], strict=True)]
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        return pieces if all(last - first >= 3 for first, last in pieces) else [self.text.trim(start, end)]

    def put_signature(self, signed: Sequence[Span], match: "regex.Match[str]") -> None:
        self.found.put("issued_on", day(match["on"]), match.span("on"))
        self.found.put("issuers", tuple(self.name(*place) for place in signed), *signed)

    def name(self, start: int, end: int) -> str:
        """A name without blanks and without the note that stands for a seal."""
        seal = self.shapes["seal"].search(self.text.plain, start, end)
        return "".join(self.text.shown[start : seal.start() if seal else end].split())

    def attachments(self) -> None:
        """The list under 附件: items on one line or on several, titles only."""
        for number, (start, end) in enumerate(self.lines):
            match = end - start <= LONGEST and self.text.plain[start] == "附" and self.attachment(number)
            if match and (match["colon"] or match["rest"].startswith("1.")):
                items = [(item, self.item_title(*item)) for item in self.items(number, match)]
                items = [(item, title) for item, title in items if not title.isascii()]
                self.found.put("attachments", tuple(title for _, title in items), *(item for item, _ in items))

    def attachment(self, number: int) -> "regex.Match[str] | None":
        return self.shapes["attachment"].fullmatch(self.text.plain, *self.lines[number])

    def items(self, number: int, match: "regex.Match[str]") -> Iterator[Span]:
        """The items of the list that begins in a line: 附件:1.… 2.…, 附件1:… 附件2:…, or a single one."""
        if match["number"]:
            following: regex.Match[str] | None = match
            while following and following["number"] and following["rest"]:
                yield following.span("rest")
                number += 1
                following = self.attachment(number) if number < len(self.lines) else None
            return
        start, end = match.span("rest")
        expected = 1
        while True:
            cuts: list[regex.Match[str]] = []
            for cut in self.shapes["attachment-item"].finditer(self.text.plain, start, end):
                if int(cut["number"]) == expected and (cuts or cut.start() == start):
                    cuts.append(cut)
                    expected += 1
            if not cuts and expected == 1 and start < end:
                yield start, end
            if not cuts and (expected > 1 or start < end):
                return
            for cut, after in zip_longest(cuts, cuts[1:]):
                yield self.text.trim(cut.end(), after.start() if after else end)
            number += 1
            if number >= len(self.lines) or self.lines[number][1] - self.lines[number][0] > 3 * LONG:
                return
            start, end = self.lines[number]

    def item_title(self, start: int, end: int) -> str:
        title: str = self.shapes["extension"].sub("", self.text.shown[start:end].strip().rstrip("。;；,， "))
        return self.shapes["attachment-mark"].sub("", title, 1).strip() or title


def _core(title: str) -> str:
    """What two printings of one title have in common."""
    return "".join(sign for sign in title.strip() if sign not in ' \n“”"*#()|>-—~…').removesuffix(".")
