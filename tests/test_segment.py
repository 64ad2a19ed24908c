"""The whole of the structure: lines by their place, and texts that are no notices."""

import time

import pytest

from outlines import PLAN, outline


def test_line_at_an_offset() -> None:
    found = outline(PLAN)
    for line in found.lines:
        assert found.line(line.start) is line
        assert found.line(line.end - 1) is line


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n\n",
        "一、\n" * 20_000,
        "一、甲\n(一)乙\n1.丙\n" * 7_000,
        "(" * 300_000,
        "1." * 100_000,
        "目录\n" * 20_000,
        "附件1：某某清单\n" * 10_000,
        "青禾县人民政府\n2023年5月6日\n" * 10_000,
        "。一、总体(一)要求" * 10_000,
    ],
    ids=["empty", "blank", "same", "alternating", "brackets", "points", "contents", "annexes", "dates", "glued"],
)
def test_hostile_texts_end_in_time_with_few_remarks(source: str) -> None:
    began = time.process_time()
    found = outline(source)
    assert time.process_time() - began < 20
    assert len(found.diagnostics) <= 50 * max(1, len(found.parts))
