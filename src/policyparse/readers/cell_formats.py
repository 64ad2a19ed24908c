"""Number and format code -> what Excel shows in the cell (ISO/IEC 29500-1, 18.8.30 and 18.8.31).

What depends on the settings of a machine is shown in one way: a short date as 2025-12-31.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

from policyparse.readers.number_formats import formatted

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "yyyy-mm-dd", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0", 42: "#,##0;-#,##0",
    43: "#,##0.00;-#,##0.00", 44: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0",
    49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The codes that a workbook names by number alone, as Excel has them in Chinese."""
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<half>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)(?![a-z])"
    r"|(?P<number>[0#?][0#?,]*(?:\.[0#?]*,*)?(?:E[+-][0#?]+)?|\.[0#?]+)|(?P<general>General|G/通用格式)|(?P<other>.)",
    re.I | re.S,
)
LONGEST = 255
"""Characters of a format code that Excel takes."""
WEEK = "一二三四五六日"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LAST_DAY = 2_958_466
"""The serial number of the day after 9999-12-31."""
MOST = 15
"""Digits that a number of Excel has."""
EXACT = Context(prec=4 * LONGEST)
"""More digits than the places and the signs of percent in a format code can make of a number."""

Token = tuple[str, str]
"""What a piece of a format code is (`text`, `number`, `percent`, `date`, `minute` …) and its characters."""


def shown(number: float, code: str, *, since_1904: bool = False) -> str:
    """A number as its cell shows it; plain where the code is not one for numbers."""
    sections = _sections(code[:LONGEST])
    section = sections[0]
    if len(sections) > 1 and number < 0:
        section, number = sections[1], -number
    elif len(sections) > 2 and not number:
        section = sections[2]
    kinds = {kind for kind, _ in section}
    if abs(number) >= 10**MOST or ("number" in kinds and ("text", "/") in section):
        return plain(number)  # fractions, too, are shown as decimals
    if kinds & {"date", "minute", "elapsed"}:
        moment = _moment(number, since_1904)
        return plain(number) if moment is None else _dated(moment, number, section)
    if "number" in kinds:
        return _numbered(number, section)
    if "general" in kinds or not code:
        return "".join(plain(number) if kind == "general" else text for kind, text in section) or plain(number)
    return "".join(text for kind, text in section if kind == "text")


def plain(number: float) -> str:
    """A number without a format: whole ones in full, others to ten digits."""
    if number == int(number) and abs(number) < 10**MOST:
        return str(int(number))
    return f"{number:.10g}"


@lru_cache(maxsize=1000)
def _sections(code: str) -> list[list[Token]]:
    """The parts of a format code: for positive numbers, negative ones, zero and text."""
    sections: list[list[Token]] = [[]]
    for found in TOKEN.finditer(code):
        kind, text = found.lastgroup, found[found.lastgroup] if found.lastgroup else ""
        if kind == "other" and text == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(("text", text))
        elif kind == "bracket":
            if text.upper().startswith("DBNUM"):
                sections[-1].append(("chinese", text[-1:]))
        elif kind == "other":
            sections[-1].append(("percent" if text == "%" else "text" if text != "@" else "general", text))
        elif kind in ("date", "elapsed", "half"):
            sections[-1].append((kind, text if kind == "half" else text.lower()))
        elif kind:
            sections[-1].append((kind, text))
    return [_minutes(section) for section in sections]


def _minutes(section: list[Token]) -> list[Token]:
    """m is a minute next to hours or seconds, else a month."""
    times = [index for index, (kind, _) in enumerate(section) if kind in ("date", "elapsed")]
    told = list(section)
    for place, index in enumerate(times):
        kind, text = section[index]
        before = section[times[place - 1]][1][0] if place else ""
        after = section[times[place + 1]][1][0] if place + 1 < len(times) else ""
        if kind == "date" and text[0] == "m" and (before == "h" or after == "s"):
            told[index] = ("minute", text)
    return told


def _moment(number: float, since_1904: bool) -> datetime | None:
    """The time of a serial number, to the second; Excel takes 1900 for a leap year."""
    if not 0 <= number < LAST_DAY:
        return None
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        return start + timedelta(seconds=round(number * 86400))
    except OverflowError:
        return None


def _dated(moment: datetime, number: float, section: list[Token]) -> str:
    chinese = any(kind == "chinese" for kind, _ in section)
    half = any(kind == "half" for kind, _ in section)
    pieces = []
    for kind, text in section:
        first, width = text[:1], len(text)
        if kind == "elapsed":
            seconds = round(number * 86400)
            pieces.append(str(seconds // {"h": 3600, "m": 60, "s": 1}[first]).zfill(width))
        elif kind == "half":
            morning, _, evening = text.partition("/")
            pieces.append(morning if moment.hour < 12 else evening)
        elif kind == "minute":
            pieces.append(_padded(moment.minute, width, chinese))
        elif kind != "date":
            pieces.append(text if kind == "text" else "")
        elif first in "ye":
            year = moment.year if width > 2 or first == "e" else moment.year % 100
            pieces.append(formatted(year, "ideographDigital") if chinese else f"{year:02}")
        elif first == "a":
            pieces.append(("星期" if width > 3 else "周") + WEEK[moment.weekday()])
        elif first == "m" and width > 2:
            pieces.append(MONTHS[moment.month - 1][: 3 if width == 3 else 1 if width == 5 else None])
        elif first == "d" and width > 2:
            pieces.append(DAYS[moment.weekday()][: 3 if width == 3 else None])
        else:
            hour = (moment.hour % 12 or 12) if half else moment.hour
            value = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[first]
            pieces.append(_padded(value, width, chinese))
    return "".join(pieces).strip()


def _padded(value: int, width: int, chinese: bool) -> str:
    return formatted(value, "chineseCounting") if chinese else str(value).zfill(min(width, 2))


def _numbered(number: float, section: list[Token]) -> str:
    pattern = next(text for kind, text in section if kind == "number")
    with localcontext(EXACT):
        value = Decimal(repr(number)) * 100 ** sum(kind == "percent" for kind, _ in section)
        written = _filled(value, pattern)
    pieces, placed = [], False
    for kind, text in section:
        if kind == "number":
            pieces.append("" if placed else written)
            placed = True
        elif kind in ("text", "percent"):
            pieces.append(text)
    sign = "-" if value < 0 and any(digit in "123456789" for digit in written) else ""
    return sign + "".join(pieces).strip()


def _filled(value: Decimal, pattern: str) -> str:
    """The digits of a number without its sign: 0 stands in any case, # and ? where there is a digit."""
    if "E" in pattern.upper():
        places = len(pattern.upper().partition("E")[0].partition(".")[2])
        return f"{abs(value):.{places}E}"
    thousands = len(pattern) - len(pattern.rstrip(","))  # a comma at the end divides by a thousand
    whole, _, fraction = pattern.rstrip(",").partition(".")
    exact = abs(value).scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = f"{exact:f}".partition(".")
    least = fraction.rstrip("#?")
    decimals = decimals[: len(least)] + decimals[len(least) :].rstrip("0")
    digits = digits.lstrip("0").zfill(whole.count("0"))
    if "," in whole:
        digits = f"{int(digits or 0):,}" if digits else ""
    return digits + (f".{decimals}" if decimals else "")
