"""Metadata: what a head, a signature and the labels of a page say of the notice."""

from datetime import date
from textwrap import dedent

import pytest

from policyparse.document import Document
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Metadata


def read(text: str, **said: str) -> Metadata:
    return parse(Document(dedent(text), metadata=said), load()).metadata


PRINTED = """
    青禾县人民政府文件

    青政发〔2023〕5号                     签发人：张某某

    青禾县人民政府
    关于印发《青禾县数字乡村建设
    三年行动计划（2023—2025年）》的通知

    各乡镇人民政府，县政府各部门、各直属机构：

        《青禾县数字乡村建设三年行动计划（2023—2025年）》已经县政府第12次常务会议审议通过，现印发给你们。

        附件：1．重点任务清单
              2．责任分工表.docx

                              青禾县人民政府
                             2023年 5 月 16 日

    （此件公开发布）

    青禾县人民政府办公室            2023年5月17日印发
"""


def test_a_printed_notice() -> None:
    about = read(PRINTED)
    assert about.title == "青禾县人民政府关于印发《青禾县数字乡村建设三年行动计划（2023—2025年）》的通知"
    assert about.doc_number is not None
    assert about.doc_number.model_dump() == {"text": "青政发〔2023〕5号", "agency": "青政发", "year": 2023, "serial": 5}
    assert about.addressees == ("各乡镇人民政府", "县政府各部门、各直属机构")
    assert about.issuers == ("青禾县人民政府",)
    assert about.issued_on == date(2023, 5, 16)
    assert about.attachments == ("重点任务清单", "责任分工表")
    assert about.status == "final"


def test_every_field_has_its_evidence() -> None:
    about = read(PRINTED)
    text = dedent(PRINTED)
    quoted = {name: [text[start:end] for start, end in spans] for name, spans in about.evidence.items()}
    assert quoted["doc_number"] == ["青政发〔2023〕5号"]
    assert quoted["issued_on"] == ["2023年 5 月 16 日"]
    assert quoted["addressees"] == ["各乡镇人民政府", "县政府各部门、各直属机构"]
    assert quoted["attachments"] == ["重点任务清单", "责任分工表.docx"]
    assert quoted["title"][0].startswith("青禾县人民政府\n关于印发")


def test_labels_of_a_page_on_one_line_and_on_the_next() -> None:
    about = read("""
        索  引 号: QH0006/2023-00316 主题分类:
        发布机构: 县林业局 成文日期:
        标      题: 关于做好2023年夏季防虫工作的通知
        发文字号：
        青林发〔2023〕4号
        发布日期：
        2023年06月19日

        全力抓好虫情监测，确保林木生长安全。
    """)
    assert about.index_number == "QH0006/2023-00316"
    assert about.publisher == "县林业局"
    assert about.title == "关于做好2023年夏季防虫工作的通知"
    assert about.doc_number is not None
    assert about.doc_number.text == "青林发〔2023〕4号"
    assert about.published_on == date(2023, 6, 19)
    assert about.issued_on is None


def test_a_page_in_markdown() -> None:
    about = read("""
        # 关于印发《云溪区智慧茶园建设方案（2024-2027年）》的通知

        **发布日期**: 2024-03-15
        **发布机构**: 云溪区农业农村委员会

        ---

        云农〔2024〕8号

        各有关单位：

        　　现将方案印发给你们，请抓紧组织实施。

        　　云溪区农业农村委员会

        2024年3月14日
    """)
    assert about.title == "关于印发《云溪区智慧茶园建设方案（2024-2027年）》的通知"
    assert (about.published_on, about.issued_on) == (date(2024, 3, 15), date(2024, 3, 14))
    assert about.publisher == "云溪区农业农村委员会"
    assert about.issuers == ("云溪区农业农村委员会",)


def test_a_head_that_runs_on_in_one_line() -> None:
    about = read(
        "东岭市人民政府关于加快产业园区发展的意见东府发〔2018〕26号各区县（自治县）人民政府，市政府有关部门："
        "近年来，园区企业数量稳步增加，用地矛盾日渐突出。请认真贯彻执行。东岭市人民政府2018年9月14日（此件公开发布）"
    )
    assert about.title == "东岭市人民政府关于加快产业园区发展的意见"
    assert about.doc_number is not None
    assert about.doc_number.text == "东府发〔2018〕26号"
    assert about.addressees == ("各区县（自治县）人民政府", "市政府有关部门")
    assert about.issuers == ("东岭市人民政府",)
    assert about.issued_on == date(2018, 9, 14)


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("发布日期：2023-06-19\n关于做好春耕生产的通知青农〔2023〕3号各镇人民政府，县直各单位：", "青农〔2023〕3号"),
        ("关于做好春耕生产的通知各镇人民政府，县直各单位：", None),
        ("关于做好春耕生产的通知\n各镇人民政府，县直各单位：", None),
    ],
)
def test_a_head_that_runs_on_anywhere(head: str, number: str | None) -> None:
    about = read(f"{head}为做好春耕生产，确保粮食播种面积稳定，现就有关事项通知如下。\n\n一、抓好备耕\n")
    assert about.title == "关于做好春耕生产的通知"
    assert (about.doc_number and about.doc_number.text) == number
    assert about.addressees == ("各镇人民政府", "县直各单位")


def test_the_title_of_a_collection() -> None:
    about = read("青禾县2023年重点工作计划汇编\n青禾县水利工作计划\n一、工作思路\n全力推进水利建设。\n")
    assert about.title == "青禾县2023年重点工作计划汇编"


def test_the_last_attachment_ends_before_the_signature() -> None:
    about = read(
        "青禾县人民政府关于做好春耕生产的通知青政发〔2023〕3号各镇人民政府："
        + 20 * "请认真贯彻执行，确保春耕生产有序开展。"
        + "附件：1.任务清单2.成员单位名单青禾县人民政府2023年3月1日（此件公开发布）"
    )
    assert about.attachments == ("任务清单", "成员单位名单")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("各镇人民政府、街道办事处，县直各单位：", ("各镇人民政府、街道办事处", "县直各单位")),
        ("各镇人民政府、县直各单位：", ("各镇人民政府", "县直各单位")),
        ("各市、县（区）人民政府，省直有关单位：", ("各市、县（区）人民政府", "省直有关单位")),
        ("各市、县人民政府：", ("各市、县人民政府",)),
        ("省局各处（室、局）、各直属单位：", ("省局各处（室、局）", "各直属单位")),
    ],
)
def test_addressees_are_groups(line: str, expected: tuple[str, ...]) -> None:
    about = read(f"关于做好春耕生产的通知\n\n{line}\n\n    请抓好贯彻落实，确保春耕生产有序开展。\n")
    assert about.addressees == expected


def test_several_sign_together_in_one_line_or_several() -> None:
    beside = read(
        "关于做好衔接资金管理的通知\n\n各镇：\n\n    请认真抓好贯彻落实，按时报送进度材料。\n\n"
        "临江市财政局      临江市农业农村局\n\n2024年3月8日\n"
    )
    below = read(
        "关于做好衔接资金管理的通知\n\n各镇：\n\n    请认真抓好贯彻落实，按时报送进度材料。\n\n"
        "临江市财政局\n临江市农业农村局\n二〇二四年三月八日\n"
    )
    assert beside.issuers == below.issuers == ("临江市财政局", "临江市农业农村局")
    assert beside.issued_on == below.issued_on == date(2024, 3, 8)


@pytest.mark.parametrize(("last", "issuers"), [("青禾县水利局", ("青禾县水利局",)), ("云溪区水利局", ())])
def test_a_signature_without_its_date(last: str, issuers: tuple[str, ...]) -> None:
    about = read(f"青禾县水利局对第12号提案的答复\n\n李委员：\n您提出的修缮渠道的提案收悉，现答复如下。\n\n{last}\n")
    assert about.issuers == issuers


def test_an_order() -> None:
    about = read("""
        东岭省人民政府令

        第312号

        《东岭省农村供水管理办法》已经省人民政府第8次常务会议通过，现予公布，自2023年9月1日起施行。

        省长 王某某

        2023年6月20日
    """)
    assert about.doc_number is not None
    assert (about.doc_number.text, about.doc_number.serial) == ("第312号", 312)
    assert about.issuers == ("东岭省人民政府",)


@pytest.mark.parametrize(
    "title", ["青禾县招商办法（征求意见稿）", "关于公开征求《青禾县招商办法》意见的公告", "青禾县招商条例（草案）"]
)
def test_a_draft(title: str) -> None:
    about = read(f"{title}\n\n    为扩大开放，结合我县实际，制定本办法，现公开征求社会各界意见。\n")
    assert about.status == "draft"
    assert "status" in about.evidence


def test_attachments_with_their_own_numbers() -> None:
    about = read(
        "关于做好春耕生产的通知\n\n各镇：\n\n    请按附件要求报送材料，确保数据真实准确。\n\n"
        "附件1：任务清单.pdf\n附件2：编制说明.docx\n\n青禾县农业农村局\n2023年3月1日\n"
    )
    assert about.attachments == ("任务清单", "编制说明")


def test_the_format_speaks_only_where_the_text_is_silent() -> None:
    body = "    全力抓好春耕备耕，确保粮食播种面积稳定，农民收入稳步增长。\n"
    about = read(body, title="关于春耕的通知", published_on="2023-04-01 10:00", publisher="青禾县农业农村局")
    assert (about.title, about.published_on) == ("关于春耕的通知", date(2023, 4, 1))
    assert about.publisher == "青禾县农业农村局"
    assert read(f"关于秋收生产的通知\n\n{body}", title="关于春耕的通知").title == "关于秋收生产的通知"


@pytest.mark.parametrize("text", ["", "\n\n", "。", "：", "附件：", "索引号：", "2023年5月16日", "〔2023〕号", "#"])
def test_scraps_say_nothing_and_do_no_harm(text: str) -> None:
    about = read(text)
    assert about.issuers == about.addressees == about.attachments == ()
    assert about.doc_number is None


def test_a_date_below_the_title_and_one_of_publication_below_the_signature() -> None:
    head = "中共青禾县委 青禾县人民政府\n关于全面推进乡村振兴的意见\n（2023年1月4日）\n\n全县要稳定面积。\n"
    assert read(head).issued_on == date(2023, 1, 4)
    below = read(
        "各镇人民政府：\n为做好春耕工作，现就有关事项通知如下。\n青禾县农业农村局\n2023年7月30日签发\n2023年8月3日发布\n"
    )
    assert (below.issuers, below.issued_on) == (("青禾县农业农村局",), date(2023, 7, 30))
    assert below.published_on == date(2023, 8, 3)


def test_a_title_in_two_lines_of_which_one_looks_whole() -> None:
    text = "茶叶加工设备购置\n\n和报废管理暂行规定\n\n为做好农机工作，制定本规定。\n\n第一条　县农业农村局负责实施。\n"
    assert read(text).title == "茶叶加工设备购置和报废管理暂行规定"


@pytest.mark.parametrize(
    "title",
    [
        "青禾县人民政府办公室\n关于印发《青禾县茶叶采摘\n和分发管理规定》\n的通知",
        "在青禾县第三次茶产业大会上\n青禾县林业局局长 讲话",
        "茶叶加工设备购置\n和报废管理暂行规定\n(征求意见稿)",
    ],
)
def test_the_evidence_of_a_title_reaches_to_its_end(title: str) -> None:
    text = f"{title}\n\n各镇人民政府：\n现将有关事项通知如下。\n"
    about = read(text)
    assert about.title == title.replace("\n", "").replace(" ", "")
    assert [text[start:end] for start, end in about.evidence["title"]] == [title]


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ("关于印发茶产业方案的通知", "云溪区人民政府关于印发茶产业方案的通知", 1),
        ("关于印发茶产业方案的通知", "云溪区关于印发茶产业方案的通知", 0),
        ("云溪区人民政府 政策文件 关于印发茶产业方案的通知", "关于印发茶产业方案的通知", 1),
        ("# -----", "云溪区茶产业方案\n\n青禾县竹产业方案", "云溪区茶产业方案"),
    ],
    ids=["with its issuer", "another", "the line of a page", "no words"],
)
def test_a_title_that_is_printed_twice(first: str, second: str, title: int | str) -> None:
    text = f"{first}\n\n{second}\n\n各镇人民政府：\n现将有关事项通知如下。\n"
    assert read(text).title == ((first, second)[title] if isinstance(title, int) else title)


def test_a_title_that_is_only_a_suffix_ends_in_no_traceback() -> None:
    assert read("# .docx\n\n各镇人民政府：\n一、请落实。\n").title == ".docx"


def test_a_person_is_addressed_too() -> None:
    notice = read("青禾县人民政府关于茶业建议的复函\n\n林某某副主席：\n\n您的建议已经转交县林业局研究办理。\n")
    assert (notice.title, notice.addressees) == ("青禾县人民政府关于茶业建议的复函", ("林某某副主席",))


def test_an_attachment_whose_title_begins_with_a_year() -> None:
    text = (
        "各镇人民政府：\n现将有关事项通知如下。\n附件：\n1.自查清单\n2.2023年度项目清单\n青禾县水利局\n2023年5月6日\n"
    )
    assert read(text).attachments == ("自查清单", "2023年度项目清单")
