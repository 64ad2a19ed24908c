"""The parts of a file, and the roles of their lines."""

from outlines import LETTER, PLAN, outline, parts, roles
from policyparse.clean import clean


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


def test_an_order_sends_what_follows() -> None:
    order = "青禾县人民政府令\n第3号\n现公布《青禾县茶叶加工管理办法》，自2024年起施行。\n县长：某某\n2023年12月1日\n"
    rules = "青禾县茶叶加工管理办法\n第一条 为规范茶叶加工，制定本办法。\n第二条 企业应当建立台账。\n"
    assert parts(order + rules) == [("cover", "青禾县人民政府令"), ("body", "青禾县茶叶加工管理办法")]


def test_a_note_on_omissions_closes_the_letter() -> None:
    assert parts(LETTER.replace("此件公开发布", "本文有删减") + PLAN)[1] == ("body", "青禾县茶产业发展方案")


def test_one_document_is_a_body() -> None:
    assert parts(PLAN) == [("body", "青禾县茶产业发展方案")]
    assert parts(PLAN.split("\n", 1)[1]) == [("body", None)]


def test_documents_one_after_another() -> None:
    other = PLAN.replace("茶产业", "蚕桑产业")
    assert parts(PLAN + other) == [("body", "青禾县茶产业发展方案"), ("body", "青禾县蚕桑产业发展方案")]


def test_a_page_that_prints_all_twice() -> None:
    whole = LETTER.split("\n", 2)[2] + PLAN + "青政办发〔2023〕7号.doc\n"
    assert [kind for kind, _ in parts(whole + whole)] == ["cover", "body", "cover", "body"]


def test_a_letter_printed_again_after_a_document_without_signature() -> None:
    letter = LETTER.split("\n", 2)[2]
    unsigned = PLAN.split("青禾县人民政府\n2023")[0]
    assert [kind for kind, _ in parts((letter + unsigned) * 2)] == ["cover", "body", "cover", "body"]


def test_links_to_other_documents_below_a_notice_are_no_part() -> None:
    links = "相关解读：茶产业怎么看\n发展茶业“先手棋”打好品牌“主动仗”\n图解：茶产业发展方案\n"
    signed = "青禾县人民政府\n2023年5月6日\n（此件主动公开）\n"
    assert parts(PLAN + signed + links) == [("body", "青禾县茶产业发展方案")]
    assert parts(PLAN + signed + "茶产业发展方案解读说明\n") == [("body", "青禾县茶产业发展方案")]


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
        "当前位置：\n首页\n> 政府信息公开\n索引号：000000001/2023-00001\n发文机关：\n青禾县人民政府\n主题分类：农业\n"
    )
    after = "责任编辑：信息中心\n扫一扫在手机打开当前页\n打印本页 关闭窗口\n"
    source = before + PLAN + after
    found = outline(source)
    assert [part.title for part in found.parts] == ["青禾县茶产业发展方案"]
    outside = [line for line in found.lines if line.node is None]
    assert [line.role for line in outside] == ["furniture"] * 10
    assert found.parts[0].end <= clean(source).plain.index("责任编辑")


def test_signature_and_attachments_belong_to_the_part_and_no_section() -> None:
    source = PLAN + "附件：任务清单\n青禾县人民政府\n2023年5月6日\n"
    part = outline(source).parts[0]
    last = part.children[-1].children[-1]
    assert all(line.role not in ("signature", "attachments") for line in last.lines)
    assert part.end == len(clean(source).plain)
    assert last.end < part.end
