"""Deadlines: what a time means in its notice. Each rule's own examples are held elsewhere."""

from datetime import date

import pytest

from policyparse import api
from policyparse.clean import clean
from policyparse.document import Document
from policyparse.extractors.deadlines import deadlines, own_year
from policyparse.extractors.sections import Sections
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Deadline, DocNumber, Metadata
from policyparse.segment import segment


def read(
    body: str, title: str = "青禾县人民政府关于做好春耕生产的通知", signed: str = "2023年3月1日"
) -> list[Deadline]:
    text = f"{title}\n\n各镇人民政府：\n\n{body}\n\n青禾县人民政府\n{signed}\n"
    notice = parse(Document(text), load())
    return [deadline for task in notice.tasks for deadline in task.deadlines]


def only(body: str, **head: str) -> Deadline:
    (found,) = read(f"    {body}", **head)
    return found


@pytest.mark.parametrize(
    ("body", "kind", "start", "end", "text"),
    [
        ("各镇要在6月底前完成整治工作任务。", "by", None, "2023-06-30", "6月底前"),
        ("年内完成农村公路改造一百公里。", "during", "2023-01-01", "2023-12-31", "年内"),
        ("到2025年，建成高标准农田6万亩。", "by", None, "2025-12-31", "到2025年"),
        ("2022—2023年，依托社区工厂扩大就业。", "during", "2022-01-01", "2023-12-31", "2022—2023年"),
        ("2023 年 10 月底力保全部通车。", "by", None, "2023-10-31", "2023 年 10 月底"),
        ("2027年前，实现关键技术突破。", "by", None, "2027-12-31", "2027年前"),
        ("自2024年起，每村储备后备力量。", "during", "2024-01-01", None, "自2024年起"),
        ("“十四五”期间，推动干部包镇走村。", "during", "2021-01-01", "2025-12-31", "“十四五”期间"),
        ("过渡期内，现有管护办法继续有效。", "during", None, None, "过渡期内"),
        ("三季度末完成主体工程建设和安装。", "by", None, "2023-09-30", "三季度末"),
        ("明年继续推进未完成的灌区改造项目。", "during", "2024-01-01", "2024-12-31", "明年"),
        ("7、8月份集中开展防汛演练和检查。", "during", "2023-07-01", "2023-08-31", "7、8月份"),
        ("元旦前完成水库除险加固主体工程。", "by", None, "2024-01-01", "元旦前"),
        ("汛期前完成水库除险加固主体工程。", "by", None, None, "汛期前"),
        ("请各镇于本月底前完成自查和整改。", "by", None, None, "本月底前"),
        ("即日起至11月底，开展集中整治。", "during", None, "2023-11-30", "即日起至11月底"),
        ("到二〇三五年，基本实现农业现代化。", "by", None, "2035-12-31", "到二〇三五年"),
    ],
)
def test_a_time_is_worked_out_from_the_notice(
    body: str, kind: str, start: str | None, end: str | None, text: str
) -> None:
    found = only(body)
    assert (found.kind, found.text) == (kind, text)
    assert found.start == (start and date.fromisoformat(start))
    assert found.end == (end and date.fromisoformat(end))


def test_the_plan_year_of_the_title_comes_before_the_year_of_issue() -> None:
    title = "关于做好2024年灌区改造重点工作的通知"
    found = only("全年培训技术人员5000人次以上。", title=title, signed="2023年12月28日")
    assert found.end == date(2024, 12, 31)


def test_the_years_of_a_plan_for_several_years_are_not_its_own_year() -> None:
    assert own_year("青禾县人才行动计划（2023—2025年）", Metadata(issued_on=date(2022, 11, 1)), load()) == 2022
    assert own_year("青禾县人才三年行动计划（2023年—2025年）", Metadata(issued_on=date(2022, 11, 1)), load()) == 2022


def test_the_year_of_the_document_number_is_a_year_of_issue() -> None:
    number = DocNumber(text="青政发〔2022〕3号", agency="青政发", year=2022, serial=3)
    assert own_year(None, Metadata(doc_number=number, published_on=date(2023, 1, 1)), load()) == 2022


def test_a_notice_that_says_no_year_of_issue_is_of_the_year_in_which_it_was_published() -> None:
    assert own_year(None, Metadata(published_on=date(2023, 1, 1)), load()) == 2023


def test_what_a_section_on_the_past_names_binds_nobody() -> None:
    assert not read("一、发展基础\n到2025年底，全县茶园面积可达3万亩的基础已经形成，产业链条完整。")
    assert only("一、发展目标\n到2025年底，全县茶园面积达到3万亩，产业链条更加完整。")


def test_a_time_without_a_known_year_stays_open() -> None:
    text = clean("年内重点计划：建设灌区。6月底前完成招标。")
    rulebook = load()
    outline = segment(text, Document(text.source), rulebook)
    found = deadlines(text, outline, [], Sections(text.plain, rulebook), Metadata(), rulebook)
    assert [(each.text, each.start, each.end) for each in found] == [("年内", None, None), ("6月底前", None, None)]


@pytest.mark.parametrize(
    "body",
    [
        "2022年以来，全县粮食生产稳中有进，农民收入较2020年增长三成。",
        "截至2023年2月底，全县已建成高标准农田20万亩。",
        "落实《青禾县乡村振兴规划（2018—2025年）》和《2023年度农田建设方案》。",
        "本通知自2023年4月1日起施行，有效期至2028年3月31日。",
        "项目负责人任期三年，聘期一般为2年，近三年内无违法记录。",
        "乡村教师人数保持在2021年水平之上，常态化开展家访。",
        "2023年是全面推进乡村振兴的重要一年。",
        "打造全年龄友好街区，充实青年内生动力。",
        "2021年底全县高标准农田达到三十万亩。",
        "2023年，全县茶叶产业平稳发展，创造了近三成的税收。",
        "将审批时限压缩至5个工作日以内，平均用时缩短到3周以内。",
        "参加本年度项目评审的专家不得申报，按年利率3%给予贴息。",
    ],
)
def test_history_names_and_terms_are_no_deadlines(body: str) -> None:
    assert read(f"    {body}") == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("2025年底前，为已经挂牌的学堂换装门窗。", "2025年底前"),
        ("2023年11月底前，库区已经腾空的旧屋一律拆除。", "2023年11月底前"),
        ("2024年，为已经入社的茶农配发剪刀。", "2024年"),
        ("7月1日至9月20日，护林员昼夜轮值，严防发生山火。", "7月1日至9月20日"),
        ("3月5日至4月5日，育苗户逐棚记录棚温。", "3月5日至4月5日"),
        ("8月2日至9月2日，各社赴白石镇考察榨油坊。", "8月2日至9月2日"),
        ("4月6日至4月26日，对发生过塌方的坡段装护网。", "4月6日至4月26日"),
        ("2025年底前按照流域的总体要求拆坝。", "2025年底前"),
        ("2024年按照库区的总体要求护坡。", "2024年"),
        ("2024年总结推广轮灌做法。", "2024年"),
        ("2023年12月底前编制水费预算。", "2023年12月底前"),
        ("会计调离后15日内移交账册。", "15日内"),
        ("村医离任后7个工作日内交回印章。", "7个工作日内"),
        ("距镇区较远的学堂须在4个月内通车。", "4个月内"),
        ("在距开镰两个月内修好晒场。", "两个月内"),
        ("今年确保不发生倒春寒绝收。", "今年"),
        ("今年坚决防止发生溃坝。", "今年"),
    ],
)
def test_words_that_also_tell_of_the_past_hide_no_deadline(body: str, text: str) -> None:
    assert only(body).text == text


def test_a_signature_and_a_published_date_are_no_deadlines() -> None:
    label = "发布日期：2023-06-19  发布机构：青禾县林业局"
    text = f"{label}\n\n    全面排查安全隐患，建立台账，逐项整改销号到位。\n"
    notice = parse(Document(f"{text}\n青禾县林业局\n2023年6月16日\n"), load())
    assert [deadline.text for task in notice.tasks for deadline in task.deadlines] == []


def test_a_period_in_a_heading_is_found() -> None:
    body = (
        "    一、时间安排\n"
        "    （一）集中整改阶段（2023年5月8日-10月20日）。各镇统筹安排。\n"
        "    （二）总结阶段（12月）。"
    )
    assert [(each.start, each.end) for each in read(body)] == [
        (date(2023, 5, 8), date(2023, 10, 20)),
        (date(2023, 12, 1), date(2023, 12, 31)),
    ]


def test_recurrence_has_a_day_of_the_year_where_one_is_named() -> None:
    body = "    每年9月底前完成体检，每两年评选一批工匠，每季度末月20日前报送进度，半年内见到成效。"
    assert [(each.kind, each.end, each.recurrence) for each in read(body)] == [
        ("recurring", "--09-30", "yearly"),
        ("recurring", None, "P2Y"),
        ("recurring", None, "quarterly"),
        ("within", None, "P6M"),
    ]


def test_no_such_day_is_no_deadline_and_is_told() -> None:
    head = "关于报送材料的通知\n\n各镇人民政府：\n\n"
    text = f"{head}    各镇于2023年2月30日前报送工作总结材料。\n\n青禾县人民政府\n2023年1月1日\n"
    notice = parse(Document(text), load())
    assert not notice.tasks
    assert [(each.code, each.message) for each in notice.diagnostics if each.code == "no-such-day"] == [
        ("no-such-day", "没有“2023年2月30日前”这样的日期")
    ]


def test_a_day_in_the_year_of_issue_is_not_past_for_next_years_plan() -> None:
    title = "关于做好2024年春运工作的通知"
    found = only("各镇于2023年12月25日前报送工作方案。", title=title, signed="2023年12月10日")
    assert found.end == date(2023, 12, 25)


def test_a_time_alone_in_a_column_of_deadlines() -> None:
    head = "关于印发青禾县2023年重点任务分解表的通知\n\n各镇人民政府：\n\n    请认真贯彻执行，确保任务完成到位。\n\n"
    cells = ["2023年10月31日", "2023年12月", "6月底", "12月10日", "2023年", "长期"]
    rows = "".join(f"| {number} | 巡查河道 | 县水利局 | {cell} |\n" for number, cell in enumerate(cells, 1))
    table = f"| 序号 | 任务 | 责任单位 | 完成时限 |\n| --- | --- | --- | --- |\n{rows}"
    notice = api.extract(f"{head}{table}", format="md")
    found = [(each.kind, each.end) for task in notice.tasks for each in task.deadlines]
    assert found == [
        ("by", date(2023, 10, 31)),
        ("during", date(2023, 12, 31)),
        ("by", date(2023, 6, 30)),
        ("by", date(2023, 12, 10)),
        ("during", date(2023, 12, 31)),
    ]
