"""Numbers with their units: 44.4万亩, 2-5套, 180多名, 一个, 百亿元."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policyparse.numerals import number
from policyparse.rulebook import Rulebook
from policyparse.text import Text

MONEY, SHARE, COUNT, SIZE, WORDED, ONE, LABEL = "＄％＃＠＊＋＆"
"""First characters of a masked amount. Cleaning turns these signs to ASCII, so that no cleaned text holds them."""
REST = "◇"
DIGITS = r"(?>\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)"
SCALE = "(?:[十百千万亿]{1,3}+(?![一二三四五六七八九]))?"
RUN = re.compile("[0-9]+|[一二两三四五六七八九十百千万亿]+")
NUMERAL = "[一二两三四五六七八九十百千万亿]"


@dataclass(slots=True, eq=False)
class Amount:
    """A number with its unit at [start, end) of the cleaned text; `more` where it says 多 or 余."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    sign: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a rulebook: the sign of each, and the pattern of a number with one."""

    signs: dict[str, str]
    pattern: "re.Pattern[str]"


def either(words: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@lru_cache(maxsize=8)
def _units(rulebook: Rulebook) -> Units:
    signs: dict[str, str] = {}
    for name, sign in (("measure", SIZE), ("count", COUNT), ("percent", SHARE), ("money", MONEY), ("size", SIZE)):
        signs |= dict.fromkeys(rulebook.words(f"{name}_units"), sign)
    firsts = "".join(sorted({re.escape(unit[0]) for unit in signs}))
    unit = (
        rf"(?=[{firsts}])(?!{either(rulebook.words('no_units'))}){either(signs)}"
        "(?:(?<![A-Za-z])|(?![A-Za-z]))"  # kg, but not the kg of kgf
    )
    per = rf"(?:/{either(rulebook.words('denominators'))})?"
    high = rf"(?:(?P<first>{unit})?[-—–~至到]{{1,2}}(?P<high>{DIGITS})(?P<scale_high>{SCALE}))?"
    low = rf"(?P<low>{DIGITS})(?P<scale>{SCALE})(?P<more>[多余]?)(?P<after>[万亿]?)"
    arabic = rf"{low}{high}[多余]?(?P<unit>{unit}{per}|(?=[,。;、)以左]))"
    words = rf"(?P<words>{NUMERAL}{{1,6}})(?:[至到](?P<words_high>{NUMERAL}{{1,3}}))?"
    worded = rf"(?P<share>百分之)?{words}(?P<some>[多余]?)(?P<counted>{unit}|)"
    return Units(signs, re.compile(f"{arabic}|{worded}"))


def amounts(text: Text, rulebook: Rulebook) -> list[Amount]:
    """Every number with a unit in a cleaned text, in order."""
    units, plain, found, end = _units(rulebook), text.plain, [], 0
    for run in RUN.finditer(plain):
        match = units.pattern.match(plain, run.start()) if run.start() >= end else None
        amount = match and (_worded(match) if match["words"] else _arabic(match, text, units))
        if amount:
            found.append(amount)
            end = amount.end
    return found


def _arabic(match: "re.Match[str]", text: Text, units: Units) -> Amount | None:
    start, digits, scale, unit = match.start(), match["low"], match["scale"] + match["after"], match["unit"]
    if _serial(match, text.plain) or (not unit and scale[-1:] not in ("万", "亿")):
        return None
    comma = digits.rfind(",")
    if comma >= 0 and "，" in text.shown[start : start + len(digits)]:  # a comma of the sentence
        start, digits = start + comma + 1, digits[comma + 1 :]
    low = high = _figure(digits, scale)
    if match["high"]:
        high = _figure(match["high"], match["scale_high"])
        if not scale and not match["first"]:
            low = _figure(digits, match["scale_high"])  # 15-20万元
    if low is None or high is None or low > high:
        return None
    sign = units.signs.get(unit.partition("/")[0], COUNT)
    return Amount(start, match.end(), low, high, unit, sign, bool(match["more"]))


def _figure(digits: str, scale: str) -> float | None:
    """The number that digits write with a scale behind them; most have none, or 万."""
    if scale in ("", "万"):
        value = round(float(digits.replace(",", "")) * (10_000 if scale else 1), 6)
        return int(value) if value == int(value) else value
    return number(digits + scale)


def _serial(match: "re.Match[str]", plain: str) -> bool:
    """Whether the digits are part of a name, a list number or an address: A4, 表1, 048, %E8."""
    start, end, digits = match.start(), match.end(), match["low"]
    before = plain[start - 1] if start else "\n"
    return (
        (before.isascii() and (before.isalnum() or before in "./-%"))
        or before in "图表"
        or plain.endswith("专栏", 0, start)
        or (digits[0] == "0" and digits[1:2] not in ("", "."))
        or (match["unit"] == "%" and plain[end : end + 1].isascii() and plain[end : end + 1].isalnum())
    )


def _worded(match: "re.Match[str]") -> Amount | None:
    unit = "%" if match["share"] else match["counted"]
    if match.start() and match.string[match.start() - 1].isdigit():  # 033万元: the digits were none
        return None
    low = number(match["words"]) if unit else None
    high = number(match["words_high"]) if match["words_high"] else low
    if low is None or high is None or low > high:
        return None
    sign = WORDED
    if match["share"]:
        sign = SHARE
    elif not match["words"].strip("百千万亿"):
        sign = LABEL
    elif high == 1:
        sign = ONE
    return Amount(match.start(), match.end(), low, high, unit, sign, bool(match["some"]))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])
