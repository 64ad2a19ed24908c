"""The marker at the head of a line, and what only looks like one."""

import pytest

from outlines import outline, tree


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
        ("4.6月底前完成选址。", "4.", 4),
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


def test_decimals_count_only_where_they_go_on() -> None:
    source = "1.总则\n1.1编制目的\n1.2适用范围\n1.2.1适用对象\n2.组织\n2.1机构\n3.5倍以上的增幅须报告。"
    assert [(node[0], node[1]) for node in tree(source)] == [
        (1, "1."),
        (2, "1.1"),
        (2, "1.2"),
        (3, "1.2.1"),
        (1, "2."),
        (2, "2.1"),
    ]


def test_an_ocr_dash_in_brackets_is_a_first_marker() -> None:
    assert [(node[1], node[0]) for node in tree("一、任务\n(-)加强统筹\n(二)加强宣传")][1:] == [("(-)", 2), ("(二)", 2)]
