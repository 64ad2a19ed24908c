"""Cleaning: what is kept, what is joined, and that every kept character knows its place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyparse.clean import clean


def paragraphs(source: str) -> list[str]:
    return clean(source).plain.split("\n")


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("（１）增长５．６％，不低于３０％；", "(1)增长5.6%,不低于30%;"),
        ("1﹒茶产业：1∶1配套", "1.茶产业:1:1配套"),
        ("2022－2023年、3–5个、2～4处", "2022-2023年、3-5个、2~4处"),
        ("第 2 3 条 二 、总体 要求", "第23条二、总体要求"),
        ("2021 年 10 月底前建成 5 处", "2021年10月底前建成5处"),
        ("Wi Fi 与 ISO 9001 认证", "Wi Fi与ISO 9001认证"),
        ("青\u200b禾\ufeff县\u2028白石镇", "青禾县\n白石镇"),
        ("完成 10.5 万亩", "完成10.5万亩"),
        ("序号\t任务\t责任单位", "序号\t任务\t责任单位"),
        ("一、\t总体要求", "一、总体要求"),
        ("⼀般性⽀出", "一般性支出"),
        ("&nbsp;&nbsp;各镇要落实&nbsp;责任", "各镇要落实责任"),
    ],
)
def test_one_form(source: str, plain: str) -> None:
    assert clean(source).plain == plain


def test_shown_keeps_the_widths_as_written() -> None:
    text = clean("　　（一）粮食 面积稳定在４４万亩。")
    assert text.shown == "（一）粮食面积稳定在４４万亩。"
    at = text.plain.index("44万亩")
    assert text.quote(at, at + 4) == "４４万亩"


@pytest.mark.parametrize(
    "source",
    [
        "## 一、总体要求",
        "**一、总体要求**",
        "> 一、总体要求",
        "- 一、总体要求",
        "[一、总体要求](https://example.org/a.html)",
    ],
)
def test_markdown_signs_are_no_content(source: str) -> None:
    assert clean(source).plain == "一、总体要求"


@pytest.mark.parametrize("page", ["— 3 —", "- 12 -", "－ 4 －", "第3页共10页", "第 3 页", "---", "\f"])
def test_page_numbers_and_rulers_are_dropped(page: str) -> None:
    assert paragraphs(f"一、目标\n{page}\n二、任务") == ["一、目标", "二、任务"]


def test_bare_numbers_are_page_numbers_when_they_count_pages() -> None:
    page = [f"第{number}项任务由东岭镇负责落实。" for number in range(12)]
    assert "1" not in paragraphs("\n".join([*page, "1", *page, "2", *page]))


def test_bare_numbers_of_a_table_are_kept() -> None:
    assert paragraphs("序号\n任务\n1\n种粮\n2\n种茶") == ["序号", "任务", "1", "种粮", "2", "种茶"]


def test_lines_broken_to_a_width_are_rejoined() -> None:
    first = "第一条为规范青禾县茶叶加工企业的生产经营行为,保障产品质量安全,根据有关法律法规,结合本县实际,制定本办法。"
    second = "第二条本办法适用于在本县行政区域内从事茶叶种植、加工、流通的单位和个人,国家和省另有规定的除外。"
    lines = [text[at : at + 17] for text in (first, second) * 2 for at in range(0, len(text), 17)]
    assert paragraphs("\n".join(lines)) == [first, second] * 2


def test_a_sentence_broken_at_a_page_is_rejoined_over_a_blank_line() -> None:
    first = "（三）整治突出问题。" + "各镇要组织力量对辖区内的问题开展排查，" * 4 + "坚决打击赌"
    assert len(paragraphs(f"{first}\n\n博等行为。\n\n（四）加强宣传。")) == 2


def test_a_marker_or_label_is_never_joined_to_the_line_before() -> None:
    first = "各镇要组织力量对辖区内的问题开展排查。" * 4 + "有关要求"
    assert len(paragraphs(f"{first}\n（一）加强领导\n责任单位：东岭镇")) == 3


def test_table_cells_are_not_joined() -> None:
    cell = "、".join(["县农业农村局", "县发展和改革局", "县财政局", "县自然资源局", "县水利局", "县林业局"] * 2)
    assert paragraphs(f"{cell}\n粮食面积稳定在3万亩") == [cell, "粮食面积稳定在3万亩"]


def test_wide_blanks_divide_paragraphs_where_line_breaks_are_lost() -> None:
    body = "为做好全县防汛抗旱工作，" * 20 + "现通知如下："
    assert [p[:4] for p in paragraphs(f"各镇人民政府：　　{body}　　一、压实责任　　二、备足物资")] == [
        "各镇人民",
        "为做好全",
        "一、压实",
        "二、备足",
    ]


def test_a_wide_blank_in_a_short_line_divides_nothing() -> None:
    assert paragraphs("组　　长：县长\n第一章　　总　　则") == ["组长:县长", "第一章总则"]


@given(st.text(alphabet="一、（）12.　 \t\n\r。，aB*#[]()&nbsp;—县\ufeff\x0c", max_size=300))
def test_every_kept_character_knows_its_place(source: str) -> None:
    text = clean(source)
    assert len(text.plain) == len(text.shown)
    origins = [text.origin(at) for at in range(len(text.plain))]
    assert all(a < b for a, b in pairwise(origins))
    assert [text.offset(origin) for origin in origins] == list(range(len(origins)))
    for at, character in enumerate(text.shown):
        assert character in "\n\t " or source[origins[at]] == character


def test_of_whole_paragraphs_only_a_last_character_broken_off_by_hand_is_joined() -> None:
    broken = "附件：2025年青禾县育苗机具种类范\n围\n附件\n会\n议"
    closed = "县里要求各镇按照上述安排认真抓好落实。\n完\n各镇要按照安排认真抓好落实，\n并"
    lines = clean(f"{broken}\n{closed}", paragraphs=True).shown.split("\n")
    assert lines == ["附件：2025年青禾县育苗机具种类范围", "附件", "会", "议", *closed.split("\n")]
