"""Numbers that must be reached, kept or not exceeded.

Three steps: `amounts` finds every number with a unit; the rules of kind `target` say which of them are targets and how
they compare, reading a copy of the text in which each amount is masked; `indicators` names what each one measures.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from policyparse.extract.indicators import Namer
from policyparse.extract.tables import Row
from policyparse.numerals import number
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Change, Comparator, Target
from policyparse.segment import Line, Outline
from policyparse.text import Text

MONEY, SHARE, COUNT, SIZE, WORDED = "＄％＃＠＊"
"""First characters of a masked amount. Cleaning turns these signs to ASCII, so that no text holds them."""
REST = "◇"
SILENT = {"furniture", "title", "doc_number", "addressee", "signature", "attachments"}
"""Roles of paragraphs that set no target."""
DIGITS = r"(?>\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)"
SCALE = r"(?:[十百千万亿]{1,3}+(?![一二三四五六七八九]))?"
NUMERAL = "[一二两三四五六七八九十百千万亿]"


@dataclass(slots=True, eq=False)
class Amount:
    """A number with its unit at [start, end) of the cleaned text."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    sign: str
    more: bool = False  # 180多名, 百余家


@dataclass(frozen=True, slots=True)
class Units:
    """The units of the rulebook, compiled."""

    scan: "re.Pattern[str]"
    signs: dict[str, str]


@lru_cache(maxsize=8)
def _units(rulebook: Rulebook) -> Units:
    signs = {}
    for name, sign in (("measure", SIZE), ("count", COUNT), ("percent", SHARE), ("money", MONEY)):
        signs |= dict.fromkeys(rulebook.words(f"{name}_units"), sign)
    signs |= dict.fromkeys(rulebook.words("size_units"), SIZE)
    unit = rf"(?!{_either(rulebook.words('no_units'))})(?=[{_firsts(signs)}]){_either(signs)}(?![A-Za-z])"
    slash = rf"(?:/{_either(rulebook.words('denominators'))})?"
    high = rf"(?:(?:{unit})?[-—–~至到]{{1,2}}(?P<high>{DIGITS})(?P<scale_high>{SCALE}))?"
    arabic = rf"(?P<low>{DIGITS})(?P<scale>{SCALE})(?P<more>[多余]?)(?P<after>[万亿]?){high}[多余]?(?P<unit>{unit}{slash}|)"
    worded = rf"(?P<share>百分之)?(?P<words>{NUMERAL}{{1,6}})(?:[至到](?P<words_high>{NUMERAL}{{1,3}}))?(?P<some>[多余]?)(?P<counted>{unit}|)"
    return Units(re.compile(f"(?=[0-9一二两三四五六七八九十百千万亿])(?:{arabic}|{worded})"), signs)


def _either(words: Sequence[str] | dict[str, str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _firsts(words: dict[str, str]) -> str:
    return "".join(sorted({re.escape(word[0]) for word in words}))


def amounts(text: Text, rulebook: Rulebook) -> list[Amount]:
    """Every number with a unit in a cleaned text."""
    units, plain, found = _units(rulebook), text.plain, []
    for match in units.scan.finditer(plain):
        amount = _worded(match, units) if match["words"] else _arabic(match, text, units)
        if amount is not None:
            found.append(amount)
    return found


def _arabic(match: "re.Match[str]", text: Text, units: Units) -> Amount | None:
    unit, scale, after = match["unit"], match["scale"], match["after"]
    start = match.start()
    before = text.plain[start - 1] if start else "\n"
    if before.isascii() and (before.isalnum() or before in "./-"):
        return None
    if not unit and not (scale or after)[-1:] in ("万", "亿"):
        return None
    digits = match["low"]
    if "," in digits and "，" in text.shown[start : start + len(digits)]:  # a comma of the sentence
        start += digits.rindex(",") + 1
        digits = digits[digits.rindex(",") + 1 :]
    low = number(digits + scale + after)
    high = number(match["high"] + match["scale_high"]) if match["high"] else low
    if low is None or high is None:
        return None
    if match["high"] and not scale and match["scale_high"] and low < high:
        shared = number(digits + match["scale_high"])  # 15-20万元
        low = shared if shared is not None and unit and not _has_unit(match, units) else low
    sign = units.signs.get(unit.partition("/")[0], COUNT)
    return Amount(start, match.end(), low, high, unit, sign, bool(match["more"]))


def _has_unit(match: "re.Match[str]", units: Units) -> bool:
    between = match.string[match.end("after") : match.start("high")]
    return len(between) > 1 and any(between.startswith(unit) for unit in units.signs)


def _worded(match: "re.Match[str]", units: Units) -> Amount | None:
    unit = "%" if match["share"] else match["counted"]
    if not unit:
        return None
    low = number(match["words"])
    high = number(match["words_high"]) if match["words_high"] else low
    if low is None or high is None:
        return None
    return Amount(match.start(), match.end(), low, high, unit, SHARE if match["share"] else WORDED, bool(match["some"]))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])


def targets(text: Text, outline: Outline, table: Sequence[Row], rulebook: Rulebook) -> list[Target]:
    """The targets of a notice, in document order."""
    found = amounts(text, rulebook)
    if not found:
        return []
    masked = mask(text.plain, found)
    evidence = _evidence(masked, found, rulebook)
    namer = Namer(text, masked, rulebook)
    facts: list[Target] = []
    last: tuple[Amount, Target] | None = None
    for amount, line in _stated(found, outline):
        matches = evidence.get(amount.start)
        if not matches:
            continue
        before = last[1] if last and last[0].end > line.start else None
        target = Target(
            text=text.quote(amount.start, amount.end),
            span=text.span(amount.start, amount.end),
            rule=matches[0].rule.id,
            indicator=namer.name(amount.start, amount.end, amount.sign, before.indicator if before else None),
            comparator=cast(Comparator, "range" if amount.low != amount.high else _setting(matches, "comparator", before)
                            or ("gt" if amount.more else "eq")),
            low=amount.low,
            high=amount.high,
            unit=amount.unit,
            change=cast(Change | None, _setting(matches, "change", before)),
        )
        facts.append(target)
        last = amount, target
    return facts


def _stated(found: Sequence[Amount], outline: Outline) -> Iterator[tuple[Amount, Line]]:
    """The amounts that stand in the notice's own words, with their paragraphs."""
    for amount in found:
        line = outline.line(amount.start)
        marker = line.start + len(line.node.marker) if line.node and line.role == "heading" else line.start
        if line.node and line.role not in SILENT and marker <= amount.start:
            yield amount, line


def _evidence(masked: str, found: Sequence[Amount], rulebook: Rulebook) -> dict[int, list[Match]]:
    """The rules that speak of each amount, by its start, in the order of the file; none for amounts that one hides."""
    spoken: dict[int, list[tuple[int, Match]]] = {}
    hidden: set[int] = set()
    starts, ends = [amount.start for amount in found], [amount.end for amount in found]
    for order, match in rulebook.kind("target").candidates(masked):
        if match.rule.ignore:
            hidden.update(starts[bisect_right(ends, match.start) : bisect_left(starts, match.end)])
        else:
            spoken.setdefault(match.groups.start("amount"), []).append((order, match))
    return {
        start: [match for _, match in sorted(matches, key=lambda spoke: spoke[0])]
        for start, matches in spoken.items()
        if start not in hidden
    }


def _setting(matches: Sequence[Match], name: str, before: Target | None) -> str | None:
    """What the first rule that speaks of a field sets for it; `same` is what the number before has."""
    for match in matches:
        value = match.setting(name)
        if value == "same":
            value = getattr(before, name) if before and getattr(before, name) != "range" else None
        if value:
            return value
    return None
