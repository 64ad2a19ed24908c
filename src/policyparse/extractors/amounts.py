"""Numbers with their units: 44.4万亩, 2-5套, 180多名, 一个, 百亿元."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from policyparse.numerals import number
from policyparse.rulebook import Rulebook
from policyparse.shapes import Longest, shapes
from policyparse.text import Text

MONEY, SHARE, COUNT, SIZE, WORDED, ONE, LABEL = "＄％＃＠＊＋＆"
"""First characters of a masked amount. Cleaning turns these signs to ASCII, so that no cleaned text holds them."""
REST = "◇"
NUMERALS = "一二两三四五六七八九十百千万亿"
POINTS = ("个百分点", "个基点")
JOINTS = ("、", "和", "及", "与")
BEHIND = "多余至到分,-—–~"
"""What may stand between the first figures of a number and its unit."""
AGAIN = ",多余至到分"
"""Behind figures that a pattern must read: 1,200, 百分之五, 三至五."""
RANGE = "-—–~至到"
MULTIPLES, MULTIPLIED = ("番", "倍"), "翻"
"""Units of which a Chinese numeral tells as much as digits behind 翻: 翻一番."""
BRIEF = 7
"""Characters of figures that need no pattern."""
SCALES, TEN = "十百千万亿", 10
"""A Chinese numeral above ten tells as much as digits, 三百人, but not one of scales alone, 十万亩."""
ENDED = frozenset(",。;、)以左")
"""What may follow a number that has no unit."""


class Amount:
    """A number with its unit at [start, end) of the cleaned text; `more` where it says 多 or 余."""

    __slots__ = ("end", "high", "low", "more", "sign", "start", "unit")

    def __init__(self, start: int, end: int, low: float, high: float, unit: str, sign: str, more: bool) -> None:
        self.start, self.end, self.low, self.high = start, end, low, high
        self.unit, self.sign, self.more = unit, sign, more


class Figures:
    """The amounts of a text in order; `masked` has each as a sign and a row of ◇, at the same offsets."""

    def __init__(self, plain: str, amounts: Sequence[Amount]) -> None:
        self.plain, self.amounts = plain, amounts
        self.starts = [amount.start for amount in amounts]
        self.masked = mask(plain, amounts)

    def between(self, low: int, high: int) -> Sequence[Amount]:
        """The amounts that begin in [low, high)."""
        first = bisect_left(self.starts, low)
        return self.amounts[first : bisect_left(self.starts, high, first)]

    def at(self, place: int) -> Amount | None:
        """The amount that begins at a place."""
        index = bisect_left(self.starts, place)
        return self.amounts[index] if index < len(self.starts) and self.starts[index] == place else None


class Units:
    """The units of a rulebook and the sign of each."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.signs: dict[str, str] = {}
        for name, sign in (("measure", SIZE), ("count", COUNT), ("percent", SHARE), ("money", MONEY), ("size", SIZE)):
            self.signs |= dict.fromkeys(rulebook.words(f"{name}_units"), sign)
        self.known = Longest([*self.signs, *rulebook.words("no_units")])
        self.denominators = Longest(rulebook.words("denominators"))
        self.behind = frozenset(BEHIND).union(unit.lstrip(NUMERALS)[:1] for unit in self.signs)
        shape = shapes(rulebook, "amount")
        self.number, self.upper, self.phrase = shape["number"], shape["upper"], shape["phrase"]
        self.figures = re.compile(rf"[0-9{NUMERALS}][0-9{NUMERALS}]*+(?:\.[0-9][0-9{NUMERALS}]*+)?")

    def at(self, plain: str, start: int) -> str:
        """The unit that stands at a place, without what follows a slash; empty where there is none."""
        unit = self.known.at(plain, start)
        if unit not in self.signs:
            return ""
        if unit[-1].isascii() and unit[-1].isalpha():  # kg, but not the kg of kgf
            following = plain[start + len(unit) : start + len(unit) + 1]
            return "" if following.isascii() and following.isalpha() else unit
        return unit

    def divisor(self, plain: str, end: int) -> str:
        """What a unit that ends at a place is divided by, with the slash: /亩."""
        below = self.denominators.at(plain, end + 1) if plain[end : end + 1] == "/" else ""
        return below and f"/{below}"


@lru_cache(maxsize=8)
def _units(rulebook: Rulebook) -> Units:
    return Units(rulebook)


def amounts(text: Text, rulebook: Rulebook) -> list[Amount]:
    """Every number with a unit in a cleaned text, in order."""
    units, plain, end = _units(rulebook), text.plain, 0
    found: list[Amount] = []
    for figures in units.figures.finditer(plain):
        behind = figures.end()
        following = plain[behind : behind + 1]
        if following not in units.behind and not (following in ENDED and plain[behind - 1] in "万亿"):
            continue
        start = figures.start()
        amount = _amount(text, start, behind, following, units) if start >= end else None
        if amount:
            if amount.unit in POINTS and found and found[-1].unit == "个" and plain[end : amount.start] in JOINTS:
                found[-1].unit, found[-1].sign = amount.unit, amount.sign  # 4.2个和6.5个百分点
            found.append(amount)
            end = amount.end
    return found


def _amount(text: Text, start: int, end: int, following: str, units: Units) -> Amount | None:
    """The amount whose figures are [start, end), unless they are part of a name or have no unit."""
    written = text.plain[start:end]
    if following not in AGAIN:  # most need no pattern: 35, 4.5, 35万, 一
        digits = written.rstrip("万亿")
        if digits.isascii() and 0 < len(digits) <= BRIEF:
            return _arabic(text, start, end, digits, written[len(digits) :], "", units)
        if len(written) <= BRIEF and not written.strip(NUMERALS):
            return _worded(text.plain, start, end, "", written, "", "", units)
    match = units.number.match(text.plain, start)
    if not match:
        return None
    digits, scale, more, after, share, words, upper, some = match.groups("")
    if digits:
        return _arabic(text, start, match.end(), digits, scale + after, more, units)
    return _worded(text.plain, start, match.end(), share, words, upper, some, units)


def _arabic(text: Text, start: int, end: int, digits: str, scale: str, more: str, units: Units) -> Amount | None:
    plain = text.plain
    if _serial(digits, start, plain):
        return None
    first = unit = units.at(plain, end)
    end += len(unit)
    upper = units.upper.match(plain, end) if plain[end : end + 1] in RANGE else None
    if upper:
        behind = units.at(plain, upper.end())
        if behind or _needs_no_unit(plain, upper.end(), scale):
            unit, end = behind, upper.end() + len(behind)
        else:
            upper = None
    if not unit and not _needs_no_unit(plain, end, scale):
        return None
    sign, divisor = units.signs.get(unit, COUNT), units.divisor(plain, end)
    end += len(divisor)
    if unit == "%" and not divisor and plain[end : end + 1].isalnum() and plain[end].isascii():
        return None
    if "," in digits and "，" in text.shown[start : start + len(digits)]:  # a comma of the sentence
        comma = digits.rindex(",")
        start, digits = start + comma + 1, digits[comma + 1 :]
    low = high = _figure(digits, scale)
    if upper:
        high = _figure(upper["high"], upper["scale"])
        if not scale and not first:
            low = _figure(digits, upper["scale"])  # 15-20万元
    if low is None or high is None or low > high:
        return None
    return Amount(start, end, low, high, unit + divisor, sign, bool(more))


def _needs_no_unit(plain: str, end: int, scale: str) -> bool:
    """Whether a number that ends at a place is an amount without a unit: 标识注册量突破5亿。"""
    return scale[-1:] in ("万", "亿") and plain[end : end + 1] in ENDED


def _figure(digits: str, scale: str) -> float | None:
    """The number that digits write with a scale behind them; most have none, or 万."""
    if scale in ("", "万") and "." not in digits:
        return int(digits.replace(",", "")) * (10_000 if scale else 1)
    return number(digits + scale)


def _serial(digits: str, start: int, plain: str) -> bool:
    """Whether digits are part of a name, a list number or an address: A4, 表1, 048."""
    before = plain[start - 1] if start else "\n"
    return (
        (before.isascii() and (before.isalnum() or before in "./-%"))
        or before in "图表"
        or (before == "栏" and plain[max(0, start - 2)] == "专")
        or (digits[0] == "0" and digits[1:2] not in ("", "."))
    )


def _worded(
    plain: str, start: int, end: int, share: str, words: str, upper: str, some: str, units: Units
) -> Amount | None:
    unit = "%" if share else units.at(plain, end)
    if unit in units.phrase.cues and units.phrase.match(plain, start):
        return None
    low = number(words) if unit else None
    high = number(upper) if upper else low
    if low is None or high is None or low > high:
        return None
    sign = WORDED
    if share or units.signs[unit] == SHARE or (unit in MULTIPLES and plain[start - 1 : start] == MULTIPLIED):
        sign = SHARE
    elif not words.strip(SCALES[1:]):
        sign = LABEL
    elif high == 1:
        sign = ONE
    elif high > TEN and (words.strip(SCALES) or units.signs[unit] == MONEY) and plain[start - 1 : start] != "第":
        sign = units.signs[unit]
    return Amount(start, end + (0 if share else len(unit)), low, high, unit, sign, bool(some))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])
