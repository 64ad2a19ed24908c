"""YAML -> compiled rules; the only module that knows where patterns/ lies.

A rule file names its `kind` and holds `fragments` (named pieces of pattern), `lists` (named word lists) and `rules`.
Patterns are in the `regex` syntax, verbose (blanks do not count), with `{fragment}` and `\\L<list>`. They read the
cleaned text: punctuation ,;:()!?% and digits are ASCII, 。、《》“”〔〕 stay, and blanks inside words are gone.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import regex
from ahocorasick_rs import AhoCorasick, Implementation

from policyparse import rule_file
from policyparse.errors import RuleError
from policyparse.kept import Store, place
from policyparse.rule_file import Organisation, Rule, RuleFile
from policyparse.text import Span, places_of

TIMEOUT = 2.0
"""Seconds that a user's own rule may spend on one window; the built-in ones do not run away, and watching is slow."""
MUCH = 300_000
"""Characters after which an automaton pays that takes five times as long to make and half as long to use."""
WHOLE = ("assignment", "citation", "deadline", "lead-note")
"""Kinds whose rules read the whole of a notice."""
DEEPEST = 10
"""Fragments in one another."""
LONGEST = 1_000_000
"""Characters of a pattern with its fragments."""
FRAGMENT = re.compile(r"\{([A-Za-z_][A-Za-z_]+)\}")
NAMED_LIST = re.compile(r"\\L<([A-Za-z_]+)>")


class Match:
    """Where a rule fits the cleaned text; `groups` is the regex match behind it."""

    __slots__ = ("end", "groups", "rule", "start")

    def __init__(self, rule: Rule, start: int, end: int, groups: "regex.Match[str]") -> None:
        self.rule, self.start, self.end, self.groups = rule, start, end, groups

    def __getitem__(self, name: str) -> Any:  # the named group, as in a regex match
        return self.groups[name]

    def setting(self, name: str, default: str | None = None) -> str | None:
        """What the rule sets for a field, its {group} places filled in from the match."""
        template = self.rule.set.get(name)
        if template is None:
            return default
        return template.format_map(_Groups(self.groups.groupdict())) if "{" in template else template


class _Groups(dict[str, str | None]):
    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key) or ""


class CompiledRule:
    """A rule with its pattern, compiled when it is first needed (most notices need few)."""

    keep = False
    """Whether the pattern is kept for the next start."""

    def __init__(
        self,
        rule: Rule,
        source: str,
        fragments: Mapping[str, str],
        lists: Mapping[str, tuple[str, ...]],
        timeout: float | None = None,
    ) -> None:
        self.rule, self.source, self.timeout = rule, source, timeout
        self.fragments, self.lists = fragments, lists

    @cached_property
    def pattern(self) -> "regex.Pattern[str]":
        """The pattern with its fragments and lists; that of a built-in rule is kept for the next start."""
        return _store().get(self.rule.id, regex.Pattern, self._compile) if self.keep else self._compile()

    @cached_property
    def limit(self) -> Mapping[str, float]:
        """The time limit as `regex` takes it; a `timeout=None` would take longer than many a search."""
        return {} if self.timeout is None else {"timeout": self.timeout}

    def _compile(self) -> "regex.Pattern[str]":
        expanded = expand(self.rule.pattern, self.fragments)
        filled = NAMED_LIST.sub(lambda found: any_of(self.lists[found[1]]), expanded)
        if filled.lstrip().startswith("^"):  # else `regex` looks at every place for what may follow a line's beginning
            filled = filled.replace("^", "^(?=.?)", 1)
        return regex.compile(filled, regex.VERBOSE | regex.MULTILINE)

    def check(self, kind: str) -> None:
        """Compile now and hold the rule to what its kind needs, so that a fault is told with its file and rule."""
        try:
            pattern = self.pattern
        except KeyError as error:
            raise RuleError(
                f"{self.source}: rule {self.rule.id}: no fragment or list is named {error}; mend the name, or add it"
            ) from None
        except (regex.error, ValueError, OverflowError, RecursionError) as error:
            raise RuleError(f"{self.source}: rule {self.rule.id}: the pattern is not valid: {error}") from None
        for fault in rule_file.faults(kind, self.rule, pattern.groupindex):
            raise RuleError(f"{self.source}: rule {self.rule.id}: {fault}")


def expand(pattern: str, fragments: Mapping[str, str]) -> str:
    """Fill in {fragment} places, fragments in fragments too; an unknown name is a KeyError."""
    for _ in range(DEEPEST):
        filled: str = FRAGMENT.sub(lambda found: f"(?:{fragments[found[1]]})", pattern)
        if filled == pattern:
            return filled
        if len(filled) > LONGEST:
            raise ValueError(f"with its fragments it is longer than {LONGEST:,} characters")
        pattern = filled
    raise ValueError(f"its fragments stand in one another {DEEPEST} deep")


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of some words, the longest that fits first; words with the same beginning are read together.

    `regex` has this as `\\L<words>`, which tries every length at every place: several times as slow.
    """
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[:1], []).append(word[1:])
    ended = ends.pop("", None)
    if not ends:
        return "" if ended else "(?!)"
    branches = [regex.escape(first) + any_of(rest) for first, rest in ends.items()]
    return f"(?:{'|'.join([*branches, ''] if ended else branches)})"


Group = tuple[int, tuple[str, ...], list[int]]
"""Rules that are tried in the same windows: their reach, their cues, their places in the file."""


class Cues:
    """The cues of groups of rules, found in one pass over a text."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        by_cue: dict[str, list[int]] = {}
        for number, (_, cues, _) in enumerate(groups):
            for cue in cues:
                by_cue.setdefault(cue, []).append(number)
        self._numbers = list(by_cue.values())
        self._reaches = [reach for reach, _, _ in groups]
        self._cues = AhoCorasick(by_cue, store_patterns=False) if by_cue else None
        self._words = tuple(by_cue)
        self._read = 0

    def windows(self, text: str) -> list[list[Span]]:
        """Where each group is to be tried: around its cues, within the paragraph, overlapping windows joined."""
        windows: list[list[Span]] = [[] if cues else [(0, len(text))] for _, cues, _ in self.groups]
        if not self._cues:
            return windows
        if self._read <= MUCH < self._read + len(text):
            self._cues = AhoCorasick(self._words, store_patterns=False, implementation=Implementation.DFA)
        self._read += len(text)
        reaches = self._reaches
        ends = [-1] * len(reaches)
        line_start = line_end = -1
        for cue, start, end in self._cues.find_matches_as_indexes(text, overlapping=True):
            last = end - 1
            if last >= line_end:
                line_start = text.rfind("\n", 0, last) + 1
                line_end = text.find("\n", last)
                line_end = len(text) if line_end < 0 else line_end
            for number in self._numbers[cue]:
                low, high = start - reaches[number], end + reaches[number]
                low = line_start if low < line_start else low  # min and max would take most of the time
                high = line_end if high > line_end else high
                own = windows[number]
                if low < ends[number]:
                    own[-1] = (own[-1][0], high)
                else:
                    own.append((low, high))
                ends[number] = high
        return windows


class RuleSet:
    """The rules of one kind, in the order in which they win."""

    def __init__(self, rules: tuple[CompiledRule, ...]) -> None:
        self.rules = rules
        self.timeouts: list[str] = []
        self.scanned: tuple[str | None, list[list[Span]]] = (None, [])
        self._begun: dict[str, list[CompiledRule]] = {}
        self._signs: dict[str, tuple[str, list[int]]] = {}

    @cached_property
    def groups(self) -> list[Group]:
        """The rules by their reach and cues."""
        groups: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        for index, compiled in enumerate(self.rules):
            groups.setdefault((compiled.rule.reach, compiled.rule.cues), []).append(index)
        return [(reach, cues, indexes) for (reach, cues), indexes in groups.items()]

    @cached_property
    def _cues(self) -> Cues:
        return Cues(self.groups)

    def find(self, text: str) -> list[Match]:
        """Every match in a cleaned text, in order: earliest start, then longest, then first in the file."""
        return settle(self.candidates(text))

    def candidates(self, text: str) -> list[tuple[int, Match]]:
        """Every match of every rule, overlapping ones too, with the rule's place in the file."""
        found: list[tuple[int, Match]] = []
        scanned, windows_of = self.scanned
        if scanned is not text:
            windows_of = self._cues.windows(text)
        for (_, _, indexes), windows in zip(self.groups, windows_of, strict=True):
            for index in indexes if windows else ():
                self._try(index, text, windows, found)
        return found

    def _try(self, index: int, text: str, windows: list[Span], found: list[tuple[int, Match]]) -> None:
        """Add the matches of one rule; a rule that runs out of time is not tried again in this text."""
        compiled = self.rules[index]
        rule, matches, limit = compiled.rule, compiled.pattern.finditer, compiled.limit
        try:
            for low, high in windows:
                if rule.begins:
                    found += ((index, match) for match in self._at_signs(compiled, text, low, high))
                    continue
                for match in matches(text, low, high, **limit):
                    start, end = match.span()
                    if end > start:
                        found.append((index, Match(rule, start, end, match)))
        except TimeoutError:
            self.timeouts.append(rule.id)

    def _at_signs(self, compiled: CompiledRule, text: str, low: int, high: int) -> Iterator[Match]:
        """The matches of a rule that begins with one of a few signs: `regex` takes far longer to look for several."""
        known, places = self._signs.get(compiled.rule.begins, (None, []))
        if known is not text:
            places = places_of(compiled.rule.begins, text)
            self._signs[compiled.rule.begins] = text, places
        for at in places[bisect_left(places, low) : bisect_left(places, high)]:
            match = compiled.pattern.match(text, at, high, **compiled.limit) if at >= low else None
            if match and match.end() > match.start():
                low = match.end()
                yield Match(compiled.rule, match.start(), low, match)

    def _beginning(self, character: str) -> list[CompiledRule]:
        """The rules that something beginning with a character can fit: most places are passed over with this alone."""
        line = "\n" + character
        self._begun[character] = able = [
            compiled
            for compiled in self.rules
            if (not compiled.rule.begins or character in compiled.rule.begins)
            and compiled.pattern.match(line, 1, partial=True)
        ]
        return able

    def match(self, text: str, at: int, end: int) -> Match | None:
        """The first rule in the file that fits exactly at a place, for markers and labels."""
        character = text[at : at + 1]
        able = self._begun.get(character)
        for compiled in self._beginning(character) if able is None else able:
            try:
                found = compiled.pattern.match(text, at, end, **compiled.limit)
            except TimeoutError:
                self.timeouts.append(compiled.rule.id)
                continue
            if found:
                start, stop = found.span()
                return Match(compiled.rule, start, stop, found)
        return None


def settle(candidates: Iterable[tuple[int, Match]]) -> list[Match]:
    """Of overlapping matches keep the earliest, then the longest, then the first in the file; drop ignored ones."""
    kept: list[Match] = []
    end = 0
    for _, match in sorted(candidates, key=lambda c: (c[1].start, -c[1].end, c[0])):
        if match.start >= end:
            kept.append(match)
            end = match.end
    return [match for match in kept if not match.rule.ignore]


class Rulebook:
    """Every rule, word list and organisation, built-in and the user's own."""

    def __init__(
        self,
        rules: Mapping[str, tuple[CompiledRule, ...]],
        lists: Mapping[str, tuple[str, ...]],
        organisations: tuple[Organisation, ...],
    ) -> None:
        self.rules, self.lists, self.organisations = rules, lists, organisations
        self._sets: dict[str, RuleSet] = {}

    def kind(self, kind: str) -> RuleSet:
        """The rules of one kind."""
        if kind not in self._sets:
            self._sets[kind] = RuleSet(self.rules.get(kind, ()))
        return self._sets[kind]

    def scan(self, text: str) -> None:
        """Find the cues of all kinds that read whole notices in one pass, before each kind looks for its own."""
        windows, at = self._whole.windows(text), 0
        for rules in map(self.kind, WHOLE):
            rules.scanned = (text, windows[at : at + len(rules.groups)])
            at += len(rules.groups)

    @cached_property
    def _whole(self) -> Cues:
        return Cues([group for kind in WHOLE for group in self.kind(kind).groups])

    def timeouts(self) -> list[str]:
        """The rules that ran out of time since this was last asked."""
        late = {id for rules in self._sets.values() for id in rules.timeouts}
        for rules in self._sets.values():
            rules.timeouts.clear()
        return sorted(late)

    def words(self, name: str) -> tuple[str, ...]:
        """A named word list; a KeyError where there is none."""
        return self.lists[name]

    def all(self) -> Iterator[CompiledRule]:
        """Every rule, kind by kind."""
        for rules in self.rules.values():
            yield from rules


def built_in() -> list[tuple[str, str]]:
    """Name and text of each built-in rule file: beside this package when installed, else at the project's root."""
    return [(path.name, path.read_text("utf-8")) for path in _built_in_files()]


def _built_in_files() -> list[Path]:
    here = Path(__file__).resolve()
    folder = next(folder for folder in (here.parent / "patterns", here.parents[2] / "patterns") if folder.is_dir())
    return sorted(folder.glob("*.yaml"))


def load(folders: Iterable[Path] = ()) -> Rulebook:
    """The built-in rules with those of a user's folders before them, so that a user's rule wins a tie.

    Raises RuleError naming the file, the rule and the fault.
    """
    own = []
    for folder in folders:
        if not folder.is_dir():
            raise RuleError(f"{folder}: no such folder of rules; --patterns takes a folder of .yaml files")
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise RuleError(f"{folder}: no .yaml file in this folder; --patterns takes a folder of .yaml files")
        for path in paths:
            try:
                own.append((str(path), path.read_text("utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                raise RuleError(f"{path}: cannot be read as UTF-8: {error}") from None
    if not own:
        return _built_in_book()
    return _assemble([(name, rule_file.read_own(name, text)) for name, text in own], _read_all(built_in()))


@lru_cache(maxsize=1)
def _built_in_book() -> Rulebook:
    book = _store().get("rules", Rulebook, lambda: _assemble([], _read_all(built_in())))
    for compiled in book.all():
        compiled.keep = True
    return book


@lru_cache(maxsize=1)
def _store() -> Store:
    """What is kept of the built-in rules; it depends on their texts, on this code, and on who compiles."""
    made_from = sha256(f"{sys.version} {regex.__version__}".encode())
    for path in (Path(__file__), Path(rule_file.__file__), *_built_in_files()):
        made_from.update(path.name.encode() + path.read_bytes())
    return Store(place(), made_from.digest())


def _read_all(texts: Iterable[tuple[str, str]]) -> list[tuple[str, RuleFile]]:
    return [(name, rule_file.read(name, text)) for name, text in texts]


def _assemble(own: Iterable[tuple[str, RuleFile]], ours: Iterable[tuple[str, RuleFile]]) -> Rulebook:
    own, ours = list(own), list(ours)
    own_names = {name for name, _ in own}
    every = [*own, *ours]
    fragments: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for _, file in reversed(every):
        fragments.update(file.fragments)
        for name, words in file.lists.items():
            lists[name] = tuple(dict.fromkeys((*words, *lists.get(name, ()))))
    seen: dict[str, str] = {}
    for name, file in (*ours, *own):
        for rule in file.rules:
            if rule.id in seen:
                raise RuleError(f"{name}: rule {rule.id} stands in {seen[rule.id]} already; give it another id")
            seen[rule.id] = name
    rules: dict[str, list[CompiledRule]] = {}
    for name, file in every:
        pieces = {**fragments, **file.fragments}  # a file's own fragments come first
        if name in own_names:
            _check_fragments(name, file, pieces)
        timeout = TIMEOUT if name in own_names else None
        rules.setdefault(file.kind, []).extend(CompiledRule(rule, name, pieces, lists, timeout) for rule in file.rules)
    organisations = tuple(organisation for _, file in every for organisation in file.organisations)
    book = Rulebook({kind: tuple(found) for kind, found in rules.items()}, lists, organisations)
    for kind, found in book.rules.items():
        for compiled in found:
            if compiled.source in own_names:
                compiled.check(kind)
    return book


def _check_fragments(name: str, file: RuleFile, pieces: Mapping[str, str]) -> None:
    """Hold the fragments of a user's file to what a pattern needs of them, whether or not a rule uses them."""
    sound: set[str] = set()

    def follow(way: list[str]) -> None:
        if len(way) > DEEPEST:
            raise RuleError(f"{name}: fragment {way[0]}: fragments stand in one another {DEEPEST} deep; mend them")
        for inner in FRAGMENT.findall(pieces[way[-1]]):
            if inner not in pieces:
                raise RuleError(f"{name}: fragment {way[-1]}: no fragment is named {inner!r}; mend the name, or add it")
            if inner in way:
                circle = " in ".join(reversed([*way, inner]))
                raise RuleError(f"{name}: fragment {way[0]}: it stands in itself ({circle}); take it out of one")
            if inner not in sound:
                follow([*way, inner])
        sound.add(way[-1])

    for own in file.fragments:
        if not FRAGMENT.fullmatch(f"{{{own}}}"):
            raise RuleError(f"{name}: fragment {own}: its name must be two or more of a-z, A-Z and _; give it another")
        follow([own])
