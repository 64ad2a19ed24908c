"""Who is responsible, and as what: brackets, labelled lines and table cells that assign organisations."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast, get_args

import regex

from policyparse.extract.tables import Row
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Assignment, Diagnostic, Role
from policyparse.segment import Line, Outline
from policyparse.text import Span, Text
from policyparse.words import Lexicon, lexicon

ROLES: tuple[Role, ...] = get_args(Role)
PLAIN = 14
"""Under a label a name need not look like an organisation (园区, 职中), if it is no longer than this."""
SEPARATOR = regex.compile(r"[、,;。/|\s]|(?:\((?<note>[^()\n]*)\)|〔[^〔〕\n]*〕|〈[^〈〉\n]*〉)")
AND_OTHERS = regex.compile(
    r"等(?:\d{1,3}|[一二三四五六七八九十]{1,3})?[个家]?(?:[有相]关|各|其他|市|县|区|省|州|级|直|职能|成员|责任|主管|涉农|行业)*"
    r"(?:部门|单位|地区|企业|机构|部委|司局|院校|高校)?(?:[和及、](?:部门|单位|地区|企业|机构))?$"
)
NO_NAME = regex.compile(r"[“”《》:?!%=_…]|\d[年月日时天个项%]|\d{5}|(?:完成|开展|推进|以前|之前|的)$|月底|年底前")
BY = regex.compile(r".*(?<!自)由(?=..)")
EDGE = " \t\n,;、。.:*★☆▲◆●■-—·()[]【】"


@dataclass(slots=True)
class Named:
    """An organisation found in the cleaned text and what it is to be; `each` lists have no first among equals."""

    start: int
    end: int
    role: Role
    each: bool = False
    bare: bool = False


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
        self.manners = _longest_first({*rulebook.words("duty_manners"), *self.each})
        self.ordered_duties = _longest_first(self.duties)
        self.name_starts = _longest_first(rulebook.words("name_starts"))
        self.not_names = rulebook.words("not_names")
        words = "|".join(regex.escape(label) for label in _longest_first(self.labels))
        self.label = regex.compile(
            rf"(?<![各关该其们])(?:(?<label>{words})(?:名称)?[\])】〕]?[:为](?!牵头|责任|配合)|(?<=^|[,;、。\s])(?<label>\L<full>)(?=[^,;、。:\s的要应和及与为按须]))",
            full=[label for label in self.labels if label.endswith(("单位", "部门"))],
        )

    def read(self, text: str, start: int, end: int, role: Role | None) -> tuple[list[Named], int]:
        """The organisations between two places, and how many pieces could not be read as one."""
        names: list[Named] = []
        unread = 0
        for own, low, high in self._sections(text, start, end, role):
            found, missed = self._list(text, low, high, own)
            names += found
            unread += missed
        return names, unread

    def _sections(self, text: str, start: int, end: int, role: Role | None) -> Iterator[tuple[Role | None, int, int]]:
        """What stands under each label; what stands under a label of no role is left out."""
        low, skip = start, False
        for found in self.label.finditer(text, start, end):
            if not skip:
                yield role, low, found.start()
            role = self.labels[found["label"]]
            skip, low = role is None, found.end()
        if not skip:
            yield role, low, end

    def _list(self, text: str, start: int, end: int, role: Role | None) -> tuple[list[Named], int]:
        done: list[Named] = []
        waiting: list[Named] = []
        segment = unread = 0
        for low, high, hard, note in self._pieces(text, start, end):
            stop, duty, each = self._duty(text, low, high)
            if note and (noted := self.duties.get(note) or self.labels.get(note)):
                stop, duty = high, noted
            partner = text.find("会同", low + 1, stop)
            leads, rest = ((low, partner), (partner + 2, stop)) if partner > 0 and duty else ((stop, stop), (low, stop))
            for span in self.lexicon.parts(text, *leads) if leads[0] < leads[1] else ():
                if name := self._name(text, span, role):
                    waiting.append(Named(*name, "lead"))
            if leads[0] < leads[1]:
                done += [Named(one.start, one.end, "lead") for one in waiting[segment:]]
                del waiting[segment:]
                duty = "support" if duty in ("responsible", "lead") else duty
            for span in self.lexicon.parts(text, *rest) if rest[0] < rest[1] else ():
                if name := self._name(text, span, role):
                    waiting.append(Named(*name, role or "responsible", bare=role is None))
                else:
                    unread += 1
            if duty:
                since = len(waiting) - 1 if note and waiting else segment if role else 0
                done += [Named(one.start, one.end, duty, each) for one in waiting[since:]]
                del waiting[since:]
            if hard:
                segment = len(waiting)
        return sorted(done + waiting, key=lambda one: one.start), unread

    def _pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, bool, str | None]]:
        """The pieces between separators, whether a comma or more follows, and a role noted in a bracket at the end."""
        joined = [found.span() for found in self.lexicon.joined.finditer(text, start, end)]
        low, note = start, None
        for found in SEPARATOR.finditer(text, start, end):
            if any(first < found.start() < last for first, last in joined):
                continue
            if found.end() - found.start() > 1:
                word = found["note"]
                if word and (word in self.duties or self.labels.get(word)):
                    note = word
                    if low < found.start():
                        yield low, found.start(), False, note
                    low = found.end()
                continue
            if low < found.start():
                yield low, found.start(), found[0] in ",;。", None
            elif found[0] in ",;。":
                yield low, low, True, None
            low = found.end()
        if low < end:
            yield low, end, True, None

    def _duty(self, text: str, start: int, end: int) -> tuple[int, Role | None, bool]:
        """Where the names end, the duty that follows them, and whether each has its own."""
        while end > start and text[end - 1] in "。.;,":
            end -= 1
        duty = next((word for word in self.ordered_duties if text.endswith(word, start, end)), None)
        if not duty:
            return end, None, False
        end -= len(duty)
        each = False
        while manner := next((word for word in self.manners if text.endswith(word, start, end)), None):
            end -= len(manner)
            each = each or manner in self.each
        return end, self.duties[duty], each

    def _name(self, text: str, span: Span, role: Role | None) -> Span | None:
        """The organisation alone, or None where a piece is none."""
        start, end = span
        if by := BY.match(text, start, end):
            start = by.end()
        if others := AND_OTHERS.search(text, start + 2, end):
            end = others.start()
        while start < end and text[start] in EDGE and not text.startswith("(", start):
            start += 1
        for word in self.name_starts:
            if text.startswith(word, start) and end - start > len(word) + 1 and not self.lexicon.known(text[start:end]):
                start += len(word)
                break
        while end > start and text[end - 1] in EDGE and not (text[end - 1] == ")" and "(" in text[start:end]):
            end -= 1
        name = text[start:end]
        if not name or NO_NAME.search(name) or name.startswith((*self.not_names, "(")) or name.isascii():
            return None
        if self.lexicon.organisation(name) or self.lexicon.generic(name):
            return start, end
        return (start, end) if role and len(name) <= PLAIN else None


@lru_cache(maxsize=4)
def grammar(rulebook: Rulebook) -> Grammar:
    """The grammar of a rulebook, built once."""
    return Grammar(rulebook)


def assignments(text: Text, outline: Outline, table: Sequence[Row], rulebook: Rulebook) -> list[Assignment]:
    """Every formal assignment on the lines that belong to a part."""
    if not outline.lines:
        return []
    reader = grammar(rulebook)
    lists: list[tuple[str, list[Named]]] = []
    taken: set[int] = set()
    for start, end, role, rule in _cells(table):
        names, _ = reader.read(text.plain, start, end, role)
        lists.append((rule, _fresh(names, taken)))
    for match in rulebook.kind("assignment").find(text.plain):
        line = outline.line(match.start)
        if line.node is None or line.role not in ("text", "heading", "cell"):
            continue
        names = _read(match, line, text, outline, reader)
        lists.append((match.rule.id, _fresh(names, taken)))
    lists = sorted((found for found in lists if found[1]), key=lambda found: found[1][0].start)
    _first_leads(lists, text, outline, rulebook)
    return [_assignment(one, rule, text, reader.lexicon) for rule, names in lists for one in names]


def _cells(table: Sequence[Row]) -> Iterator[tuple[int, int, Role, str]]:
    """The cells that name organisations, a merged one once."""
    seen: set[Span] = set()
    for row in table:
        for span, column in zip(row.cells, row.columns, strict=True):
            if column in ROLES and span not in seen:
                seen.add(span)
                yield *span, cast(Role, column), "assignment.column"


def _read(match: Match, line: Line, text: Text, outline: Outline, reader: Grammar) -> list[Named]:
    """The organisations of one bracket or line, if it is an assignment after all."""
    plain, (start, end) = text.plain, match.groups.span("inside")
    rule = match.rule.id.partition(".")[2]
    labelled = rule in ("labelled-bracket", "own-line", "label-after-sentence")
    names, unread = reader.read(plain, start, end, None)
    if rule == "own-line" and match["alone"] is not None:
        return _next_line(match, line, text, outline, reader)
    if labelled:
        names = [one for one in names if not one.bare]
        if not names and any("一" <= letter <= "龥" for letter in plain[match.start : match.end][6:]):
            message = f"责任分工未能识别出单位:{text.shown[start:end][:40]}"
            outline.diagnostics.append(
                Diagnostic(code="assignment-unread", severity="warning", message=message, span=text.span(start, end))
            )
        return names
    certain = any(reader.lexicon.certain(plain[one.start : one.end]) or reader.lexicon.generic(plain[one.start : one.end]) for one in names)
    if not certain or unread and (rule != "role-after-names" or not any(not one.bare for one in names)):
        return []
    if rule == "bare-bracket":
        return names if _bare(names, plain, match.start, reader.lexicon) else []
    return [one for one in names if not (unread and one.bare)] if any(not one.bare for one in names) else []


def _bare(names: Sequence[Named], plain: str, start: int, known: Lexicon) -> bool:
    """Whether names without any role word are organisations beyond doubt, and not a note on the word before them."""
    words = [plain[one.start : one.end] for one in names]
    if len(words) == 1 and known.organisation(plain[max(0, start - 4) : start]):
        return False
    return any(known.certain(word) for word in words) and all(known.certain(word) or known.generic(word) for word in words)


def _next_line(match: Match, line: Line, text: Text, outline: Outline, reader: Grammar) -> list[Named]:
    """The names under a label that stands alone on its line."""
    following = outline.line(min(line.end + 1, max(0, len(text.plain) - 1)))
    if following is line or following.role not in ("text", "cell") or following.node is None:
        return []
    role = next((reader.labels[word] for word in _longest_first(reader.labels) if word in match.groups["inside"]), None)
    if not role:
        return []
    names, unread = reader.read(text.plain, following.start, following.end, role)
    return [] if unread else names


def _fresh(names: Iterable[Named], taken: set[int]) -> list[Named]:
    """Those not read before, by another rule."""
    fresh = [one for one in names if one.start not in taken]
    taken.update(one.start for one in fresh)
    return fresh


def _first_leads(lists: Sequence[tuple[str, list[Named]]], text: Text, outline: Outline, rulebook: Rulebook) -> None:
    """Obey the notice where it says that the first of each list leads."""
    for note in rulebook.kind("lead-note").find(text.plain):
        line = outline.line(note.start)
        if line.node is None:
            continue
        after = [names for _, names in lists if names[-1].end > line.start]
        if not after:  # a closing note speaks of its whole part
            part = line.node
            while part.parent:
                part = part.parent
            after = [names for _, names in lists if part.start <= names[0].start < part.end]
        for names in after:
            if not any(one.role == "lead" for one in names):
                first = next((one for one in names if one.role == "responsible" and not one.each), None)
                if first:
                    first.role = "lead"


def _assignment(one: Named, rule: str, text: Text, known: Lexicon) -> Assignment:
    name = "".join(text.shown[one.start : one.end].split())
    return Assignment(
        role=one.role,
        name=name,
        canonical=known.canonical(name),
        text=text.quote(one.start, one.end),
        span=text.span(one.start, one.end),
        rule=rule,
    )


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
