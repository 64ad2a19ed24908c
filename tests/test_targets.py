"""What is a target, how it compares, and what it measures."""

import time

import pytest

from policyparse.clean import clean
from policyparse.document import Document
from policyparse.extractors.amounts import amounts, mask
from policyparse.extractors.tables import Row
from policyparse.extractors.targets import targets
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Target
from policyparse.segment import segment

RULES = load()


def found(notice: str) -> list[Target]:
    result = parse(Document(notice), RULES)
    facts = {target.span: target for task in result.tasks for target in task.targets}
    for span, target in facts.items():
        assert notice[span[0] : span[1]] == target.text
    return [facts[span] for span in sorted(facts)]


def told(notice: str) -> list[tuple[str, str, str, float, str]]:
    return [(t.text, t.indicator, t.comparator, t.low, t.unit) for t in found(notice)]


@pytest.mark.parametrize(
    ("sentence", "text", "low", "high", "unit"),
    [
        ("粮食播种面积稳定在44.4万亩。", "44.4万亩", 444_000, 444_000, "亩"),
        ("新建大棚 2 万 座。", "2 万 座", 20_000, 20_000, "座"),
        ("安装2-5套监测设备。", "2-5套", 2, 5, "套"),
        ("补助15-20万元用于建设。", "15-20万元", 150_000, 200_000, "元"),
        ("年收入达到10万元到50万元。", "10万元到50万元", 100_000, 500_000, "元"),
        ("拿出5%—10%用于乡村建设。", "5%—10%", 5, 10, "%"),
        ("每吨补贴不低于200元/吨。", "200元/吨", 200, 200, "元/吨"),
        ("建成养殖场，存栏１２００头。", "１２００头", 1200, 1200, "头"),
        ("培训职工1,200人次。", "1,200人次", 1200, 1200, "人次"),
        ("按照总人口15‰的比例组建队伍。", "15‰", 15, 15, "‰"),
        ("标识注册总量突破5亿。", "5亿", 500_000_000, 500_000_000, ""),
        ("选择两个乡镇作为试点。", "两个", 2, 2, "个"),
        ("打造3—5个行业平台。", "3—5个", 3, 5, "个"),
        ("巡查人员不少于2名/组，每日巡查。", "2名/组", 2, 2, "名/组"),
        ("投资1亿5000万元建设水厂。", "1亿5000万元", 150_000_000, 150_000_000, "元"),
        ("装机达到500万千瓦。", "500万千瓦", 5_000_000, 5_000_000, "千瓦"),
    ],
)
def test_numbers_and_units(sentence: str, text: str, low: float, high: float, unit: str) -> None:
    (target,) = found(sentence)
    assert (target.text, target.low, target.high, target.unit) == (text, low, high, unit)


@pytest.mark.parametrize(
    ("sentence", "comparator", "change"),
    [
        ("农膜回收率达到80%。", "eq", None),
        ("农膜回收率达到80%以上。", "ge", None),
        ("抽查比例不低于3%。", "ge", None),
        ("支持率≥90%。", "ge", None),
        ("每个村至少有1名医生。", "ge", None),
        ("礼堂高度不应超过12米。", "le", None),
        ("每户补贴最高2万元。", "le", None),
        ("每户补贴最高不超过2万元。", "le", None),
        ("贫困发生率控制在2%以内。", "le", None),
        ("产值突破100亿元。", "gt", None),
        ("全年培训村干部180多名。", "gt", None),
        ("产值超过100亿元以上。", "ge", None),
        ("事故率低于1%。", "lt", None),
        ("培育企业30家左右。", "approx", None),
        ("建成茶园约3万亩。", "approx", None),
        ("招聘30—50名专业人才。", "range", None),
        ("居民收入增长9%左右。", "approx", "increase"),
        ("覆盖率提高5个百分点以上。", "ge", "increase"),
        ("覆盖率提高到95%。", "eq", None),
        ("化肥用量下降3%。", "eq", "decrease"),
        ("综合融资成本较上年度再降0.5个百分点。", "eq", "decrease"),
        ("力争完成水利投资，同比增长12%。", "eq", "increase"),
        ("检测费降至80元。", "eq", None),
        ("新增耕地400亩。", "eq", None),
    ],
)
def test_comparator_and_change(sentence: str, comparator: str, change: str | None) -> None:
    (target,) = found(sentence)
    assert (target.comparator, target.change) == (comparator, change)


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("全年蛋鸡存栏达到600万羽。", ["蛋鸡存栏"]),
        ("建成62座生活垃圾中转站。", ["生活垃圾中转站"]),
        ("培训高素质农民330人。", ["培训高素质农民"]),
        ("完成复垦1133亩，新增耕地400亩。", ["复垦", "新增耕地"]),
        ("全县油菜播种面积达到20万亩，产量9万吨，产值2亿元。", ["全县油菜播种面积", "油菜产量", "油菜产值"]),
        ("蔬菜、水果产量分别达3万吨、2万吨。", ["蔬菜产量", "水果产量"]),
        ("建成1个国家级、2个省级示范园。", ["国家级示范园", "省级示范园"]),
        ("新增省级龙头企业4家、市级龙头企业6家以上。", ["新增省级龙头企业", "市级龙头企业"]),
        ("80%的社区建成志愿服务站。", ["社区建成志愿服务站"]),
        ("每镇配备2名专职干部。", ["每镇专职干部"]),
        ("确保适龄儿童100%入学。", ["适龄儿童入学"]),
        ("推动20家规上企业实施技术改造。", ["实施技术改造的规上企业"]),
        ("投资500万元实施供水工程30处。", ["投资", "供水工程"]),
        ("对新认定的示范企业，给予一次性奖励50万元。", ["新认定的示范企业一次性奖励"]),
        ("对技改项目，按照设备投资额的10%给予补助，最高300万元。", ["技改项目补助占设备投资额比例", "技改项目补助"]),
        ("每年对农村党员开展1次集中培训。", ["农村党员集中培训"]),
        ("新建10千伏线路50公里，修建4.5米宽产业路12公里。", ["10千伏线路", "产业路"]),
        ("每个乡镇至少建成1个标准化敬老院。", ["每个乡镇标准化敬老院"]),
        ("城市低保标准达到每人每月680元。", ["城市低保标准"]),
        ("定期召开联席会议，每年至少召开一次。", ["联席会议"]),
        ("每个行政村至少储备2名后备干部。", ["每个行政村后备干部"]),
        ("支持在孵企业入园，在孵企业达到80家。", ["在孵企业"]),
        (
            "对首次通过认定的企业给予每家最高30万元补助；通过复审的，奖励10万元。",
            ["首次通过认定的企业每家补助", "通过复审的奖励"],
        ),
        (
            "对外地迁入的企业，按设备投资额的8%给予补助，单个企业最高不超过200万元。",
            ["外地迁入的企业补助占设备投资额比例", "单个企业补助"],
        ),
        (
            "对获得省级、市级示范园的企业，分别给予100万元、50万元奖励。",
            ["获得省级示范园的企业奖励", "获得市级示范园的企业奖励"],
        ),
        (
            "对年产值首次突破1亿元、5亿元的工业企业，分别给予10万元、30万元奖励。",
            ["年产值首次突破1亿元的工业企业奖励", "年产值首次突破5亿元的工业企业奖励"],
        ),
        (
            "获得县科学技术奖的单位，给予一等奖30万元、二等奖20万元奖励。",
            ["获得县科学技术奖的单位一等奖奖励", "获得县科学技术奖的单位二等奖奖励"],
        ),
        (
            "小微企业可按年度融资费用的50%申请财政补助，每家企业每年补贴最高30万元。",
            ["小微企业财政补助占年度融资费用比例", "每家企业补贴"],
        ),
        ("分阶段给予不超过研发总投入30%、最高3000万元的经费支持。", ["经费支持占研发总投入比例", "经费支持"]),
    ],
)
def test_indicator(sentence: str, indicators: list[str]) -> None:
    assert [target.indicator for target in found(sentence)] == indicators


@pytest.mark.parametrize(
    "sentence",
    [
        "做好第三次土壤普查工作。",
        "实施“百县千镇万村”工程。",
        "坚持“四个不摘”。",
        "打造一批示范园，建设一支队伍。",
        "推广5G应用，落实县里13条惠农政策。",
        "以东岭镇、白石镇等6个乡镇为重点。",
        "人均收入低于17100元的，全部纳入监测。",
        "在30户以上自然村修建硬化路。",
        "截至目前，全县已建成大棚300座，带动农户200户。",
        "工程自2023年1月11日起实施，3个月内完成。",
        "对营业收入突破1亿元、5亿元的企业，优先给予奖励。",
        "根据青政发〔2021〕3号文件和《青禾县支持工业发展20条》执行。",
        "网址 http://example.cn/%E8%91%A3 内查询，如图1所示。",
        "给予企业一次性奖补。",
        "发现一处、整治一处。",
        "青禾农商银行等9家银行向名单内的企业发放贷款。",
        "只有1家申报的，不启动评审。",
        "全市57家创新中心中，多数由企业承建。",
        "知识产权保护方面5项：简化登记，统一标准。",
        "每认定1家高新技术企业，优先给予孵化器奖励。",
        "年贷款额不低于50万元，且不超过1000万元的企业，予以贴息。",
        "",
    ],
)
def test_what_is_no_target(sentence: str) -> None:
    assert found(sentence) == []


def test_a_year_before_the_notice_is_history() -> None:
    notice = (
        "青禾县人民政府关于印发蔬菜产业方案的通知\n各乡镇人民政府：\n"
        "2020年，全县蔬菜产量达到9万吨。到2025年，全县蔬菜产量达到12万吨。\n"
        "青禾县人民政府\n2022年3月1日\n"
    )
    assert [target.text for target in found(notice)] == ["12万吨"]


@pytest.mark.parametrize(
    ("title", "texts"), [("青禾县民营经济措施问答实录", ["30家"]), ("青禾县民营经济措施", ["800家", "56%", "30家"])]
)
def test_a_report_sets_targets_only_where_it_looks_ahead(title: str, texts: list[str]) -> None:
    notice = (
        f"{title}\n各乡镇人民政府：\n一、平台\n全县创新平台800家，企业占比达56%。下一步，将新建平台30家。\n"
        "青禾县人民政府\n2022年3月1日\n"
    )
    assert [target.text for target in found(notice)] == texts


def test_history_ends_where_the_sentence_names_another_year() -> None:
    notice = (
        "青禾县人民政府关于印发蔬菜产业方案的通知\n各乡镇人民政府：\n"
        "2020年，蔬菜产量9万吨；销量5万吨；到2025年，蔬菜产量达到12万吨；销量达到8万吨。\n"
        "青禾县人民政府\n2022年3月1日\n"
    )
    assert [target.text for target in found(notice)] == ["12万吨", "8万吨"]


def test_a_cell_is_named_by_itself_or_by_its_task() -> None:
    notice = (
        "一、任务清单\n| 序号 | 工作任务 | 目标要求 | 责任单位 |\n| --- | --- | --- | --- |\n"
        "| 1 | 网格建设 | 配备网格员96名 | 镇综治中心 |\n| 2 | 消防改造 | 完成改造120家 | 镇应急办 |\n"
        "| 3 | 农户培训 | 300人 | 镇农业办 |\n"
    )
    assert [target.indicator for target in found(notice)] == ["配备网格员", "消防改造", "农户培训"]


def test_a_unit_that_only_the_last_of_a_list_has_in_full() -> None:
    facts = found("覆盖率、合格率分别提高31.1个和26.3个百分点。")
    assert [(t.indicator, t.unit) for t in facts] == [("覆盖率", "个百分点"), ("合格率", "个百分点")]


def test_all_grades_behind_a_limit_are_limited() -> None:
    facts = found("对创建成功的机构，分别给予最高500万元（国家级）、100万元（省级）、50万元（市级）的支持。")
    assert [(t.comparator, t.low) for t in facts] == [("le", 5_000_000), ("le", 1_000_000), ("le", 500_000)]


def test_sections_on_history_and_conditions_set_no_targets() -> None:
    notice = (
        "一、发展基础和面临形势\n全县建成大棚300座。\n二、优化发展环境\n全县建成大棚500座。\n"
        "三、申报条件\n注册资金不低于500万元。\n"
    )
    assert [target.text for target in found(notice)] == ["500座"]


def test_a_comma_of_the_sentence_is_no_thousands_comma() -> None:
    assert [target.low for target in found("编号为2，100个村完成改造。")] == [100]


def test_numbers_of_a_list_share_the_change_of_the_first() -> None:
    facts = found("检测费、登记费分别降低20%和50%。")
    assert [(t.indicator, t.low, t.change) for t in facts] == [("检测费", 20, "decrease"), ("登记费", 50, "decrease")]


def test_bare_numbers_in_a_column_of_targets() -> None:
    source = "油菜播种面积（万亩）\n≥4.5\n回收率\n%\n80\n"
    document = Document(source)
    text = clean(source)
    outline = segment(text, document, RULES)
    at, node = text.plain.index, outline.lines[0].node
    assert node is not None
    table = [
        Row([(0, at("\n")), (at("≥"), at("≥") + 4)], ["task", "target"], node, "油菜播种面积(万亩)"),
        Row(
            [(at("回"), at("回") + 3), (at("%"), at("%") + 1), (at("80"), at("80") + 2)],
            ["task", "unit", "target"],
            node,
            "回收率",
        ),
    ]
    facts = targets(text, outline, table, RULES)
    assert [(t.text, t.indicator, t.comparator, t.low, t.unit) for t in facts] == [
        ("4.5", "油菜播种面积", "ge", 45_000, "亩"),
        ("80", "回收率", "eq", 80, "%"),
    ]
    assert all(source[t.span[0] : t.span[1]] == t.text for t in facts)


def test_the_mask_keeps_offsets() -> None:
    text = clean("新建大棚300座，产值突破100亿元，覆盖率达80%，选择两个镇。")
    masked = mask(text.plain, amounts(text, RULES))
    assert len(masked) == len(text.plain)
    assert masked.startswith("新建大棚＃◇◇◇,产值突破＄◇◇◇◇,覆盖率达％◇◇,选择＊◇镇")


@pytest.mark.parametrize(
    "noise", ["1", "(", "一、", "至少", "第", "“", "1个,", "、甲", "万亿", "给予", "1-", "对企业给予1元、", "对甲"]
)
def test_time_grows_with_length_only(noise: str) -> None:
    def seconds(times: int) -> float:
        text = clean(noise * times)
        outline = segment(text, Document(text.source), RULES)
        begun = time.process_time()
        targets(text, outline, [], RULES)
        return time.process_time() - begun

    seconds(10)
    assert seconds(8000) < 0.05 + 12 * seconds(2000)
