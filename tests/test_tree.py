"""The heading tree, under faultless numbering and under faulty."""

from outlines import codes, outline, tree, walk


def test_levels_follow_the_text() -> None:
    source = "一、甲事\n（一）乙事\n1.丙事\n（1）丁事\n①戊事\n二、己事\n1.庚事"
    assert [node[0] for node in tree(source)] == [1, 2, 3, 4, 5, 1, 2]


def test_node_ids_say_the_path() -> None:
    part = outline("一、甲事\n（一）乙事\n（二）丙事\n二、丁事").parts[0]
    assert [node.id for node in walk(part)] == ["1", "1.1", "1.1.1", "1.1.2", "1.2"]


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
        (1, "第一章"),
        (2, "第一条"),
        (1, "第二章"),
        (2, "第二条"),
        (3, "（一）"),
        (2, "第三条"),
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
