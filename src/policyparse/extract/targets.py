"""Numbers that must be reached, kept or not exceeded.

Three steps: `amounts` finds every number with a unit; the rules of kind `target` say which of them are targets and how
they compare, reading a copy of the text in which each amount is masked; `indicators` names what each one measures.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from policyparse.extract.indicators import Namer
from policyparse.extract.tables import Row
from policyparse.numerals import number
from policyparse.rulebook import Match, Rulebook
from policyparse.schema import Change, Comparator, Metadata, Target
from policyparse.segment import Line, Node, Outline
from policyparse.text import Span, Text

MONEY, SHARE, COUNT, SIZE, WORDED, ONE, LABEL = "＄％＃＠＊＋＆"
"""First characters of a masked amount. Cleaning turns these signs to ASCII, so that no text holds them."""
REST = "◇"
SILENT = {"furniture", "title", "doc_number", "addressee", "signature", "attachments"}
"""Roles of paragraphs that set no target."""
ALONE = re.compile("[ 达到约近超过不低于少高≥≤><]*(?P<amount>[＄％＃＠＊＋＆]◇*)(?:及?以[上下内]|左右)? *")
"""A cell that holds one amount and nothing else but how it compares."""
UNIT = re.compile(r"\((?P<unit>[^()]{1,6})\)$")
PLANS = {"十一": 2010, "十二": 2015, "十三": 2020, "十四": 2025}
"""Last years of the five-year plans."""
YEAR = re.compile(
    "(?:^|[,。;:!?\\n])(?:截至|截止|到|至)?(?:(?P<year>20[0-9]{2})年|“?(?P<plan>十[一二三四])五”?(?=期间|时期|末|以来))"
    "(?!.{0,3}(?:基础|水平|中央|一号))(?P<rest>[^。;!?\\n]*)"
)
DIGITS = r"(?>\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)"
SCALE = r"(?:[十百千万亿]{1,3}+(?![一二三四五六七八九]))?"
LONGEST = 400
"""Characters after an amount in which the end of its sentence is looked for."""
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
    unit = rf"(?!{_either(rulebook.words('no_units'))})(?=[{_firsts(signs)}]){_either(signs)}(?:(?<![A-Za-z])|(?![A-Za-z]))"
    slash = rf"(?:/{_either(rulebook.words('denominators'))})?"
    high = rf"(?:(?:{unit})?[-—–~至到]{{1,2}}(?P<high>{DIGITS})(?P<scale_high>{SCALE}))?"
    arabic = rf"(?P<low>{DIGITS})(?P<scale>{SCALE})(?P<more>[多余]?)(?P<after>[万亿]?){high}[多余]?(?P<unit>{unit}{slash}|(?=[,。;、)以左]))"
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
    if before.isascii() and (before.isalnum() or before in "./-%") or before in "图表" or text.plain[start - 2 : start] == "专栏":
        return None
    if not unit and not (scale or after)[-1:] in ("万", "亿"):
        return None
    digits = match["low"]
    if digits[0] == "0" and digits[1:2] not in (".", ""):  # 048: a number in a list
        return None
    if "," in digits and "，" in text.shown[start : start + len(digits)]:  # a comma of the sentence
        start += digits.rindex(",") + 1
        digits = digits[digits.rindex(",") + 1 :]
    low = number(digits + scale + after)
    high = number(match["high"] + match["scale_high"]) if match["high"] else low
    if low is None or high is None:
        return None
    if low > high and match["scale"]:  # 50万—300万 has its scale at both ends
        return None
    if match["high"] and not scale and match["scale_high"] and low < high:
        shared = number(digits + match["scale_high"])  # 15-20万元
        low = shared if shared is not None and unit and not _has_unit(match, units) else low
    if unit == "%" and text.plain[match.end() : match.end() + 1].isascii() and text.plain[match.end() : match.end() + 1].isalnum():
        return None  # %E8 in an address
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
    sign = SHARE if match["share"] else LABEL if not match["words"].strip("百千万亿") else ONE if low == high == 1 else WORDED
    return Amount(match.start(), match.end(), low, high, unit, sign, bool(match["some"]))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])


def targets(
    text: Text, outline: Outline, table: Sequence[Row], rulebook: Rulebook, about: Metadata | None = None
) -> list[Target]:
    """The targets of a notice, in document order. `about` tells its date: what a past year brought is no target."""
    found = amounts(text, rulebook)
    if not found:
        return []
    masked = mask(text.plain, found)
    evidence = _evidence(masked, found, rulebook)
    spoken = [amount for amount in found if amount.sign not in (WORDED, ONE, LABEL) or amount.start in evidence]
    namer = Namer(text, mask(text.plain, spoken), rulebook)
    facts, titles = [], _titles(text.plain, masked, table)
    last: tuple[Amount, Target] | None = None
    past = _past(text.plain, about)
    for amount, line in _stated(found, outline, rulebook):
        matches = evidence.get(amount.start)
        while past and past[0][1] <= amount.start:
            past.popleft()
        if not matches or past and past[0][0] <= amount.start:
            continue
        before = last[1] if last and last[0].end > line.start else None
        target = Target(
            text=text.quote(amount.start, amount.end),
            span=text.span(amount.start, amount.end),
            rule=matches[0].rule.id,
            indicator=titles.get(amount.start)
            or namer.name(amount.start, amount.end, amount.sign, before.indicator if before else None),
            comparator=cast(Comparator, "range" if amount.low != amount.high else _setting(matches, "comparator", before)
                            or ("gt" if amount.more else "eq")),
            low=amount.low,
            high=amount.high,
            unit=amount.unit,
            change=cast(Change | None, _setting(matches, "change", before)),
        )
        facts.append(target)
        last = amount, target
    return facts + _cells(text, table, rulebook)


def _titles(plain: str, masked: str, table: Sequence[Row]) -> dict[int, str]:
    """The row's title for each amount that has a cell to itself."""
    titles = {}
    for row in table:
        for start, end in row.cells:
            alone = ALONE.fullmatch(masked, start, end) if row.title else None
            if alone:
                titles[alone.start("amount")] = UNIT.sub("", row.title or "")
    return titles


def _cells(text: Text, table: Sequence[Row], rulebook: Rulebook) -> list[Target]:
    """Numbers without a unit in the columns of a table that hold targets: 44.4 in the row of 粮食播种面积(万亩)."""
    facts = []
    rules = rulebook.kind("target-cell")
    for row in table:
        unit = next((text.plain[start:end] for (start, end), column in zip(row.cells, row.columns, strict=False)
                     if column == "unit"), "")
        named = UNIT.search(row.title or "")
        unit = unit.strip() or (named["unit"] if named else "")
        scale = re.match("[十百千万亿]*", unit)[0]
        for (start, end), column in zip(row.cells, row.columns, strict=False):
            start, end = text.trim(start, end)
            match = rules.match(text.plain, start, end) if column == "target" and row.title else None
            low = number(match["low"] + scale) if match and match.end == end else None
            high = number((match["high"] or match["low"]) + scale) if match else None
            if match is None or low is None or high is None:
                continue
            facts.append(Target(
                text=text.quote(match.groups.start("low"), match.groups.end("high") if match["high"] else match.groups.end("low")),
                span=text.span(match.groups.start("low"), match.groups.end("high") if match["high"] else match.groups.end("low")),
                rule=match.rule.id,
                indicator=UNIT.sub("", row.title or ""),
                comparator=cast(Comparator, "range" if low != high else match.setting("comparator", "eq")),
                low=low,
                high=high,
                unit=unit[len(scale):],
                change=None,
            ))
    return facts


def _stated(found: Sequence[Amount], outline: Outline, rulebook: Rulebook) -> Iterator[tuple[Amount, Line]]:
    """The amounts that stand in the notice's own words, with their paragraphs; none that tell history or conditions."""
    titles = re.compile(f"{_either(rulebook.words('history_words'))}$")
    seen: dict[Node, bool] = {}

    def history(node: Node) -> bool:
        if node not in seen:
            above = node.parent is not None and history(node.parent)
            seen[node] = above or bool(node.level and node.title and titles.search(node.title.rstrip("。: ")))
        return seen[node]

    for amount in found:
        line = outline.line(amount.start)
        marker = line.start + len(line.node.marker) if line.node and line.role == "heading" else line.start
        if line.node and line.role not in SILENT and marker <= amount.start and not history(line.node):
            yield amount, line


def _past(plain: str, about: Metadata | None) -> deque[Span]:
    """The sentences from where they name a year before the notice's own."""
    issued = about and (about.issued_on or about.published_on)
    found: deque[Span] = deque()
    if issued:
        for match in YEAR.finditer(plain):
            if (int(match["year"]) if match["year"] else PLANS[match["plan"]]) < issued.year:
                found.append((match.start(), match.end("rest")))
    return found


def _evidence(masked: str, found: Sequence[Amount], rulebook: Rulebook) -> dict[int, list[Match]]:
    """The rules that speak of each amount, by its start, in the order of the file; none for amounts that one hides."""
    read, starts, shifts = _sentences(masked, found)
    spoken: dict[int, list[tuple[int, Match]]] = {}
    hidden: set[int] = set()
    own = [amount.start - shifts[bisect_right(starts, amount.start) - 1] for amount in found]
    ends = [at + amount.end - amount.start for at, amount in zip(own, found, strict=True)]
    for order, match in rulebook.kind("target").candidates(read):
        if match.rule.ignore:
            hidden.update(range(bisect_right(ends, match.start), bisect_left(own, match.end)))
        else:
            spoken.setdefault(bisect_left(own, match.groups.start("amount")), []).append((order, match))
    return {
        found[index].start: [match for _, match in sorted(matches, key=lambda spoke: spoke[0])]
        for index, matches in spoken.items()
        if index not in hidden
    }


def _sentences(masked: str, found: Sequence[Amount]) -> tuple[str, list[int], list[int]]:
    """Only the sentences that hold an amount, a line each (rules need read no other), and how to find one in it:
    what starts at or after `starts[i]` stands `shifts[i]` earlier."""
    pieces, starts, shifts = [], [], []
    at = length = 0
    for amount in found:
        if amount.start < at:
            continue
        start = max(masked.rfind(stop, at, amount.start) for stop in "。;\n") + 1 or at
        end = min(place for stop in "。;\n" if (place := masked.find(stop, amount.end, amount.end + LONGEST)) >= 0 or (place := min(amount.end + LONGEST, len(masked))))
        pieces.append(masked[start:end])
        starts.append(start)
        shifts.append(start - length)
        length += end - start + 1
        at = end
    return "\n".join(pieces), starts, shifts


def _setting(matches: Sequence[Match], name: str, before: Target | None) -> str | None:
    """What the first rule that speaks of a field sets for it; `same` is what the number before has."""
    for match in matches:
        value = match.setting(name)
        if value == "same":
            value = getattr(before, name) if before and getattr(before, name) != "range" else None
        if value:
            return value
    return None
