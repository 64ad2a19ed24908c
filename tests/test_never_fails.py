"""Any text gives a valid notice, and every span holds: notices built by hypothesis from the genre's own vocabulary."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyparse.document import Document
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Notice

RULES = load()

MARKERS = [
    "一、",
    "二、",
    "二 、",
    "(一)",
    "（二）",
    "1.",
    "2、",
    "3．",
    "(1)",
    "①",
    "一是",
    "二是",
    "第一章",
    "第 二 条",
    "第一阶段",
    "**一、",
    "## 二、",
]
NAMES = [
    "县农业农村局",
    "市发改委",
    "区住房和城乡建设局",
    "各乡镇人民政府",
    "省人社厅",
    "财政部",
    "各市、县（区）政府",
    "团县委",
]
NUMBERS = [
    "38.5万亩",
    "9%",
    "2-5套",
    "3—5个",
    "一百二十户",
    "15-20万元",
    "1,200 人次",
    "1.8万亿元",
    "百亿",
    "1 8 个",
    "1:1",
    "99999999999999999亿",
]
TIMES = [
    "2025年底前",
    "到2025年",
    "每年10月底前",
    "“十四五”期间",
    "年内",
    "每季度末月18日前",
    "2022—2023年",
    "2021 年 10 月底",
    "三年内",
    "2023年1月11日-11月30日",
    "9999年13月32日前",
    "2月30日前",
]
FRAMES = [
    "{n}达到{v}以上。",
    "新建{n}{v}，",
    "{t}完成{n}{v}；",
    "({u}、{u}负责)",
    "（牵头单位：{u}；责任单位：{u}，{u}）",
    "责任单位：{u}",
    "根据《{n}条例》（国发〔2021〕3号）精神，",
    "（{t}完成，牵头单位：{u}）",
    "{u}牵头负责，{u}配合，{u}落实",
    "{n}\t{v}\t{u}\t{t}",
    "附件：1.{n}方案",
]
NOUNS = ["粮食播种面积", "农具完好率", "高标准农田", "村级物流驿站", "户厕改造", "三农工作", "", "“百县千镇万村”"]
FURNITURE = [
    "打印本页",
    "字体大小：",
    "— 3 —",
    "索 引 号：",
    "发布日期：2023-05-07",
    "青政发〔2023〕1号",
    "各乡镇人民政府：",
    "附件",
    "青禾县人民政府",
    "2023年5月7日",
    "（此件公开发布）",
    "重点任务",
    "责任单位",
    "| 序号 | 任务 |",
    "| --- | --- |",
]
BREAKS = ["", "\n", "\n\n", "　　", "\r\n", " ", "\t", "\u3000\u3000", "\ufeff", "\n\n\n　　"]


@st.composite
def sentences(draw: st.DrawFn) -> str:
    frame = draw(st.sampled_from(FRAMES))
    while "{" in frame:
        for key, words in (("{n}", NOUNS), ("{v}", NUMBERS), ("{u}", NAMES), ("{t}", TIMES)):
            frame = frame.replace(key, draw(st.sampled_from(words)), 1)
    return frame


NOISE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PIECES = st.one_of(
    st.sampled_from(MARKERS), sentences(), sentences(), st.sampled_from(FURNITURE), st.sampled_from(BREAKS), NOISE
)
NOTICES = st.lists(st.tuples(PIECES, st.sampled_from(BREAKS)), max_size=40).map(
    lambda pieces: "".join(a + b for a, b in pieces)
)


def spans_hold(notice: Notice, layer: str) -> None:
    """Every fact's text is its span of the layer; spans lie inside, sections nest, ids are unique and in order."""

    def within(span: tuple[int, int], outer: tuple[int, int]) -> None:
        assert outer[0] <= span[0] <= span[1] <= outer[1], (span, outer)

    whole = (0, len(layer))
    ids = []

    def walk(sections, outer, level):
        last = outer[0]
        for section in sections:
            within(section.span, outer)
            assert section.span[0] >= last, "sections stand in document order and do not overlap"
            last = section.span[1]
            assert section.level == level
            ids.append(section.id)
            walk(section.sections, section.span, level + 1)

    last = 0
    for part in notice.parts:
        within(part.span, whole)
        assert part.span[0] >= last
        last = part.span[1]
        ids.append(part.id)
        walk(part.sections, part.span, 1)
    assert len(ids) == len(set(ids))
    for number, task in enumerate(notice.tasks, 1):
        assert task.id == f"t{number}"
        assert task.section in ids
        assert task.assignments or task.targets or task.deadlines
        for fact in (*task.assignments, *task.targets, *task.deadlines):
            within(fact.span, whole)
            assert fact.text
            assert layer[fact.span[0] : fact.span[1]] == fact.text
            assert fact.rule
        for target in task.targets:
            assert target.low <= target.high
    for citation in notice.citations:
        assert layer[citation.span[0] : citation.span[1]] == citation.text
        assert citation.section is None or citation.section in ids
    for places in notice.metadata.evidence.values():
        for place in places:
            within(place, whole)
    for diagnostic in notice.diagnostics:
        if diagnostic.span:
            within(diagnostic.span, whole)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NOTICES)
def test_a_notice_of_the_genre(layer: str) -> None:
    notice = parse(Document(layer), RULES)
    spans_hold(notice, layer)
    assert Notice.model_validate_json(notice.model_dump_json()) == notice
    assert parse(Document(layer), load()).model_dump_json() == notice.model_dump_json(), (
        "the same input gives the same bytes"
    )


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.sampled_from(
            string.printable
            + "一二三十百千万亿年月日第条章、。，：；（）()《》〔〕“”—－％ 　\n"
            + "牵头责任单位前底到每"
        ),
        max_size=200,
    )
)
def test_any_text(layer: str) -> None:
    spans_hold(parse(Document(layer), RULES), layer)


@pytest.mark.parametrize(
    "layer",
    [
        "",
        " \n　\n",
        "(" * 100_000,
        "9" * 100_000,
        "附件1.a\n" * 2_000,
        "一、\n" * 20_000,
        "一、(一)1.(1)①" * 2_000,
        "《" * 50_000,
        "年" * 50_000,
        "2025年" * 20_000,
        "牵头单位：" * 10_000,
        "、" * 50_000,
        "（牵头单位：" + "县农业农村局、" * 20_000,
        "|" * 50_000,
        "每年" * 20_000,
        "1-" * 30_000,
        "\t" * 50_000,
        "\n" * 50_000,
        "一" * 50_000,
        "第" * 50_000,
        "县委组织部" * 10_000,
        "分别达" * 20_000,
        "附件1\n" * 10_000,
    ],
    ids=lambda layer: repr(layer[:6]),
)
def test_hostile_repetition(layer: str) -> None:
    """Repetition that makes a careless pattern run away; pytest's own patience is the limit."""
    spans_hold(parse(Document(layer), RULES), layer)
