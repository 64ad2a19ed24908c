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
SCALE = r"(?:(?:[十百万亿]|千(?![克米瓦])){1,3}+(?![一二三四五六七八九])(?:(?<=亿)\d{1,4}万)?)?"
NUMERAL = "[一二两三四五六七八九十百千万亿]"
POINTS = ("个百分点", "个基点")
JOINTS = ("、", "和", "及", "与")
RUN = (
    "[0-9]++(?![年月日号、)〕\\n]|[.](?![0-9]))"
    "|(?<!{numeral}){numeral}++(?![、)。,年月日章是般定些步切])(?=[{units}至到多余分])"
)
"""Where a number may begin: no date and no list marker, of which there are most; words only before a unit."""
NUMBER = re.compile(
    rf"(?P<low>{DIGITS})(?P<scale>{SCALE})(?P<more>[多余]?)(?P<after>[万亿]?)"
    rf"|(?<![0-9])(?P<share>百分之)?(?P<words>{NUMERAL}{{1,6}})(?:[至到](?P<words_high>{NUMERAL}{{1,3}}))?"
    "(?P<some>[多余]?)"
)
UPPER = re.compile(rf"[-—–~至到]{{1,2}}(?P<high>{DIGITS})(?P<scale>{SCALE})[多余]?")
"""The upper end of a range: -20万."""
ENDED = (",", "。", ";", "、", ")", "以", "左")
"""What may follow a number that has no unit: 标识注册量突破5亿。"""

ALNUM = re.compile("[0-9A-Za-z]")


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


class Longest:
    """Finds the longest of some words that begins or ends at a place; far faster to make than a pattern of them all."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.firsts: dict[str, list[int]] = {}  # how long words are that begin with a character, the longest first
        self.lasts: dict[str, list[int]] = {}
        for size in sorted({len(word) for word in self.words}, reverse=True):
            for first, last in {(word[0], word[-1]) for word in self.words if len(word) == size}:
                for sizes in (self.firsts.setdefault(first, []), self.lasts.setdefault(last, [])):
                    if size not in sizes:
                        sizes.append(size)

    def at(self, text: str, start: int) -> str:
        """The longest word that begins at a place, or an empty one."""
        for size in self.firsts.get(text[start : start + 1], ()):
            if text[start : start + size] in self.words:
                return text[start : start + size]
        return ""

    def before(self, text: str) -> str:
        """The longest word that a text ends with, or an empty one."""
        for size in self.lasts.get(text[-1:], ()):
            if text[-size:] in self.words:
                return text[-size:]
        return ""


class Units:
    """The units of a rulebook and the sign of each."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.signs: dict[str, str] = {}
        for name, sign in (("measure", SIZE), ("count", COUNT), ("percent", SHARE), ("money", MONEY), ("size", SIZE)):
            self.signs |= dict.fromkeys(rulebook.words(f"{name}_units"), sign)
        self.known = Longest([*self.signs, *rulebook.words("no_units")])
        firsts = "".join(map(re.escape, sorted({unit[0] for unit in self.signs})))
        self.run = re.compile(RUN.format(numeral=NUMERAL, units=firsts))
        self.denominators = Longest(rulebook.words("denominators"))

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
    units, end = _units(rulebook), 0
    found: list[Amount] = []
    for run in units.run.finditer(text.plain):
        match = NUMBER.match(text.plain, run.start()) if run.start() >= end else None
        amount = match and (_worded(match, units) if match["words"] else _arabic(match, text, units))
        if amount:
            if amount.unit in POINTS and found and found[-1].unit == "个" and text.plain[end : amount.start] in JOINTS:
                found[-1].unit, found[-1].sign = amount.unit, amount.sign  # 4.2个和6.5个百分点
            found.append(amount)
            end = amount.end
    return found


def _arabic(match: "re.Match[str]", text: Text, units: Units) -> Amount | None:
    plain, start, digits, scale = text.plain, match.start(), match["low"], match["scale"] + match["after"]
    first = units.at(plain, match.end())
    upper = UPPER.match(plain, match.end() + len(first))
    unit, end = units.whole(units.at(plain, upper.end()), plain, upper.end(), scale) if upper else ("", 0)
    if not end:
        upper, (unit, end) = None, units.whole(first, plain, match.end(), scale)
    if not end or _serial(digits, start, plain) or (unit == "%" and ALNUM.match(plain, end)):
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
    return Amount(start, end, low, high, unit, units.signs.get(unit.partition("/")[0], COUNT), bool(match["more"]))


def _figure(digits: str, scale: str) -> float | None:
    """The number that digits write with a scale behind them; most have none, or 万."""
    if scale in ("", "万"):
        value = round(float(digits.replace(",", "")) * (10_000 if scale else 1), 6)
        return int(value) if value == int(value) else value
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


def _worded(match: "re.Match[str]", units: Units) -> Amount | None:
    unit = "%" if match["share"] else units.at(match.string, match.end())
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
    end = match.end() + (0 if match["share"] else len(unit))
    return Amount(match.start(), end, low, high, unit, sign, bool(match["some"]))


def mask(plain: str, found: Sequence[Amount]) -> str:
    """The text with every amount as its sign and a row of ◇, at the same offsets."""
    pieces, at = [], 0
    for amount in found:
        pieces += [plain[at : amount.start], amount.sign, REST * (amount.end - amount.start - 1)]
        at = amount.end
    return "".join([*pieces, plain[at:]])
