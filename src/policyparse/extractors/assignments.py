"""Who is responsible, and as what: brackets, labelled lines and table cells that assign organisations."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, get_args

from policyparse.extractors.tables import Row, top
from policyparse.outline import Line, Node, Outline
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Assignment, Diagnostic, Fields, Role
from policyparse.shapes import shapes
from policyparse.text import Span, Text
from policyparse.words import HAN, Lexicon, lexicon

ROLES: tuple[Role, ...] = get_args(Role)
PLAIN = 14
"""Under a label a name need not look like an organisation (园区, 职中), if it is no longer than this."""
LONGEST = 800
"""No list after a label is longer."""
SEPARATOR = re.compile(
    r"(?=[、,;。/|\s①-⑳.·\d(〔\[〈省市县区州各])"  # all that it can begin with, which is sooner tried
    rf"(?:[、,;。/|\s①-⑳]|[.·](?={HAN})|\d{{1,2}}(?:[.·](?={HAN})|\))"
    r"|(?P<note>\([^()\n]*\)|〔[^〔〕\n]*〕|\[[^\[\]\n]*\]|〈[^〈〉\n]*〉)"
    "|(?=[省市县区州](?!级|域)|各[镇乡县市区])(?:(?<=牵头)|(?<=负责)|(?<=配合)))"
)
"""What parts names; a note after a name does not, and a lost blank after a duty does (县教育局牵头县财政局配合)."""
AFTER_LABEL = re.compile(r"[:\]为】](?!牵头|责任|配合)")
CHINESE = re.compile(HAN)
LABELS = ("assignment.label", "assignment.label-after-sentence")
"""The rules of labels whose list runs to the end of the sentence or line."""
SENTENCE_ENDS = ("", "\n", "。", ";", "!", "?", ".")
LATIN = re.compile(rf"[\w.](?<!{HAN})$")
EDGE = " \t\n,;、。.:*★☆▲◆●■-—·()[]【】"


class Named:
    """An organisation found in the cleaned text and what it is to be.

    `each` lists have no first among equals; a `bare` name stands with no role word at all.
    """

    __slots__ = ("bare", "each", "end", "role", "start")

    def __init__(self, start: int, end: int, role: Role, each: bool = False, bare: bool = False) -> None:
        self.start, self.end, self.role, self.each, self.bare = start, end, role, each, bare


Names = tuple[str, list[Named]]
"""The names of one bracket, line or cell, with the id of the rule that found it."""


class Piece(NamedTuple):
    """What stands between two separators: names, those they act with (会同), the duty after them, what is no name."""

    names: tuple[Span, ...]
    partners: tuple[Span, ...]
    duty: Role | None
    each: bool
    unread: int


class Endings:
    """Words to be met at the end of something, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.letters = frozenset(word[-1] for word in self.words)
        self.lengths = sorted({len(word) for word in self.words}, reverse=True)

    def of(self, text: str, start: int, end: int) -> str | None:
        """The longest of the words that stands right before `end`."""
        if end > start and text[end - 1] in self.letters:
            for length in self.lengths:
                if end - start >= length and text[end - length : end] in self.words:
                    return text[end - length : end]
        return None


class Grammar:
    """The word lists, ready to read what stands inside a bracket, a line or a cell."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.lexicon: Lexicon = lexicon(rulebook)
        self.labels: dict[str, Role | None] = dict.fromkeys(rulebook.words("labels_other"))
        self.duties: dict[str, Role] = {}
        for role in ROLES:
            self.labels.update(dict.fromkeys(rulebook.words(f"labels_{role}"), role))
            self.duties.update(dict.fromkeys(rulebook.words(f"duties_{role}"), role))
        self.each = frozenset(rulebook.words("duty_manners_each"))
        self.label_ends = Endings(self.labels)
        self.other_ends = Endings(rulebook.words("label_ends_other"))
        self.unit_labels = tuple(label for label in self.labels if label.endswith(("单位", "部门")))
        self.duty_ends = Endings(self.duties)
        self.manner_ends = Endings({*rulebook.words("duty_manners"), *self.each})
        self.name_starts = tuple(sorted(rulebook.words("name_starts"), key=len, reverse=True))
        self.not_names = (*rulebook.words("not_names"), "(")
        self.surnames = rulebook.words("surnames")
        self.owners = rulebook.words("label_owners")
        self.no_label = rulebook.words("no_label_followers")
        self.explained = rulebook.words("explained_words")
        self.shapes = shapes(rulebook, "name")
        self.piece = lru_cache(maxsize=4096)(self._piece)  # the same names come again and again

    def read(self, text: str, start: int, end: int, role: Role | None) -> tuple[list[Named], int]:
        """The organisations between two places, and how many pieces could not be read as one."""
        names: list[Named] = []
        unread = 0
        for own, low, high in self._sections(text, start, end, role):
            unread += self._list(text, low, high, own, names)
        return names, unread

    def _sections(self, text: str, start: int, end: int, role: Role | None) -> Iterator[tuple[Role | None, int, int]]:
        """What stands under each label; what stands under a label of no role is left out."""
        low, skip = start, False
        for own, begin, stop in self._labels(text, start, end):
            if not skip:
                yield role, low, begin
            role, skip, low = own, own is None, stop
        if not skip:
            yield role, low, end

    def _labels(self, text: str, start: int, end: int) -> Iterator[tuple[Role | None, int, int]]:
        """The role that each label gives, None where it names no organisations, and where the label stands."""
        low = start
        for mark in AFTER_LABEL.finditer(text, start, end):
            stop = mark.start()
            if text[stop - 1] in ")]】〕":  # 责任单位(部门): or 【责任单位】:
                stop = max(stop - 1, low) if (note := text.rfind("(", low, stop)) <= low else note
            if label := self.label_ends.of(text, low, stop):
                begin = stop - len(label)
            elif mark[0] == ":" and self.other_ends.of(text, low, stop):  # 帮扶单位:
                begin = 1 + max(low - 1, *(text.rfind(sign, low, stop) for sign in ",;。、 "))
            else:
                continue
            before = text[begin - 1 : begin]
            noted = mark[0] in "]】" and CHINESE.match(text, begin - 2)  # 县教育局[牵头]
            if before not in self.owners and not noted:
                yield self.labels.get(label or ""), begin, mark.end()
                low = mark.end()
        if low == start and text.startswith(self.unit_labels, start):  # 责任单位县发改局: the colon is lost
            label = next(label for label in self.unit_labels if text.startswith(label, start))
            stop = start + len(label)
            if stop < end and text[stop] not in self.no_label:
                yield self.labels[label], start, stop

    def _list(self, text: str, start: int, end: int, role: Role | None, names: list[Named]) -> int:
        """Add the organisations of one list to `names`; give back how many pieces are none."""
        waiting: list[Named] = []
        segment = unread = 0
        partnered = False
        for low, high, hard, note in self._pieces(text, start, end):
            piece = self.piece(text[low:high], role is not None)
            unread += piece.unread
            found = [Named(low + a, low + b, role or "responsible", False, role is None) for a, b in piece.names]
            waiting += found
            duty, since = piece.duty, segment if role else 0
            if piece.partners:  # A会同B、C负责: A leads, the others support
                names += [Named(one.start, one.end, "lead") for one in waiting[since:]]
                waiting[since:] = [Named(low + a, low + b, "support") for a, b in piece.partners]
                partnered = True
            if note:
                duty, since = note, len(waiting) - len(found[-1:])
            if duty:
                duty = "support" if partnered and duty != "supervise" else duty
                if role or found or piece.partners or not piece.unread:  # else it is the duty of something unread
                    names += [Named(one.start, one.end, duty, piece.each) for one in waiting[since:]]
                del waiting[since:]
                partnered = False
            if hard:
                segment = len(waiting)
        names += waiting
        names.sort(key=lambda one: one.start)
        return unread

    def _pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, bool, Role | None]]:
        """The pieces between separators, whether a comma or more follows, and a role noted in a bracket behind."""
        low = joined = start
        for found in SEPARATOR.finditer(text, start, end):
            at, stop = found.span()
            if at < joined:
                continue
            sign, note = text[at:stop], None
            if sign == "、":
                joined = self.lexicon.shared(text, low, at, end)
                if joined > at:
                    continue
            elif found.lastgroup:
                note = self.duties.get(sign[1:-1]) or self.labels.get(sign[1:-1])
                if not note:  # part of the name
                    continue
            hard = sign in ",;。"
            if low < at or hard:
                yield low, at, hard, note
            low = stop
        if low < end:
            yield low, end, True, None

    def _piece(self, piece: str, lenient: bool) -> Piece:
        if self.shapes["lead-note"].search(piece):
            return Piece((), (), None, False, 0)
        end, duty, each = self._duty(piece)
        partner = piece.find("会同", 0, end)
        names, unread = self._names(piece, 0, partner if partner >= 0 else end, lenient)
        partners = self._names(piece, partner + 2, end, lenient)[0] if partner >= 0 else ()
        if end and not names and not partners:  # 持续推进: not said of the names before
            duty = None
        return Piece(names, partners, duty, each, unread)

    def _duty(self, piece: str) -> tuple[int, Role | None, bool]:
        """Where the names end, the duty that follows them, and whether each has its own."""
        end = len(piece.rstrip("。.;,"))
        duty = self.duty_ends.of(piece, 0, end)
        if not duty or self.lexicon.known(piece[:end]):  # 县政协办 is a name, and no 协办
            return end, None, False
        end -= len(duty)
        each = False
        while manner := self.manner_ends.of(piece, 0, end):
            end -= len(manner)
            each = each or manner in self.each
        return end, self.duties[duty], each

    def _names(self, piece: str, start: int, end: int, lenient: bool) -> tuple[tuple[Span, ...], int]:
        parts = self.lexicon.parts(piece, start, end) if start < end else []
        names = [(part, self._name(piece, part, lenient)) for part in parts]
        unread = sum(not name and not self.shapes["timely"].search(piece, *part) for part, name in names)
        return tuple(name for _, name in names if name), unread

    def _name(self, piece: str, part: Span, lenient: bool) -> Span | None:
        """The organisation alone, or None where a part is none."""
        start, end = part
        if (by := piece.rfind("由", start, end - 2)) >= 0 and piece[by - 1 : by] != "自":
            start = by + 1
        shared = "、" in piece[start:end]  # 财政、教育等部门 is one body
        if not shared:
            end = self.lexicon.without_others(piece, start + 2, end)
        while start < end and piece[start] in EDGE and piece[start] != "(":
            start += 1
        if piece.startswith(self.name_starts, start) and not self.lexicon.known(piece[start:end]):
            word = next(word for word in self.name_starts if piece.startswith(word, start))
            start += len(word) if end - start > len(word) + 1 else 0
        while end > start and piece[end - 1] in EDGE and not (piece[end - 1] == ")" and "(" in piece[start:end]):
            end -= 1
        end = self._before_person(piece, start, end, lenient)
        name = piece[start:end]
        if not name or name in self.labels or name.startswith(self.not_names) or name.isascii():
            return None
        if self.shapes["none"].search(name):
            return None
        if self.lexicon.organisation(name) or self.lexicon.generic(name):
            return start, end
        return (start, end) if lenient and len(name) <= PLAIN and not self._person(name) else None

    def _before_person(self, piece: str, start: int, end: int, lenient: bool) -> int:
        """Where a name ends that a person follows, 县教育局(李某某); without a bracket under a label only."""
        if piece[end - 1] == ")":
            note = piece.rfind("(", start, end)
            return note if self._person(piece[note + 1 : end - 1]) else end
        if lenient and not self.lexicon.organisation(piece[start:end]):
            for low in (end - 3, end - 2):
                if low > start + 2 and self._person(piece[low:end]) and self.lexicon.organisation(piece[start:low]):
                    return low
        return end

    def _person(self, name: str) -> bool:
        return 1 < len(name) < 4 and name.startswith(self.surnames) and not self.lexicon.organisation(name)


@lru_cache(maxsize=4)
def grammar(rulebook: Rulebook) -> Grammar:
    """The grammar of a rulebook, built once."""
    return Grammar(rulebook)


def assignments(text: Text, outline: Outline, table: Sequence[Row], rulebook: Rulebook) -> list[Assignment]:
    """Every formal assignment on the lines that belong to a part."""
    if not outline.lines:
        return []
    reader = grammar(rulebook)
    found = [*_in_cells(text, table, reader, rulebook), *_in_text(text, outline, reader, rulebook)]
    lists = _once(found)
    _first_leads(lists, text, outline, rulebook)
    return Assignment.many(_fields(one, rule, text, reader.lexicon) for rule, names in lists for one in names)


def _in_cells(text: Text, table: Sequence[Row], reader: Grammar, rulebook: Rulebook) -> Iterator[Names]:
    """What stands in the columns that are headed with a role."""
    rules = rulebook.kind("assignment-cell")
    for (start, end), role in _cells(table):
        if match := rules.match(text.plain, start, end):
            start, end = match.groups.span("inside")
            yield match.rule.id, reader.read(text.plain, start, end, role)[0]


def _in_text(text: Text, outline: Outline, reader: Grammar, rulebook: Rulebook) -> Iterator[Names]:
    """What stands in brackets and on lines of its own."""
    done = 0
    for match in rulebook.kind("assignment").find(text.plain):
        line = outline.line(match.start)
        if line.node is None or line.role not in ("text", "heading", "cell") or match.start < done:
            continue
        start, end = match.groups.span("inside")
        if match.rule.id in LABELS:
            stop = text.plain.find("。", end, line.end)
            done = end = min(line.end if stop < 0 else stop, end + LONGEST)
        yield match.rule.id, _read(match, start, end, line, text, outline, reader)


def _cells(table: Sequence[Row]) -> Iterator[tuple[Span, Role]]:
    """The cells that name organisations and as what, a merged one once."""
    seen: set[Span] = set()
    for row in table:
        for span, column in zip(row.cells, row.columns, strict=True):
            if column in ROLES and span not in seen:
                seen.add(span)
                yield span, column


def _read(match: Match, start: int, end: int, line: Line, text: Text, outline: Outline, reader: Grammar) -> list[Named]:
    """The organisations of one bracket or line, if it is an assignment after all."""
    plain = text.plain
    rule = match.rule.id
    if rule == "assignment.label-alone":
        return _next_line(match, line, text, outline, reader)
    names, unread = reader.read(plain, start, end, None)
    if rule in (*LABELS, "assignment.labelled-bracket"):
        names = [one for one in names if not one.bare]
        if not names and len(CHINESE.findall(plain, start, end)) > 6:
            message = f"责任分工中未识别出单位:{text.shown[start:end][:40]}"
            outline.diagnostics.append(
                Diagnostic(code="assignment-unread", severity="warning", message=message, span=text.span(start, end))
            )
        return names
    known = reader.lexicon
    words = [plain[one.start : one.end] for one in names]
    sure = any(known.certain(word) or known.generic(word) for word in words) or (len(words) > 1 and not unread)
    if not sure or (unread and rule != "assignment.role-after-names"):
        return []
    if not all(one.bare for one in names):
        return [one for one in names if not (unread and one.bare)]
    if unread or rule == "assignment.names-and-duty" or not _between_sentences(match, plain):
        return []
    if match.start == line.start and line.node and not line.node.level:  # who drew it up, under the title
        return []
    return names if _undoubted(words, plain, match.start, reader) else []


def _between_sentences(match: Match, plain: str) -> bool:
    """Whether a bracket stands before a sentence's end or behind it, and not within the sentence."""
    return plain[match.start - 1 : match.start] in SENTENCE_ENDS or plain[match.end : match.end + 1] in SENTENCE_ENDS


def _undoubted(words: Sequence[str], plain: str, start: int, reader: Grammar) -> bool:
    """Whether names without any role word are organisations beyond doubt, and no note on the word before them."""
    known, before = reader.lexicon, plain[max(0, start - 4) : start]
    if len(words) == 1 and (known.organisation(before) or LATIN.search(before)):
        return False
    certain = [word for word in words if known.certain(word)]
    noted = before.endswith(reader.explained) or known.organisation(before)  # 三级网络(各村)
    apart = before.endswith(("。", ";")) or (known.generic(words[0]) and not noted)  # 。(各镇)
    named = apart or any(not known.generic(word) for word in certain)
    return named and 2 * len(certain) >= len(words) and all(map(known.organisation, words))


def _next_line(match: Match, line: Line, text: Text, outline: Outline, reader: Grammar) -> list[Named]:
    """The names under a label that stands alone on its line."""
    start, end = match.groups.span("label")
    role = reader.labels.get(text.plain[start:end])
    following = outline.line(line.end + 1)
    if not role or following is line or following.role not in ("text", "cell") or following.node is None:
        return []
    names, unread = reader.read(text.plain, following.start, following.end, None)
    if unread or not any(reader.lexicon.certain(text.plain[one.start : one.end]) for one in names):
        return []
    return [Named(one.start, one.end, role if one.bare else one.role, one.each) for one in names]


def _once(found: Iterable[Names]) -> list[Names]:
    """Lists in document order, without the names that a list before has read."""
    lists: list[Names] = []
    taken: set[int] = set()
    for rule, names in found:
        if fresh := [one for one in names if one.start not in taken]:
            taken.update(one.start for one in fresh)
            lists.append((rule, fresh))
    return sorted(lists, key=lambda one: one[1][0].start)


def _first_leads(lists: Sequence[Names], text: Text, outline: Outline, rulebook: Rulebook) -> None:
    """Obey the notice where it says that the first of each list leads."""
    settled: set[Node] = set()
    last = max((names[-1].end for _, names in lists), default=0)
    for note in rulebook.kind("lead-note").find(text.plain):
        line = outline.line(note.start)
        if line.node is None:
            continue
        if line.start < last:  # said before the lists or among them: from there on, and no later note adds to it
            _lead(names for _, names in lists if names[-1].end > line.start)
            return
        part = top(line.node)
        if part not in settled:  # a closing note speaks of its whole part
            settled.add(part)
            _lead(names for _, names in lists if part.start <= names[0].start < part.end)


def _lead(lists: Iterable[Sequence[Named]]) -> None:
    """Make the first of each list its leader, where none is named and not each has its own duty."""
    for names in lists:
        if not any(one.role == "lead" for one in names):
            first = next((one for one in names if one.role == "responsible" and not one.each), None)
            if first:
                first.role = "lead"


def _fields(one: Named, rule: str, text: Text, known: Lexicon) -> Fields:
    """Those of an Assignment."""
    span = text.span(one.start, one.end)
    name = "".join(text.shown[one.start : one.end].split())
    return {
        "role": one.role,
        "name": name,
        "canonical": known.canonical(name),
        "text": text.source[span[0] : span[1]],
        "span": span,
        "rule": rule,
    }
