"""The titles of headings, and sentences that are none."""

import pytest

from outlines import outline, tree
from policyparse.clean import clean


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
    text, node = clean(line), outline(line).parts[0].children[0]
    assert node.title == title
    body = text.plain[node.lines[0].body : node.lines[0].end]
    assert title is None or title.replace("，", ",") not in body


def test_siblings_decide_where_a_first_sentence_may_be_a_title() -> None:
    doubtful = "2.组建各类上门帮耕小队，定期组织开展服务。各镇给予支持。"
    content = "1.配备专职管理人员，建立工作台账，做到底数清楚。\n{}\n3.加强教育培训，不断提高队伍素质。"
    title = "1.加强领导。成立专班。\n{}\n3.强化督导。每月通报。"
    assert tree(content.format(doubtful))[1][2] is None
    assert tree(title.format(doubtful))[1][2] == "组建各类上门帮耕小队，定期组织开展服务"


def test_a_heading_alone_on_its_line_ends_with_a_stop() -> None:
    source = "一、多措并举，建好茶园。\n各镇要抓好落实。\n（一）书屋。\n书屋面积不少于90平方米。"
    assert [node[2] for node in tree(source)] == ["多措并举，建好茶园", "书屋"]
