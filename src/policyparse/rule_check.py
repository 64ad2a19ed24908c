"""Rules held to their own examples: each example and each reject of a rule is a check."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from policyparse.clean import clean
from policyparse.document import Document
from policyparse.pipeline import parse
from policyparse.rule_file import KINDS
from policyparse.rulebook import CompiledRule, Match, Rulebook, RuleSet
from policyparse.schema import Fact
from policyparse.text import Span

FACTS = frozenset({"assignment", "target", "deadline", "citation"})
"""The kinds whose examples are read as a notice of one paragraph; the others are held to their pattern alone."""
SINGLY = frozenset(kind for kind, asked in KINDS.items() if not asked.open)
"""The kinds whose rules are used one at a time, by their ids; those of the others win over one another."""
MARKS = regex.compile("[【】]")


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One example or reject of a rule."""

    rulebook: Rulebook
    kind: str
    compiled: CompiledRule
    name: str
    marked: str
    fields: tuple[tuple[str, str], ...] = ()
    reject: bool = False

    def fault(self) -> str | None:
        """What is wrong, or None."""
        sentence, expected = (self.marked, []) if self.reject else _unmark(self.marked)
        if self.kind not in FACTS:
            return self._pattern(sentence, expected)
        facts = self._facts(sentence)
        return (
            self._hidden(sentence, expected, facts)
            if self.compiled.rule.ignore
            else self._compare(sentence, expected, facts)
        )

    def _hidden(self, sentence: str, expected: list[Span], facts: list[Fact]) -> str | None:
        """A rule that ignores is right where nothing of its kind is found, in the marked words if any are marked."""
        for fact in facts:
            if not expected or any(fact.span[0] < end and start < fact.span[1] for start, end in expected):
                return f"should hide {_quoted(sentence, [fact.span])}, which {fact.rule} finds"
        return None

    def _compare(self, sentence: str, expected: list[Span], facts: list[Fact]) -> str | None:
        own = [fact for fact in facts if fact.rule == self.compiled.rule.id]
        if sorted({fact.span for fact in own}) != expected:
            others = ", ".join(f"{fact.text} ({fact.rule})" for fact in facts if fact not in own)
            return (
                f"should find {_quoted(sentence, expected)}, finds {_quoted(sentence, [fact.span for fact in own])}"
                + (f"; other rules find {others}" if others else "")
            )
        for fact in own:
            for field, value in self.fields:
                if _plain(getattr(fact, field, None)) != value:
                    return f"{fact.text}: {field} should be {value}, is {_plain(getattr(fact, field, None))}"
        return None

    def _facts(self, sentence: str) -> list[Fact]:
        notice = parse(Document(sentence), self.rulebook)
        found: dict[tuple[Span, str], Fact] = {}
        for task in notice.tasks:
            for fact in (*task.assignments, *task.targets, *task.deadlines):
                if type(fact).__name__.lower() == self.kind:
                    found[fact.span, fact.rule] = fact
        if self.kind == "citation":
            found.update({(fact.span, fact.rule): fact for fact in notice.citations})
        return sorted(found.values(), key=lambda fact: fact.span)

    def _pattern(self, sentence: str, expected: list[Span]) -> str | None:
        text = clean(sentence)
        matches = [match for match in self._matches(text.plain) if match.rule.id == self.compiled.rule.id]
        spans = [text.span(match.start, match.end) for match in matches]
        if spans != expected:
            return f"should find {_quoted(sentence, expected)}, finds {_quoted(sentence, spans)}"
        for match in matches:
            for field, value in self.fields:
                named = match.groups.groupdict()
                if _plain(match.setting(field, named.get(field))) != value:
                    return f"{field} should be {value}, is {_plain(match.setting(field, named.get(field)))}"
        return None

    def _matches(self, plain: str) -> list[Match]:
        """As the rules of the kind are used: around their cues, or at the start of a paragraph where they have none."""
        rules = RuleSet((self.compiled,)) if self.kind in SINGLY else self.rulebook.kind(self.kind)
        if self.compiled.rule.cues:
            return rules.find(plain)
        starts = [0, *(newline.end() for newline in regex.finditer("\n", plain))]
        found = (rules.match(plain, start, len(plain)) for start in starts)
        return [match for match in found if match]


def rule_checks(rulebook: Rulebook, sources: frozenset[str] | None = None) -> Iterator[RuleCheck]:
    """Every example and reject, named after its rule; of the rule files in `sources` alone where they are given."""
    for kind, rules in rulebook.rules.items():
        for compiled in rules:
            if sources is not None and compiled.source not in sources:
                continue
            rule = compiled.rule
            for number, example in enumerate(rule.examples, 1):
                yield RuleCheck(
                    rulebook, kind, compiled, f"{rule.id} example {number}", example.text, tuple(example.fields.items())
                )
            for number, sentence in enumerate(rule.rejects, 1):
                yield RuleCheck(rulebook, kind, compiled, f"{rule.id} reject {number}", sentence, reject=True)


def _unmark(marked: str) -> tuple[str, list[Span]]:
    """A sentence without its 【】, and the spans that they mark."""
    spans: list[Span] = []
    start = 0
    for count, mark in enumerate(MARKS.finditer(marked)):
        at = mark.start() - count
        if mark[0] == "【":
            start = at
        else:
            spans.append((start, at))
    return MARKS.sub("", marked), sorted(spans)


def _quoted(sentence: str, spans: list[Span]) -> str:
    return "、".join(f"【{sentence[start:end]}】" for start, end in spans) or "nothing"


def _plain(value: object) -> str:
    """A field's value as a rule file writes it: 444000 and not 444000.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
