"""Who is responsible, and as what."""

import pytest

from policyparse import rulebook
from policyparse.document import Document
from policyparse.pipeline import parse
from policyparse.schema import Notice

SHORT = {"牵": "lead", "责": "responsible", "配": "support", "落": "implement", "督": "supervise"}


def read(*paragraphs: str) -> Notice:
    text = "\n".join(("青禾县改厕工作方案", "一、主要任务", *paragraphs, "二、工作要求"))
    return parse(Document(text), rulebook.load())


def found(notice: Notice) -> list[tuple[str, str]]:
    return [(one.role, one.text) for task in notice.tasks for one in task.assignments]


def expected(marked: str) -> list[tuple[str, str]]:
    """牵:县教育局 责:县财政局 -> the pairs that it stands for."""
    return [(SHORT[word[0]], word[2:]) for word in marked.split()]


@pytest.mark.parametrize(
    ("bracket", "names"),
    [
        ("(责任单位:县林业局、县教育局)", "责:县林业局 责:县教育局"),
        ("（责任单位：县发改局，各镇（街道））", "责:县发改局 责:各镇（街道）"),
        ("(牵头单位:县文旅局;配合单位:县财政局,责任主体:各镇)", "牵:县文旅局 配:县财政局 责:各镇"),
        ("(牵头单位:县委政法委责任单位:县委编办县司法局各镇)", "牵:县委政法委 责:县委编办 责:县司法局 责:各镇"),
        ("(县水利局牵头负责,县林业局、县审计局配合,各镇落实)", "牵:县水利局 配:县林业局 配:县审计局 落:各镇"),
        ("(县教育局、县财政局按职责分工负责)", "责:县教育局 责:县财政局"),
        ("(财政部、教育部等部门及各地区按职责分工负责)", "责:财政部 责:教育部 责:各地区"),
        ("(县教育局会同县财政局负责)", "牵:县教育局 配:县财政局"),
        ("(县教育局(牵头)、县财政局)", "牵:县教育局 责:县财政局"),
        ("(县教育局牵头县财政局配合)", "牵:县教育局 配:县财政局"),
        ("(县水利局负责,县审计局监督)", "责:县水利局 督:县审计局"),
        ("(由县水利局负责,2025年10月底前完成)", "责:县水利局"),
        ("(6月底完成,牵头考核单位:县交通局、县财政局)", "牵:县交通局 牵:县财政局"),
        ("(责任领导:李某某;责任单位:县公安局;完成时限:长期)", "责:县公安局"),
        ("(县教育局、县公安局,各县(市、区)政府)", "责:县教育局 责:县公安局 责:各县(市、区)政府"),
        ("(省财政厅,各市、县人民政府负责)", "责:省财政厅 责:各市、县人民政府"),
        ("(由县教育局牵头,会同县财政局、县民政局落实)", "牵:县教育局 配:县财政局 配:县民政局"),
        ("(县教育局、县财政局依据各自职责分工负责,持续推进)", "责:县教育局 责:县财政局"),
        ("(县水利局、各镇,长期坚持)", "责:县水利局 责:各镇"),
        ("(县教育局牵头,县财政局配合", "牵:县教育局 配:县财政局"),
        ("(责任单位:1.县教育局 2.县财政局;3.各镇)", "责:县教育局 责:县财政局 责:各镇"),
        ("(责任单位:县教育局.县财政局·县民政局)", "责:县教育局 责:县财政局 责:县民政局"),
        ("(责任单位:县教育局[牵头]、县财政局)", "牵:县教育局 责:县财政局"),
        ("(责任单位:县教育局(李某某);责任人:王某)", "责:县教育局"),
        ("(牵头单位:县教育局;帮扶单位:县供电公司、县城投集团)", "牵:县教育局"),
        ("(县水务、农业农村、林业等部门按职责分工负责)", "责:县水务、农业农村、林业等部门"),
        ("(市水利局牵头,市县两级负责)", "牵:市水利局 责:市县两级"),
        ("(各镇党委、政府负责)", "责:各镇党委、政府"),
        ("(责任单位:县委县政府督查室、各县(市、区)党委和政府)", "责:县委县政府督查室 责:各县(市、区)党委和政府"),
        ("(各镇、各部门)", "责:各镇 责:各部门"),
        ("(责任单位:县第一中学、县财政局,排名第一的为牵头单位)", "牵:县第一中学 责:县财政局"),
        ("(责任单位:县残联等单位)", "责:县残联"),
        ("(责任单位:县教育局，各镇", "责:县教育局 责:各镇"),
        ("【牵头单位:县教育局】", "牵:县教育局"),
        ("(牵头单位:园区;责任单位:职中、镇)", "牵:园区 责:职中 责:镇"),
        ("(含技工院校)", ""),
        ("(谁审批、谁负责)", ""),
        ("(以下简称县领导小组)", ""),
        ("(县发展改革委令第3号)", ""),
        ("(小学、幼儿园)", ""),
        ("(一)在窗口单位(县民政局、县财政局)公示,逐项(落实)。", ""),
    ],
)
def test_bracket_at_the_end_of_a_paragraph(bracket: str, names: str) -> None:
    assert found(read("改造户厕,提升村容。" + bracket)) == expected(names)


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["责任单位:县住建局、各街道"], "责:县住建局 责:各街道"),
        (["责任单位:", "县住建局、各街道"], "责:县住建局 责:各街道"),
        (["【责任单位】县住建局"], "责:县住建局"),
        (["牵头单位:县住建局　配合单位:各镇　完成时限:2025年底"], "牵:县住建局 配:各镇"),
        (["完成时限:2025年底 督导单位:县纪委监委"], "督:县纪委监委"),
        (["改造户厕。责任单位:县住建局。"], "责:县住建局"),
        (["责任单位及责任人:县住建局 李某某"], "责:县住建局"),
        (["指导部门:省教育厅 推广范围:全省"], "督:省教育厅"),
        (["县住建局、县城管局按职责分工负责。"], "责:县住建局 责:县城管局"),
        (["责任单位要切实加强领导。"], ""),
        (["由县教育局牵头,协调推进。"], ""),
        (["县住建局要发挥牵头作用。"], ""),
        (["主办单位:青禾县人民政府 网站标识码:1234567890"], ""),
    ],
)
def test_lines(lines: list[str], names: str) -> None:
    assert found(read(*lines)) == expected(names)


def test_brackets_within_a_paragraph_govern_the_sentences_before_them() -> None:
    notice = read("改造户厕。(县住建局负责,各镇落实)。绿化村庄。(县林业局、县财政局负责)。")
    assert found(notice) == expected("责:县住建局 落:各镇 责:县林业局 责:县财政局")


def test_first_leads_from_the_note_on() -> None:
    notice = read(
        "改造户厕。(县住建局、县财政局负责)",
        "绿化村庄。(县林业局、县财政局负责。列第一位者为牵头单位,下同)",
        "修路。(县交通局、县财政局负责)",
        "架桥。(县水利局、县财政局分别负责)",
        "补网。(县工信局牵头,县财政局负责)",
    )
    assert found(notice) == expected(
        "责:县住建局 责:县财政局 牵:县林业局 责:县财政局 牵:县交通局 责:县财政局 责:县水利局 责:县财政局"
        " 牵:县工信局 责:县财政局"
    )


@pytest.mark.parametrize(
    "note",
    [
        "注:排在各责任单位首位的是牵头单位。",
        "各项任务排在第一位的责任单位为牵头单位。",
        "责任单位中第一个单位为牵头单位。",
    ],
)
def test_first_leads_throughout_where_a_closing_note_says_so(note: str) -> None:
    assert found(read("改造户厕。(责任单位:县住建局、县财政局)", note)) == expected("牵:县住建局 责:县财政局")


def test_fact_is_the_source_to_the_letter() -> None:
    notice = read("改造户厕。（责任单位：县 发改局、 各镇）")
    first = notice.tasks[0].assignments[0]
    assert (first.text, first.name, first.canonical) == ("县 发改局", "县发改局", "县发展和改革局")
    assert first.rule == "assignment.labelled-bracket"


def test_label_without_a_readable_name_is_told() -> None:
    notice = read("改造户厕。(责任单位:“一网通办”改革专门推进机制协调)")
    assert not found(notice)
    assert "assignment-unread" in [one.code for one in notice.diagnostics]


def test_nothing_is_read_outside_the_parts_of_the_notice() -> None:
    assert found(parse(Document(""), rulebook.load())) == []


@pytest.mark.parametrize(
    "text", ["(责任单位:" * 2000, "(县教育局牵头," * 2000, "(" * 20000, "责任单位\n" * 3000, "、" * 20000]
)
def test_strange_text_is_read_in_time(text: str) -> None:
    found(read(text))
