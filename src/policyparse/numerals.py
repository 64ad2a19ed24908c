"""Numerals of either script: 44.4, 2,000, 一百二十, 2万, 1.4亿, 1亿5000万, 廿四, 二〇二五."""

from functools import lru_cache

DIGITS = {c: i % 10 for i, c in enumerate("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖")} | {"两": 2, "○": 0, "Ｏ": 0}
SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
TENS = {"廿": 20, "卅": 30}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
LONGEST = 20
"""Digits of the longest numeral that is read as a number; longer runs are serial numbers or noise."""
LARGEST = 10.0**24
"""Beyond it a run of 万 and 亿 is noise."""
ENCLOSED = {chr(0x2460 + i): i + 1 for i in range(20)} | {chr(0x2474 + i): i + 1 for i in range(20)}


@lru_cache(maxsize=4096)
def integer(numeral: str) -> int | None:
    """The whole number that a numeral writes (12, 十二, 一百零三, 二〇二五, ③), or None."""
    if numeral in ENCLOSED:
        return ENCLOSED[numeral]
    if numeral.isascii() and numeral.isdigit():
        return int(numeral) if len(numeral) <= LONGEST else None
    value = number(numeral)
    return int(value) if value is not None and value == int(value) else None


@lru_cache(maxsize=4096)
def number(numeral: str) -> float | None:
    """The number that a numeral writes, its 千/万/亿 worked out; None where it writes none.

    >>> number("44.4万"), number("一百二十"), number("百"), number("两千万"), number("1,200")
    (444000, 120, 100, 20000000, 1200)
    >>> number("1亿5000万"), number("2.59万"), number("万亿"), number("廿四"), number("三千五"), number("1.2.3")
    (150000000, 25900, 1000000000000, 24, 3500, None)
    """
    if not numeral.strip() or len(numeral) > 2 * LONGEST:
        return None
    total = section = 0.0
    digit: float | None = None
    places = ""
    scale = 1
    at = 0
    while at < len(numeral):
        character = numeral[at]
        if character.isascii() and (character.isdigit() or character == "."):
            end = at
            while end < len(numeral) and numeral[end].isascii() and (numeral[end].isdigit() or numeral[end] in ".,"):
                end += 1
            try:
                digit = float(numeral[at:end].replace(",", ""))
            except ValueError:
                return None
            at, places, scale = end, "", 1
            continue
        if character in DIGITS:
            places += str(DIGITS[character])
            digit = float(places)
            scale = scale if DIGITS[character] and len(places) == 1 else 1
        elif character in TENS:
            section, digit, places, scale = section + TENS[character], None, "", 1
        elif character in SCALES:
            section += (1 if digit is None else digit) * SCALES[character]
            digit, places, scale = None, "", SCALES[character] // 10
        elif character in MYRIADS:
            head = section + (digit or 0)
            total = total + head * MYRIADS[character] if head else (total or 1) * MYRIADS[character]
            section, digit, places, scale = 0.0, None, "", MYRIADS[character] // 10
            if total > LARGEST:
                return None
        elif not character.isspace():
            return None
        at += 1
    value = round(total + section + (digit or 0) * scale, 6)  # in 一百二 the last digit counts a tenth of 百
    return int(value) if value == int(value) else value
