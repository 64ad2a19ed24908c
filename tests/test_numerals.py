"""Numerals of either script."""

import doctest

import pytest

from policyparse import numerals
from policyparse.numerals import integer, number


def test_documented_examples_hold() -> None:
    result = doctest.testmod(numerals)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("12", 12), ("1,200", 1200), ("0.83万", 8300), ("1.4亿", 140_000_000), ("1亿5000万", 150_000_000), ("0", 0),
        ("1.8万亿", 1_800_000_000_000), ("百亿", 10_000_000_000), ("3千万", 30_000_000), ("二〇二五", 2025), ("零", 0),
        ("十", 10), ("十二", 12), ("二十", 20), ("两百", 200), ("一百零三", 103), ("一百二", 120), ("三千五", 3500),
        ("一万二", 12_000), ("一千零二", 1002), ("廿四", 24),
    ],
)  # fmt: skip
def test_number(numeral: str, value: float) -> None:
    assert number(numeral) == value


@pytest.mark.parametrize("numeral", ["", " ", ".", ",", "1.2.3", "甲", "12个", "9" * 41, "亿" * 40, "万" * 40])
def test_what_writes_no_number(numeral: str) -> None:
    assert number(numeral) is None


def test_whole_numbers_come_as_int_and_decimals_are_rounded() -> None:
    assert isinstance(number("2.59万"), int)
    assert number("2.59万") == 25_900
    assert number("0.1") == 0.1


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("12", 12), ("十二", 12), ("③", 3), ("⑴", 1), ("1.5", None), ("9" * 21, None), ("甲", None), ("", None)],
)
def test_integer(numeral: str, value: int | None) -> None:
    assert integer(numeral) == value
