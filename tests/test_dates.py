"""Dates: the notation in which rules of deadlines name periods, and lengths of time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyparse.dates import day, day_of_year, duration, frequency, interval, period


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("成文日期:2023年5月16日", date(2023, 5, 16)),
        ("2023-05-07 15:30", date(2023, 5, 7)),
        ("二〇二一年十月五日", date(2021, 10, 5)),
        ("二○一九年十二月三十一日", date(2019, 12, 31)),
        ("2023年2月30日", None),
        ("2021年13月5日", None),
        ("2023年5月", None),
        ("", None),
    ],
)
def test_a_whole_date_is_read_in_any_writing(written: str, expected: date | None) -> None:
    assert day(written) == expected


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2023-二", "2023-02-01", "2023-02-28"),
        ("2023-6-15", "2023-06-15", "2023-06-15"),
        ("2023-q3", "2023-07-01", "2023-09-30"),
        ("2023-q四", "2023-10-01", "2023-12-31"),
        ("2023-h1", "2023-01-01", "2023-06-30"),
        ("2023-2-下旬", "2023-02-21", "2023-02-28"),
        ("2023-11-中旬", "2023-11-11", "2023-11-20"),
        ("十四五", "2021-01-01", "2025-12-31"),
        ("十二五", "2011-01-01", "2015-12-31"),
        ("十五五", "2026-01-01", "2030-12-31"),
        ("2025-spring", "2025-01-29", "2025-01-29"),
        ("2025-national", "2025-10-01", "2025-10-01"),
        ("own", "2022-01-01", "2022-12-31"),
        ("own+1", "2023-01-01", "2023-12-31"),
        ("-6", "2022-06-01", "2022-06-30"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(written: str, first: str, last: str) -> None:
    assert period(written, 2022) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("written", ["own", "-6", "own+1", "2023-13", "2023-2-30", "2023-q7", "2050-spring", "99999"])
def test_no_period_where_the_year_is_unknown_or_there_is_no_such_day(written: str) -> None:
    assert period(written, None) is None


def test_an_end_has_from_the_start_what_it_leaves_out() -> None:
    assert interval("2023-1-11", "--30", None) == (date(2023, 1, 11), date(2023, 1, 30))
    assert interval("2023-1-11", "-11-30", None) == (date(2023, 1, 11), date(2023, 11, 30))


def test_an_end_before_its_start_is_in_the_next_year() -> None:
    assert interval("2022-11", "-2", None) == (date(2022, 11, 1), date(2023, 2, 28))
    assert interval("2022-11", "next-3", 2020) == (date(2022, 11, 1), date(2023, 3, 31))


def test_an_open_start_has_no_end() -> None:
    assert interval("2024", None, None) == (date(2024, 1, 1), None)
    assert interval(None, "2025", None) == (None, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("written", "expected"),
    [("-10", "--10-31"), ("10-25", "--10-25"), ("2", "--02-28"), ("q1", "--03-31"), ("13", None), ("", None)],
)
def test_a_day_of_every_year(written: str, expected: str | None) -> None:
    assert day_of_year(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("三年", "P3Y"),
        ("2至3年", "P3Y"),
        ("3—5年", "P5Y"),
        ("30个工作日", "P30D"),
        ("15日", "P15D"),
        ("两个月", "P2M"),
        ("半年", "P6M"),
        ("24小时", "PT24H"),
        ("一周", "P1W"),
        ("年", None),
    ],
)
def test_a_length_is_an_iso_duration(written: str, expected: str | None) -> None:
    assert duration(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("一年", "yearly"), ("两年", "P2Y"), ("半年", "half-yearly"), ("3个月", "quarterly"), ("1周", "weekly")],
)
def test_a_length_is_a_frequency(written: str, expected: str) -> None:
    assert frequency(written) == expected


@given(
    st.text(alphabet="0123456789-年月日一二三十五〇qh+own旬上spring", max_size=24),
    st.none() | st.integers(1900, 2100),
)
def test_nothing_written_fails(written: str, own: int | None) -> None:
    day(written)
    period(written, own)
    interval(written, written[::-1], own)
    day_of_year(written)
    duration(written)
