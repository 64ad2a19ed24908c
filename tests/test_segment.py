"""Parts, headings, the tree under faulty numbering, and titles: on notices of fictional places."""

import time

import pytest

from policyparse.clean import clean
from policyparse.document import Cell, Document, Table
from policyparse.outline import Node, Outline
from policyparse.rulebook import load
from policyparse.segment import segment

RULES = load()
Shape = tuple[int, str, str | None]


def outline(source: str, tables: tuple[Table, ...] = ()) -> Outline:
    return segment(clean(source), Document(source, tables=tables), RULES)


def shape(node: Node) -> list[Shape]:
    return [(n.level, n.marker, n.title) for n in node.walk() if n.level]


def tree(source: str) -> list[Shape]:
    found = outline(source)
    assert len(found.parts) == 1, [(part.kind, part.title) for part in found.parts]
    return shape(found.parts[0])


def parts(source: str) -> list[tuple[str, str | None]]:
    return [(part.kind, part.title) for part in outline(source).parts]


def roles(source: str) -> dict[str, str]:
    found, text = outline(source), clean(source)
    return {text.plain[line.start : line.end]: line.role for line in found.lines}


def codes(source: str) -> list[str]:
    return [found.code for found in outline(source).diagnostics]


LETTER = """青禾县人民政府办公室关于印发青禾县茶产业发展方案的通知
青政办发〔2023〕7号
各镇人民政府，县政府各部门：
《青禾县茶产业发展方案》已经县政府同意，现印发给你们，请认真贯彻执行。
青禾县人民政府办公室
2023年5月6日
（此件公开发布）
"""
PLAN = """青禾县茶产业发展方案
为加快茶产业发展，结合我县实际，制定本方案。
一、总体目标
到2025年，全县茶园面积达到3万亩。
二、重点任务
（一）建设基地。东岭镇新建茶园2000亩。
（二）培育企业。年内培育加工企业5家。
"""


# headings


@pytest.mark.parametrize(
    ("line", "marker", "number"),
    [
        ("第一编 总论", "第一编", 1),
        ("第二部分 主要任务", "第二部分", 2),
        ("第十二章 附则", "第十二章", 12),
        ("第二节 资金管理", "第二节", 2),
        ("第 二 十 条 本办法自公布之日起施行。", "第二十条", 20),
        ("一、总体要求", "一、", 1),
        ("二 、总体要求", "二、", 2),
        ("（二十一）创建品牌", "（二十一）", 21),
        ("(三)创建品牌", "(三)", 3),
        ("1.茶产业", "1.", 1),
        ("12、茶产业", "12、", 12),
        ("3．茶产业", "3．", 3),
        ("4﹒茶产业", "4﹒", 4),
        ("（5）设施栽培", "（5）", 5),
        ("6）设施栽培", "6）", 6),
        ("③设施栽培", "③", 3),
        ("⑵设施栽培", "⑵", 2),
        ("一是强化责任。各镇要落实专人。", "一是", 1),
        ("**三、总体要求**", "三、", 3),
        ("### （四）总体要求", "（四）", 4),
        ("第二阶段（2023年6月）：集中攻坚。各镇开展整治。", "第二阶段", 2),
    ],
)
def test_markers(line: str, marker: str, number: int) -> None:
    node = outline(line).parts[0].children[0]
    assert (node.marker, node.number) == (marker, number)
    assert node.rule.startswith("heading.")


@pytest.mark.parametrize(
    "line",
    [
        "1.5万亩高标准农田当年建成并投入使用。",
        "2023.5.1起施行的办法同时废止。",
        "2025年底前完成茶园改造任务。",
        "一、二、三产业融合发展取得明显成效。",
        "第三条第二款所列情形不予补助。",
        "一是一、二是二的作风。",
        "(2023)年度任务全面完成。",
        "1900亩",
    ],
)
def test_no_markers(line: str) -> None:
    found = outline(f"为做好有关工作，提出如下意见。\n{line}")
    assert [n for part in found.parts for n in part.children if n.title != "一、二是二的作风"] == []


def test_clauses_inside_a_paragraph_are_no_headings() -> None:
    source = "一、加强管理。一是落实责任；二是健全制度；三是严格考核。\n二、强化保障。落实资金。"
    assert [node[1] for node in tree(source)] == ["一、", "二、"]


def test_levels_follow_the_text() -> None:
    source = "一、甲事\n（一）乙事\n1.丙事\n（1）丁事\n①戊事\n二、己事\n1.庚事"
    assert [node[0] for node in tree(source)] == [1, 2, 3, 4, 5, 1, 2]


def test_node_ids_say_the_path() -> None:
    part = outline("一、甲事\n（一）乙事\n（二）丙事\n二、丁事").parts[0]
    assert [node.id for node in part.walk()] == ["1", "1.1", "1.1.1", "1.1.2", "1.2"]


def test_numbers_that_run_on_stay_on_their_level() -> None:
    source = "一、甲事\n（一）乙事\n（二）丙事\n二、丁事\n（三）戊事\n1.己事\n（四）庚事\n2.辛事"
    assert [node[0] for node in tree(source)] == [1, 2, 2, 1, 2, 3, 2, 3]
    assert codes(source) == []


def test_articles_run_through_chapters() -> None:
    source = (
        "第一章 总则\n第一条 为规范茶叶加工，制定本办法。\n第二章 管理\n"
        "第二条 企业应当建立台账。\n（一）原料台账；\n第三条 本办法自公布之日起施行。"
    )
    assert [(node[0], node[1]) for node in tree(source)] == [
        (1, "第一章"), (2, "第一条"), (1, "第二章"), (2, "第二条"), (3, "（一）"), (2, "第三条"),
    ]
    assert codes(source) == []


def test_a_misprinted_marker_takes_the_level_of_those_that_follow() -> None:
    source = (
        "一、目标\n二、任务\n全镇任务如下。\n一、建设茶园，夯实基础。\n建设茶园。\n"
        "（二）培育企业，延长链条。\n培育企业。\n（三）打造品牌，拓展市场。\n三、保障"
    )
    assert [node[0] for node in tree(source)] == [1, 1, 2, 2, 2, 1]


def test_a_doubled_number_is_a_sibling_and_is_told() -> None:
    source = "（五）甲事\n（六）乙事\n（六）丙事\n（七）丁事"
    assert [node[0] for node in tree(source)] == [1, 1, 1, 1]
    assert "numbering-repeated" in codes(source)


def test_a_gap_is_told_with_its_place() -> None:
    source = "一、甲事\n二、乙事\n四、丙事"
    found = outline(source).diagnostics
    assert [remark.code for remark in found] == ["numbering-gap"]
    span = found[0].span
    assert span is not None
    assert source[span[0] : span[1]] == "四、"


def test_a_restart_is_told() -> None:
    assert "numbering-restarted" in codes("一、甲事\n二、乙事\n三、丙事\n一、丁事\n二、戊事")


def test_a_skipped_level_is_told() -> None:
    source = "一、甲事\n（一）乙事\n1.丙事\n二、丁事\n1.戊事"
    assert [node[0] for node in tree(source)] == [1, 2, 3, 1, 2]
    assert codes(source) == ["level-skipped"]


def test_a_box_with_numbers_of_its_own_does_not_disturb_the_outer_ones() -> None:
    source = "一、任务\n1.甲事\n2.乙事\n专栏1 重点工程\n1.丙事\n2.丁事\n3.戊事\n4.己事\n3.庚事\n4.辛事"
    levels = [node[0] for node in tree(source)]
    assert levels == [1, 2, 2, 3, 3, 3, 3, 2, 2]


def test_a_customarily_inner_marker_may_be_the_outer_one() -> None:
    source = "1.甲事\n（一）乙事\n（二）丙事\n2.丁事\n（一）戊事\n3.己事\n（一）庚事"
    assert [node[0] for node in tree(source)] == [1, 2, 2, 1, 2, 1, 2]


def test_decimals_count_only_where_they_go_on() -> None:
    source = "1.总则\n1.1编制目的\n1.2适用范围\n1.2.1适用对象\n2.组织\n2.1机构\n3.5倍以上的增幅须报告。"
    assert [(node[0], node[1]) for node in tree(source)] == [
        (1, "1."), (2, "1.1"), (2, "1.2"), (3, "1.2.1"), (1, "2."), (2, "2.1"),
    ]


def test_an_ocr_dash_in_brackets_is_a_first_marker() -> None:
    assert [(node[1], node[0]) for node in tree("一、任务\n(-)加强统筹\n(二)加强宣传")][1:] == [("(-)", 2), ("(二)", 2)]


# titles


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("（一）指导思想：坚持生态优先。", "指导思想"),
        ("（一）稳定粮食面积。全县粮食面积稳定在3万亩。", "稳定粮食面积"),
        ("一、总体要求", "总体要求"),
        ("1.县交通运输局：负责农村公路建设。", "县交通运输局"),
        ("1.推广“网上办”。 各镇要设立窗口。", "推广“网上办”"),
        ("（一）动员阶段（2023年1月1日—1月10日）。召开动员会。", "动员阶段（2023年1月1日—1月10日）"),
        ("（一）建设茶园（责任单位：县农业农村局、东岭镇）", "建设茶园"),
        ("（一）建设茶园（县农业农村局牵头，各镇配合）。年内建成。", "建设茶园"),
        ("（一）健全机制（试行）。建立台账。", "健全机制（试行）"),
        ("一是要强化责任，抓好落实。各镇要成立专班。", "要强化责任，抓好落实"),
        ("1.对各镇每年开展一次集中培训。", None),
        ("（一）营业执照复印件；", None),
        ("1.各单位要高度重视这项工作，切实加强组织领导，明确专人负责，按时报送进展情况。", None),
        ("第一条 为规范茶叶加工企业经营行为，根据有关规定，制定本办法。", None),
    ],
)
def test_title(line: str, title: str | None) -> None:
    text = clean(line)
    node = segment(text, Document(line), RULES).parts[0].children[0]
    assert node.title == title
    body = text.plain[node.lines[0].body : node.lines[0].end]
    assert title is None or title.replace("，", ",") not in body


def test_siblings_decide_where_a_first_sentence_may_be_a_title() -> None:
    doubtful = "2.建立各种形式的业余团队，定期组织开展活动。各镇给予支持。"
    content = "1.配备专职管理人员，建立工作台账，做到底数清楚。\n{}\n3.加强教育培训，不断提高队伍素质。"
    title = "1.加强领导。成立专班。\n{}\n3.强化督导。每月通报。"
    assert tree(content.format(doubtful))[1][2] is None
    assert tree(title.format(doubtful))[1][2] == "建立各种形式的业余团队，定期组织开展活动"


def test_a_heading_alone_on_its_line_ends_with_a_stop() -> None:
    source = "一、多措并举，建好茶园。\n各镇要抓好落实。\n（一）礼堂。\n礼堂面积不少于200平方米。"
    assert [node[2] for node in tree(source)] == ["多措并举，建好茶园", "礼堂"]


# parts


def test_a_letter_and_what_it_sends() -> None:
    assert parts(LETTER + PLAN) == [
        ("cover", "青禾县人民政府办公室关于印发青禾县茶产业发展方案的通知"),
        ("body", "青禾县茶产业发展方案"),
    ]
    found = roles(LETTER + PLAN)
    assert found["青政办发〔2023〕7号"] == "doc_number"
    assert found["各镇人民政府,县政府各部门:"] == "addressee"
    assert found["青禾县人民政府办公室"] == found["2023年5月6日"] == found["(此件公开发布)"] == "signature"
    assert found["青禾县茶产业发展方案"] == "title"


def test_a_letter_without_a_title_begins_at_its_addressee() -> None:
    source = LETTER.split("\n", 2)[2] + PLAN
    assert parts(source) == [("cover", None), ("body", "青禾县茶产业发展方案")]
    assert outline(source).parts[0].start == 0


def test_one_document_is_a_body() -> None:
    assert parts(PLAN) == [("body", "青禾县茶产业发展方案")]
    assert parts(PLAN.split("\n", 1)[1]) == [("body", None)]


def test_a_title_over_several_lines_is_joined() -> None:
    source = "关于做好2023年全面推进\n\n茶产业发展重点工作的行动方案\n\n" + PLAN.split("\n", 1)[1]
    assert parts(source) == [("body", "关于做好2023年全面推进茶产业发展重点工作的行动方案")]


def test_a_title_whose_lines_look_like_titles_is_joined() -> None:
    source = "首页\n关于我们\n青禾县人民政府办公室关于全面推行\n茶园管护制度\n茶叶检测制度的意见\n" + PLAN.split("\n", 1)[1]
    assert parts(source) == [("body", "青禾县人民政府办公室关于全面推行茶园管护制度茶叶检测制度的意见")]


def test_the_title_next_to_the_text_begins_the_part() -> None:
    title = "青禾县茶产业发展方案"
    source = f"{title}\n发布日期：2023-05-06\n{title}\n来源：县农业农村局\n" + PLAN.split("\n", 1)[1]
    found = outline(source)
    assert found.parts[0].start == clean(source).plain.index(title, 5)


def test_a_title_above_the_labels_of_a_page() -> None:
    labels = "发布日期：2023-05-06\n发布机构：县农业农村局\n检索时间：2023-06-01\n原文链接：见附页\n"
    source = "# 问答实录：青禾县茶产业怎么办\n" + labels + "记者：全县茶产业近年来发展得如何？\n" + PLAN.split("\n", 1)[1]
    assert parts(source) == [("body", "问答实录：青禾县茶产业怎么办")]


def test_documents_one_after_another() -> None:
    other = PLAN.replace("茶产业", "蚕桑产业")
    assert parts(PLAN + other) == [("body", "青禾县茶产业发展方案"), ("body", "青禾县蚕桑产业发展方案")]


def test_a_page_that_prints_all_twice() -> None:
    whole = LETTER.split("\n", 2)[2] + PLAN + "青政办发〔2023〕7号.doc\n"
    assert [kind for kind, _ in parts(whole + whole)] == ["cover", "body", "cover", "body"]


def test_the_list_of_attachments_and_an_attachment() -> None:
    listed = "附件：1.重点任务清单\n2.重点企业名单\n青禾县人民政府\n2023年5月6日\n"
    printed = "附件1\n重点任务清单\n序号\n任务\n1\n建设茶园\n附件2：重点企业名单\n白石茶厂\n"
    source = PLAN + listed + printed
    assert parts(source) == [
        ("body", "青禾县茶产业发展方案"),
        ("annex", "重点任务清单"),
        ("annex", "重点企业名单"),
    ]
    found = roles(source)
    assert found["附件:1.重点任务清单"] == found["2.重点企业名单"] == "attachments"


def test_furniture_is_outside_every_part() -> None:
    before = (
        "当前位置：\n首页\n> 政府信息公开\n索引号：000000001/2023-00001\n"
        "发文机关：\n青禾县人民政府\n主题分类：农业\n"
    )
    after = "责任编辑：信息中心\n扫一扫在手机打开当前页\n打印本页 关闭窗口\n"
    source = before + PLAN + after
    found = outline(source)
    assert [part.title for part in found.parts] == ["青禾县茶产业发展方案"]
    outside = [line for line in found.lines if line.node is None]
    assert [line.role for line in outside] == ["furniture"] * 10
    assert found.parts[0].end <= clean(source).plain.index("责任编辑")


def test_a_table_of_contents_is_no_tree() -> None:
    contents = "目　录\n第一章 总则\n第二章 管理\n第三章 附则\n"
    text = (
        "第一章 总则\n第一条 为加强管理，制定本办法。\n第二章 管理\n第二条 各镇应当建立台账。\n"
        "第三章 附则\n第三条 本办法自公布之日起施行。"
    )
    assert [node[1] for node in tree("青禾县茶叶加工管理办法\n" + contents + text)] == [
        "第一章", "第一条", "第二章", "第二条", "第三章", "第三条",
    ]


def test_a_title_above_a_table_of_contents() -> None:
    contents = "目录\n一、总体目标.......1\n二、重点任务.......3\n"
    first, rest = PLAN.split("\n", 1)
    source = f"{first}\n（2023版）\n2023年5月\n{contents}" + rest.split("\n", 1)[1]
    assert parts(source) == [("body", "青禾县茶产业发展方案（2023版）")]
    assert [node[1] for node in tree(source)] == ["一、", "二、", "（一）", "（二）"]


def test_a_letter_to_persons() -> None:
    letterhead = "青禾县人民政府\n对县政协第12号提案的答复\n青政函〔2023〕3号\n"
    source = letterhead + "某某、某某某委员：\n你们提出的提案收悉，现答复如下。"
    assert parts(source) == [("body", "青禾县人民政府对县政协第12号提案的答复")]


def test_a_text_without_line_breaks() -> None:
    filler = "各镇要认真落实，确保取得实效，" * 8
    source = (
        "青禾县人民政府关于加快茶产业发展的意见青政发〔2023〕7号各镇人民政府，县政府各部门："
        "茶产业是支柱产业，现提出如下意见。"
        f"一、总体要求（一）指导思想。坚持生态优先。{filler}一是抓好种植；二是抓好加工。"
        f"（二）主要目标。到2025年建成1.5万亩茶园。二、重点任务（一）建设基地。{filler}完成改造。"
        f"（二）培育企业。{filler}持续推进。三、保障措施加强领导。青禾县人民政府2023年5月6日（此件公开发布）"
    )
    found = outline(source)
    assert [(part.kind, part.title) for part in found.parts] == [("body", "青禾县人民政府关于加快茶产业发展的意见")]
    assert [(level, marker) for level, marker, _ in shape(found.parts[0])] == [
        (1, "一、"), (2, "（一）"), (2, "（二）"), (1, "二、"), (2, "（一）"), (2, "（二）"), (1, "三、"),
    ]
    assert [line.role for line in found.lines[:3]] == ["title", "doc_number", "addressee"]
    assert [line.role for line in found.lines[-3:]] == ["signature"] * 3


def test_signature_and_attachments_belong_to_the_part_and_no_section() -> None:
    source = PLAN + "附件：任务清单\n青禾县人民政府\n2023年5月6日\n"
    part = outline(source).parts[0]
    last = part.children[-1].children[-1]
    assert all(line.role not in ("signature", "attachments") for line in last.lines)
    assert part.end == len(clean(source).plain)
    assert last.end < part.end


def test_lines_of_a_marked_table_are_cells() -> None:
    source = "一、任务\n1.建设茶园\n责任单位"
    at = source.index("1.")
    table = Table((Cell(0, 0, (at, at + 6)), Cell(0, 1, (at + 7, len(source)))))
    found = outline(source, (table,))
    assert [line.role for line in found.lines] == ["heading", "cell", "cell"]
    assert len(shape(found.parts[0])) == 1


def test_line_at_an_offset() -> None:
    found = outline(PLAN)
    for line in found.lines:
        assert found.line(line.start) is line
        assert found.line(line.end - 1) is line


@pytest.mark.parametrize(
    "source",
    ["", "\n\n", "一、\n" * 20_000, "一、甲\n(一)乙\n1.丙\n" * 7_000, "(" * 300_000, "1." * 100_000, "目录\n" * 20_000,
     "附件1：某某清单\n" * 10_000, "青禾县人民政府\n2023年5月6日\n" * 10_000, "。一、总体(一)要求" * 10_000],
    ids=["empty", "blank", "same", "alternating", "brackets", "points", "contents", "annexes", "dates", "glued"],
)
def test_hostile_texts_end_in_time_with_few_remarks(source: str) -> None:
    began = time.process_time()
    found = outline(source)
    assert time.process_time() - began < 20
    assert len(found.diagnostics) <= 50 * max(1, len(found.parts))
