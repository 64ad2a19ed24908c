"""Where a document begins, and its title."""

from outlines import LETTER, PLAN, outline, parts, tree
from policyparse.clean import clean


def test_a_letter_without_a_title_begins_at_its_addressee() -> None:
    source = LETTER.split("\n", 2)[2] + PLAN
    assert parts(source) == [("cover", None), ("body", "青禾县茶产业发展方案")]
    assert outline(source).parts[0].start == 0


def test_a_title_over_several_lines_is_joined() -> None:
    source = "关于做好2023年稳步推进\n\n茶产业发展重点工作的行动方案\n\n" + PLAN.split("\n", 1)[1]
    assert parts(source) == [("body", "关于做好2023年稳步推进茶产业发展重点工作的行动方案")]


def test_a_title_whose_lines_look_like_titles_is_joined() -> None:
    printed = "首页\n关于我们\n青禾县人民政府办公室关于全面推行\n茶园管护制度\n茶叶检测制度的意见\n"
    source = printed + PLAN.split("\n", 1)[1]
    assert parts(source) == [("body", "青禾县人民政府办公室关于全面推行茶园管护制度茶叶检测制度的意见")]


def test_the_title_next_to_the_text_begins_the_part() -> None:
    title = "青禾县茶产业发展方案"
    source = f"{title}\n发布日期：2023-05-06\n{title}\n来源：县农业农村局\n" + PLAN.split("\n", 1)[1]
    found = outline(source)
    assert found.parts[0].start == clean(source).plain.index(title, 5)


def test_a_title_above_the_labels_of_a_page() -> None:
    labels = "发布日期：2023-05-06\n发布机构：县林业局\n检索时间：2023-06-01\n原文链接：见附页\n"
    source = f"# 问答实录：青禾县茶产业怎么办\n{labels}记者：全县茶产业近年来发展得如何？\n一、总体目标\n"
    assert parts(source) == [("body", "问答实录：青禾县茶产业怎么办")]


def test_a_table_of_contents_is_no_tree() -> None:
    contents = "目　录\n第一章 总则\n第二章 管理\n第三章 附则\n"
    text = (
        "第一章 总则\n第一条 为加强管理，制定本办法。\n第二章 管理\n第二条 各镇应当建立台账。\n"
        "第三章 附则\n第三条 本办法自公布之日起施行。"
    )
    assert [node[1] for node in tree("青禾县茶叶加工管理办法\n" + contents + text)] == [
        "第一章",
        "第一条",
        "第二章",
        "第二条",
        "第三章",
        "第三条",
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


def test_a_first_sentence_that_ends_like_a_title_is_none() -> None:
    source = "为推进数字商务,激发市场活力,制定如下措施\n一、加强领导\n建立会商机制。\n"
    assert parts(source) == [("body", None)]


def test_a_line_that_ends_with_a_place_is_no_whole_title_of_an_attachment() -> None:
    source = PLAN + "\n附件\n2025—2027年青禾县\n育苗机具种类范围\n（共2大类3个品目）\n1.耕地机械\n2.播种机械\n"
    assert parts(source)[-1] == ("annex", "2025—2027年青禾县育苗机具种类范围")


def test_the_last_words_of_a_title_may_stand_alone() -> None:
    source = "青禾县人民政府印发《青禾县茶产业发展方案》\n的通知\n" + LETTER.split("\n", 1)[1]
    assert parts(source)[0][1] == "青禾县人民政府印发《青禾县茶产业发展方案》的通知"
