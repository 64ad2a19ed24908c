"""Numbers with their units: 44.4万亩, 2-5套, 180多名, 一个, 百亿元."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from policyparse.extractors.shapes import Longest, shapes
from policyparse.numerals import number
from policyparse.rulebook import Rulebook
from policyparse.text import Text

MONEY, SHARE, COUNT, SIZE, WORDED, ONE, LABEL = "＄％＃＠＊＋＆"
"""First characters of a masked amount. Cleaning turns these signs to ASCII, so that no cleaned text holds them."""
REST = "◇"
NUMERALS = "一二两三四五六七八九十百千万亿"
POINTS = ("个百分点", "个基点")
JOINTS = ("、", "和", "及", "与")
BEHIND = "多余至到分,-—–~"
"""What may stand between the first figures of a number and its unit."""
ENDED = (",", "。", ";", "、", ")", "以", "左")
"""What may follow a number that has no unit: 标识注册量突破5亿。"""


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
        self.number, self.upper = shape["number"], shape["upper"]
        self.figures = re.compile(rf"[0-9{NUMERALS}][0-9{NUMERALS}]*+(?:\.[0-9][0-9{NUMERALS}]*+)?")

    def at(self, plain: str, start: int) -> str:
        """The unit that stands at a place, without what follows a slash; empty where there is none."""
        unit = self.known.at(plain, start)
        if not unit or unit not in self.signs:
            return ""
        end = start + len(unit)
        cut = plain[end - 1 : end + 1]  # kg, but not the kg of kgf
        return "" if len(cut) == 2 and cut.isascii() and cut.isalpha() else unit

    def whole(self, unit: str, plain: str, start: int, scale: str) -> tuple[str, int]:
        """A unit with what it is divided by, 元/亩, and where it ends: at 0 where a number is none without one."""
        end = start + len(unit)
        if not unit:
            return "", end if scale.endswith(("万", "亿")) and plain.startswith(ENDED, end) else 0
        below = self.denominators.at(plain, end + 1) if plain.startswith("/", end) else ""
        return (f"{unit}/{below}", end + 1 + len(below)) if below else (unit, end)


@lru_cache(maxsize=8)
def _units(rulebook: Rulebook) -> Units:
    return Units(rulebook)


def amounts(text: Text, rulebook: Rulebook) -> list[Amount]:
    """Every number with a unit in a cleaned text, in order."""
    units, plain, end = _units(rulebook), text.plain, 0
    found: list[Amount] = []
    for figures in units.figures.finditer(plain):
        start, behind = figures.span()
        following = plain[behind : behind + 1]
        if start < end or (following not in units.behind and not (following in ENDED and plain[behind - 1] in "万亿")):
            continue
        match = units.number.match(plain, start)
        amount = match and (_arabic(match, text, units) or _worded(match, plain, units))
        if amount:
            if amount.unit in POINTS and found and found[-1].unit == "个" and plain[end : amount.start] in JOINTS:
                found[-1].unit, found[-1].sign = amount.unit, amount.sign  # 4.2个和6.5个百分点
            found.append(amount)
            end = amount.end
    return found


def _arabic(match: "regex.Match[str]", text: Text, units: Units) -> Amount | None:
    plain, (start, end) = text.plain, match.span()
    digits, scale, more, after, *_ = match.groups("")
    scale += after
    if not digits or _serial(digits, start, plain):
        return None
    first = units.at(plain, end)
    upper = units.upper.match(plain, end + len(first))
    unit, whole = units.whole(units.at(plain, upper.end()), plain, upper.end(), scale) if upper else ("", 0)
    if not whole:
        upper, (unit, whole) = None, units.whole(first, plain, end, scale)
    if not whole or (unit == "%" and plain[whole : whole + 1].isalnum() and plain[whole].isascii()):
        return None
    comma = digits.rfind(",")
    if comma >= 0 and "，" in text.shown[start : start + len(digits)]:  # a comma of the sentence
        start, digits = start + comma + 1, digits[comma + 1 :]
    low = high = _figure(digits, scale)
    if upper:
        high = _figure(upper["high"], upper["scale"])
        if not scale and not first:
            low = _figure(digits, upper["scale"])  # 15-20万元
    if low is None or high is None or low > high:
        return None
    return Amount(start, whole, low, high, unit, units.signs.get(unit.partition("/")[0], COUNT), bool(more))


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
        or plain.endswith("专栏", 0, start)
        or (digits[0] == "0" and digits[1:2] not in ("", "."))
    )


def _worded(match: "regex.Match[str]", plain: str, units: Units) -> Amount | None:
    *_, share, words, upper, some = match.groups("")
    end = match.end()
    unit = words and ("%" if share else units.at(plain, end))
    low = number(words) if unit else None
    high = number(upper) if upper else low
    if low is None or high is None or low > high:
        return None
    sign = WORDED
    if share:
        sign = SHARE
    elif not words.strip("百千万亿"):
        sign = LABEL
    elif high == 1:
        sign = ONE
    return Amount(match.start(), end + (0 if share else len(unit)), low, high, unit, sign, bool(some))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])
