"""Whole number -> the characters that Office writes for it in each number format (ISO/IEC 29500-1, 17.18.59)."""

from collections.abc import Callable

LARGEST = 9999
"""Beyond it every format writes digits; nobody counts so far in words."""
PLAIN = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
FORMAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def formatted(number: int, format: str) -> str:
    """What a number looks like; digits in a format that is not known or has no sign for it."""
    write = FORMATS.get(format)
    return write(number) if write and 0 < number <= LARGEST else str(number) if format != "none" else ""


def _counted(
    number: int, zero: str = "零", digits: str = PLAIN, units: str = "十百千", *, lone_ten: bool = True
) -> str:
    """A number in words: 十二, 二十, 一百零五, 一千二百; `lone_ten`: 12 is 十二 and not 一十二."""
    written, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(written)
            continue
        written += (zero if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return written[1:] if lone_ten and 10 <= number < 20 else written


def _digits(number: int, digits: str = PLAIN) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _hundred(number: int) -> str:
    """In words up to 99, from there on digit for digit."""
    return _counted(number) if number < 100 else _digits(number, PLAIN.replace("〇", "○"))


def _roman(number: int) -> str:
    written = ""
    for worth, letters in ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written


def _letter(number: int) -> str:
    """a … z, aa … zz, aaa …"""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)


def _series(first: str, count: int) -> Callable[[int], str]:
    """Characters that follow one another in Unicode, digits beyond the last."""
    return _row("".join(chr(ord(first) + step) for step in range(count)))


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x245F + number)
    return chr(0x3251 + number - 21) if number <= 35 else chr(0x32B1 + number - 36) if number <= 50 else str(number)


def _row(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


def _ordinal(number: int) -> str:
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"


FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": _ordinal,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "decimalFullWidth": lambda number: _digits(number, "０１２３４５６７８９"),
    "decimalFullWidth2": lambda number: _digits(number, "０１２３４５６７８９"),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _series("⑴", 20),
    "decimalEnclosedFullstop": _series("⒈", 20),
    "ideographEnclosedCircle": _series("㊀", 10),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": lambda number: _digits(number, PLAIN.replace("〇", "○")),
    "chineseCounting": _hundred,
    "taiwaneseCounting": _hundred,
    "chineseCountingThousand": _counted,
    "taiwaneseCountingThousand": _counted,
    "japaneseCounting": _counted,
    "chineseLegalSimplified": lambda number: _counted(number, digits=FORMAL, units="拾佰仟", lone_ten=False),
    "ideographLegalTraditional": lambda number: _counted(
        number, digits=FORMAL_TRADITIONAL, units="拾佰仟", lone_ten=False
    ),
    "ideographTraditional": _row(STEMS),
    "ideographZodiac": _row(BRANCHES),
    "ideographZodiacTraditional": lambda number: STEMS[(number - 1) % 10] + BRANCHES[(number - 1) % 12],
}
"""Name -> how it writes a number from 1; `decimal` and what is not here are digits."""
