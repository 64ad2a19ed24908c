"""Days, periods and lengths of time, worked out from the notation that the rules of deadlines write.

A period is written as year, part of the year and part of the month, joined by hyphens; any script of numerals will do:
`2025`, `2025-6`, `2025-6-15`, `2025-q3` (a quarter), `2025-h1` (a half), `2025-6-上旬`,
`十四五` (a five-year plan), `2025-spring` (a festival). `own` is the notice's own year and `own+1` the next; an empty
year is `own` too, or in an end the year of its start; `next` in an end is the year after that. There is no today.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from policyparse.numerals import integer

Period = tuple[date, date]
"""First and last day."""

FIRST_PLAN_IN_STEP = date(1966, 1, 1)  # 三五, the first plan since which each lasts five years without a gap
THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
FESTIVALS = {"newyear": (1, 1), "labour": (5, 1), "national": (10, 1)}
SPRING = dict(zip(range(2010, 2041), (
    (2, 14), (2, 3), (1, 23), (2, 10), (1, 31), (2, 19), (2, 8), (1, 28), (2, 16), (2, 5),
    (1, 25), (2, 12), (2, 1), (1, 22), (2, 10), (1, 29), (2, 17), (2, 6), (1, 26), (2, 13),
    (2, 3), (1, 23), (2, 11), (1, 31), (2, 19), (2, 8), (1, 28), (2, 15), (2, 4), (1, 24), (2, 12),
), strict=True))  # fmt: skip
"""Month and day of the Spring Festival, which follows the moon."""

WRITTEN = re.compile(
    r"(?P<year>[12]\d{3}|[一二]\S{3})[年\-/.](?P<month>[^\W_]{1,2})[月\-/.](?P<day>\d{1,2}(?!\d)|[^\W\d_]{1,3}(?=日))日?"
)
"""A whole date in any of the ways in which notices write it."""
LENGTH = (
    r"(?:\D{0,4}?([\d.]+)|([一二两三四五六七八九十半]{1,3}))(?:多?个)?半?"
    r"(年|月|周|星期|工作日|自然日|日|天|小时|分钟)$"
)
UNITS = {"年": "Y", "月": "M", "周": "W", "星期": "W", "小时": "H", "分钟": "M"}
FREQUENCIES = {
    "P1Y": "yearly",
    "P6M": "half-yearly",
    "P3M": "quarterly",
    "P1M": "monthly",
    "P1W": "weekly",
    "P7D": "weekly",
    "P1D": "daily",
}


def day(text: str) -> date | None:
    """The first whole date that a text writes, or None.

    >>> day("二〇二一年十月五日"), day("2021-10-05 15:30"), day("2021年13月5日")
    (datetime.date(2021, 10, 5), datetime.date(2021, 10, 5), None)
    """
    found = WRITTEN.search(text)
    return _day(*(integer(found[name].replace("O", "〇")) for name in ("year", "month", "day"))) if found else None


def period(written: str, own: int | None) -> Period | None:
    """First and last day of a period in the notation above; None where it names none or hangs on an unknown year."""
    first, *rest = written.split("-")
    year = _year(first, own)
    if first.endswith("五") and not first.startswith("二"):
        return _plan(first)
    if year is None or not 1 <= year <= 9998:
        return None
    parts = [part for part in rest if part]
    if not parts:
        return date(year, 1, 1), date(year, 12, 31)
    return _within_year(year, parts)


@lru_cache(maxsize=1024)
def interval(start: str | None, end: str | None, own: int | None) -> tuple[date | None, date | None]:
    """The first day of one period and the last day of another; what the end leaves out it has from the start.

    >>> interval("2023-1-11", "-11-30", None)
    (datetime.date(2023, 1, 11), datetime.date(2023, 11, 30))
    >>> interval("-11", "-2", 2022)
    (datetime.date(2022, 11, 1), datetime.date(2023, 2, 28))
    """
    begun = period(start, own) if start is not None else None
    if end is None:
        return begun and begun[0], None
    year, *rest = end.split("-")
    inherited = begun is not None and year == ""
    if begun is not None and inherited:
        year = str(begun[0].year)
        if len(rest) > 1 and not rest[0]:
            rest[0] = str(begun[0].month)
    if year == "next":
        year = str(begun[0].year + 1) if begun else "own+1"
    last = period("-".join((year, *rest)), own)
    if begun and last and last[1] < begun[0] and inherited:
        last = period("-".join((str(begun[0].year + 1), *rest)), own)
    if begun and last and last[1] < begun[0]:
        return begun[0], None
    return begun and begun[0], last and last[1]


def day_of_year(written: str) -> str | None:
    """`--MM-DD`, the last day of a period in any year: `--10` is --10-31."""
    parts = [part for part in written.split("-") if part]
    found = _within_year(2023, parts) if parts else None  # a year that is no leap year
    return f"--{found[1]:%m-%d}" if found else None


@lru_cache(maxsize=1024)
def duration(written: str) -> str | None:
    """The ISO 8601 duration of a length, of a range the longer.

    >>> duration("三年"), duration("2至3年"), duration("30个工作日"), duration("半年")
    ('P3Y', 'P3Y', 'P30D', 'P6M')
    """
    for sign in "至到—-–~或":
        written = written.rsplit(sign, 1)[-1]
    found = re.search(LENGTH, written)
    if not found:
        return None
    unit = UNITS.get(found[3], "D")
    numeral = found[1] or found[2]
    if numeral == "半":
        return {"Y": "P6M", "M": "P15D"}.get(unit)
    count = integer(numeral)
    if not count or count > 9999:
        return None
    return f"P{'T' if found[3] in ('小时', '分钟') else ''}{count}{unit}"


def frequency(written: str) -> str | None:
    """How often something recurs, of a length: 一年 -> yearly, 两年 -> P2Y, 半年 -> half-yearly."""
    length = duration(written)
    return FREQUENCIES.get(length, length) if length else None


def _year(written: str, own: int | None) -> int | None:
    if written.startswith("own") or not written:
        after = integer(written[4:]) if written.startswith("own+") else 0
        return own + (after or 0) if own is not None else None
    return integer(written.replace("O", "〇"))


def _plan(name: str) -> Period | None:
    number = integer(name[:-1])
    if number is None or not 3 <= number <= 99:
        return None
    first = FIRST_PLAN_IN_STEP.year + 5 * (number - 3)
    return date(first, 1, 1), date(first + 4, 12, 31)


def _within_year(year: int, parts: list[str]) -> Period | None:
    head = parts[0]
    if head == "spring" or head in FESTIVALS:
        at = SPRING.get(year) if head == "spring" else FESTIVALS[head]
        found = _day(year, *at) if at else None
        return (found, found) if found else None
    if head[0] in "qh" and len(head) > 1:
        number, months = integer(head[1:]), 3 if head[0] == "q" else 6
        return _months(year, (number - 1) * months + 1, number * months) if number else None
    month = integer(head)
    if month is None:
        return None
    if len(parts) < 2:
        return _months(year, month, month)
    third = THIRDS.get(parts[1])
    whole = _months(year, month, month)
    if third and whole:
        return whole[0].replace(day=third[0]), min(whole[1], whole[0] + timedelta(third[1] - 1))
    found = _day(year, month, integer(parts[1]))
    return (found, found) if found else None


def _months(year: int, first: int, last: int) -> Period | None:
    if not 1 <= first <= last <= 12:
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if not year or not month or not day or not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, day) if day <= monthrange(year, month)[1] else None
