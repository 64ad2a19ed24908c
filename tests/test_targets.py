"""What is a target, how it compares, and what it measures."""

import time

import pytest

from policyparse.clean import clean
from policyparse.document import Document
from policyparse.extractors.amounts import amounts, mask
from policyparse.extractors.sections import Sections
from policyparse.extractors.tables import Row
from policyparse.extractors.targets import targets
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Metadata, Target
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
        ("果园面积稳定在12.6万亩。", "12.6万亩", 126_000, 126_000, "亩"),
        ("新建大棚 2 万 座。", "2 万 座", 20_000, 20_000, "座"),
        ("安装2-5套监测设备。", "2-5套", 2, 5, "套"),
        ("补助15-20万元用于建设。", "15-20万元", 150_000, 200_000, "元"),
        ("年收入达到10万元到50万元。", "10万元到50万元", 100_000, 500_000, "元"),
        ("拿出4%—7%用于管网维修。", "4%—7%", 4, 7, "%"),
        ("每吨补贴不低于200元/吨。", "200元/吨", 200, 200, "元/吨"),
        ("建成养殖场，存栏１２００头。", "１２００头", 1200, 1200, "头"),
        ("培训职工1,200人次。", "1,200人次", 1200, 1200, "人次"),
        ("按照职工总数12‰的比例配备药师。", "12‰", 12, 12, "‰"),
        ("图书扫码总量突破3亿。", "3亿", 300_000_000, 300_000_000, ""),
        ("选择两个乡镇作为试点。", "两个", 2, 2, "个"),
        ("全年签约亿元以上项目18个。", "18个", 18, 18, "个"),
        ("打造3—5个行业平台。", "3—5个", 3, 5, "个"),
        ("巡查人员不少于2名/组，每日巡查。", "2名/组", 2, 2, "名/组"),
        ("投资1亿5000万元建设水厂。", "1亿5000万元", 150_000_000, 150_000_000, "元"),
        ("装机达到500万千瓦。", "500万千瓦", 5_000_000, 5_000_000, "千瓦"),
        ("茶苗成活率保持在九成以上。", "九成", 9, 9, "成"),
        ("储能规模达到200兆瓦时。", "200兆瓦时", 200, 200, "兆瓦时"),
        ("招收学徒一百五十名。", "一百五十名", 150, 150, "名"),
        ("一次性奖励十万元。", "十万元", 100_000, 100_000, "元"),
    ],
)
def test_numbers_and_units(sentence: str, text: str, low: float, high: float, unit: str) -> None:
    (target,) = found(sentence)
    assert (target.text, target.low, target.high, target.unit) == (text, low, high, unit)


@pytest.mark.parametrize(
    ("sentence", "comparator", "change"),
    [
        ("秸秆还田率达到62%。", "eq", None),
        ("秸秆还田率达到62%以上。", "ge", None),
        ("复检比例不低于4%。", "ge", None),
        ("支持率≥90%。", "ge", None),
        ("每个村至少有1名医生。", "ge", None),
        ("书屋高度不应超过9米。", "le", None),
        ("每户补贴最高2万元。", "le", None),
        ("每户补贴最高不超过2万元。", "le", None),
        ("贫困发生率控制在2%以内。", "le", None),
        ("产值突破37亿元。", "gt", None),
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
        ("农资运输成本较上年度再降0.8个百分点。", "eq", "decrease"),
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
        ("全年肉鹅存栏达到35万羽。", ["肉鹅存栏"]),
        ("建成17座村级农机库。", ["村级农机库"]),
        ("培训茶园管护员75人。", ["培训茶园管护员"]),
        ("完成补植860亩，新增林地300亩。", ["补植", "新增林地"]),
        ("全县花椒种植面积达到8万亩，产量3万吨，产值2亿元。", ["全县花椒种植面积", "花椒产量", "花椒产值"]),
        ("蔬菜、水果产量分别达3万吨、2万吨。", ["蔬菜产量", "水果产量"]),
        ("建成1个国家级、2个省级示范园。", ["国家级示范园", "省级示范园"]),
        ("新增省级精品民宿3家、市级精品民宿7家以上。", ["新增省级精品民宿", "市级精品民宿"]),
        ("80%的社区建成志愿服务站。", ["社区建成志愿服务站"]),
        ("每镇配备2名专职干部。", ["每镇专职干部"]),
        ("确保养殖农户100%建档。", ["养殖农户建档"]),
        ("推动20家规上企业实施技术改造。", ["实施技术改造的规上企业"]),
        ("投资640万元实施供水工程30处。", ["投资", "供水工程"]),
        ("对新认定的示范企业，给予一次性奖励45万元。", ["新认定的示范企业一次性奖励"]),
        ("对技改项目，按照设备购置费的15%给予补助，最高240万元。", ["技改项目补助占设备购置费比例", "技改项目补助"]),
        ("每年对护林队员开展1次技能比武。", ["护林队员技能比武"]),
        ("新建10千伏线路50公里，修建4.5米宽产业路12公里。", ["10千伏线路", "产业路"]),
        ("每个乡镇至少建成1个标准化敬老院。", ["每个乡镇标准化敬老院"]),
        ("城市低保标准达到每人每月680元。", ["城市低保标准"]),
        ("定期召开护河会议，每年至少召开一次。", ["护河会议"]),
        ("每个行政村至少储备2名后备干部。", ["每个行政村后备干部"]),
        ("支持在孵企业入园，在孵企业达到80家。", ["在孵企业"]),
        ("临江市、青禾县城区各抽查4个项目。", ["临江市、青禾县城区各抽查项目"]),
        ("茶叶学校、研究机构，补贴上限为每年50万元。", ["茶叶学校、研究机构补贴上限"]),
        ("女社员人数应不少于社员总数的30%。", ["女社员人数占社员总数比例"]),
        (
            "对首次通过评定的农场给予每家最高18万元补助；通过复审的，奖励6万元。",
            ["首次通过评定的农场每家补助", "通过复审的奖励"],
        ),
        (
            "对外地迁入的企业，按设备投资额的8%给予补助，单个企业最高不超过200万元。",
            ["外地迁入的企业补助占设备投资额比例", "外地迁入的单个企业补助"],
        ),
        (
            "对获得省级、市级示范园的企业，分别给予80万元、40万元奖励。",
            ["获得省级示范园的企业奖励", "获得市级示范园的企业奖励"],
        ),
        (
            "对年产值首次突破1亿元、5亿元的工业企业，分别给予15万元、35万元奖励。",
            ["年产值首次突破1亿元的工业企业奖励", "年产值首次突破5亿元的工业企业奖励"],
        ),
        (
            "获得县制茶大师奖的班组，给予一等奖8万元、二等奖5万元奖励。",
            ["获得县制茶大师奖的班组一等奖奖励", "获得县制茶大师奖的班组二等奖奖励"],
        ),
        (
            "家庭农场可按年度仓储费用的40%申请财政补助，每家农场每年补贴最高9万元。",
            ["家庭农场财政补助占年度仓储费用比例", "家庭农场每家补贴"],
        ),
        ("分阶段给予不超过育种总投入25%、最高180万元的经费支持。", ["经费支持占育种总投入比例", "经费支持"]),
    ],
)
def test_indicator(sentence: str, indicators: list[str]) -> None:
    assert [target.indicator for target in found(sentence)] == indicators


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        (
            "(三)支持数控机床共性技术攻关。组织力量攻关。按规定给予不超过总投入30%、最高300万元的经费支持。",
            ["数控机床共性技术攻关经费支持占总投入比例", "数控机床共性技术攻关经费支持"],
        ),
        ("二、提升农村物流水平\n依托客运站布局网点。每个网点给予2万元补助。", ["农村物流每个网点补助"]),
        ("(六)加大园区招商力度。每个批次给予补助5万元。", ["园区招商每个批次补助"]),
        (
            "1.资金支持。对新认定的绿色工厂,奖励20万元。每家企业最高奖励40万元。",
            ["新认定的绿色工厂奖励", "新认定的绿色工厂每家企业奖励"],
        ),
        (
            "对新增规模以上企业,分两年给予50万元奖励,第一年给予30万元,第二年给予20万元。",
            ["新增规模以上企业奖励", "新增规模以上企业第一年奖励", "新增规模以上企业第二年奖励"],
        ),
        ("对通过验收的养殖场,一次性给予一次性奖励5万元。", ["通过验收的养殖场一次性奖励"]),
        ("设立青禾县茶产业发展专项资金,县财政每年安排500万元,用于茶园改造。", ["青禾县茶产业发展专项资金"]),
        ("县财政每年安排500万元,用于支持农村公路养护。", ["农村公路养护资金"]),
        ("建成烘干房6座、茶叶冷库12座，每座补助3万元。", ["烘干房", "茶叶冷库", "茶叶冷库每座补助"]),
        ("茶厂清洁能源使用率达到70%，其中大型茶厂90%以上。", ["茶厂清洁能源使用率", "大型茶厂清洁能源使用率"]),
        ("花椒、核桃种植面积分别达到3万亩、2万亩。", ["花椒种植面积", "核桃种植面积"]),
        ("小麦、马铃薯种植面积分别达到3万亩、2万亩。", ["小麦种植面积", "马铃薯种植面积"]),
        ("茶叶、无公害蔬菜产量分别达到3万吨、2万吨。", ["茶叶产量", "无公害蔬菜产量"]),
        ("秸秆、畜禽粪污综合利用率分别达到90%、85%。", ["秸秆综合利用率", "畜禽粪污综合利用率"]),
        ("茶园、高标准稻田机械化率分别达到60%、95%。", ["茶园机械化率", "高标准稻田机械化率"]),
        ("每10万人口拥有茶艺师12名。", ["每10万人口拥有茶艺师"]),
        ("发展年存栏4万头奶牛产业。", ["年存栏奶牛产业"]),
        ("重点茶厂不少于3个，支付进度9月底前达到70%。", ["重点茶厂", "支付进度"]),
    ],
)
def test_a_name_that_says_nothing_is_completed(sentence: str, indicators: list[str]) -> None:
    assert [target.indicator for target in found(sentence)] == indicators


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        (
            "对首次入选“云溪百强”“云溪新锐”的企业,分别给予50万元、30万元奖励。",
            ["首次入选“云溪百强”的企业奖励", "首次入选“云溪新锐”的企业奖励"],
        ),
        (
            "对新认定的省、市级绿色工厂,一次性奖励30万元、10万元。",
            ["新认定的省级绿色工厂一次性奖励", "新认定的市级绿色工厂一次性奖励"],
        ),
        (
            "对牵头制定国际标准、国家标准的企业,分别给予60万元、40万元扶持。",
            ["牵头制定国际标准的企业扶持", "牵头制定国家标准的企业扶持"],
        ),
        ("东岭镇、白石镇分别给予10万元、8万元补助。", ["东岭镇补助", "白石镇补助"]),
    ],
)
def test_each_grade_of_a_list_has_its_own_amount(sentence: str, indicators: list[str]) -> None:
    assert [target.indicator for target in found(sentence)] == indicators


@pytest.mark.parametrize(
    ("sentence", "indicator"),
    [
        ("建设创新中心、检测中心、设计中心、孵化器等创新平台20家。", "创新平台"),
        ("以轴承制造为代表的装备产业规模达到300亿元。", "装备产业规模"),
        ("建设高中、初中、小学等级学校20所。", "高中、初中、小学等级学校"),
    ],
)
def test_what_a_name_only_lists_is_cut(sentence: str, indicator: str) -> None:
    assert [target.indicator for target in found(sentence)] == [indicator]


def test_a_report_to_a_congress_is_history_where_it_does_not_look_ahead() -> None:
    report = "现将有关情况报告如下,请审议。\n去年以来,全县建成大棚300座,带动农户200户。下一步,将新建大棚500座。\n"
    assert [target.text for target in found(report)] == ["500座"]


@pytest.mark.parametrize(
    "sentence",
    [
        "做好第三次土壤普查工作。",
        "实施“百县千镇万村”工程。",
        "坚持“四个不摘”。",
        "打造一批示范园，建设一支队伍。",
        "推进十个专项行动，打造万亩级茶园、百亿元级产业。",
        "按照条例第三十二条办理，茶园建成区域不得放牧。",
        "推广5G应用，落实县里13条惠农政策。",
        "在东岭镇、白石镇等7个乡镇试种羊肚菌。",
        "人均收入低于9600元的，全部纳入监测。",
        "在30户以上自然村修建硬化路。",
        "截至目前，全县已建成大棚300座，带动农户200户。",
        "工程自2023年3月6日起实施，3个月内完成。",
        "对营业收入突破1亿元、5亿元的企业，优先给予奖励。",
        "根据青政发〔2021〕3号文件和《青禾县支持工业发展20条》执行。",
        "网址 http://example.cn/%E8%91%A3 内查询，如图1所示。",
        "给予企业一次性奖补。",
        "发现一处、整治一处。",
        "青禾农商银行等6家银行向合作社发放春耕贷款。",
        "只有1家申报的，不启动评审。",
        "全市57家创新中心中，多数由企业承建。",
        "服务农户方面4项：送种上门，代修农机。",
        "每引进1家种业公司，优先给予示范园奖励。",
        "年租金不低于3万元，且不超过60万元的企业，予以贴息。",
        "",
    ],
)
def test_what_is_no_target(sentence: str) -> None:
    assert found(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        ("到2027年，已经通电的磨坊全年不停机，另建磨坊5个。", ["5个"]),
        ("2025年，全县桑园已经超过3万亩，力争达到6万亩。", ["6万亩"]),
        ("2025年，为已经入社的90户茶农修路，另修塘坝7座。", ["7座"]),
        ("带动低收入人口700人增收。", ["700人"]),
        ("转移农业人口900人。", ["900人"]),
        ("新增城镇人口4万人。", ["4万人"]),
        ("修渠8公里，覆盖人口3万人。", ["8公里", "3万人"]),
        ("帮扶脱贫人口70户、210人。", ["70户", "210人"]),
        ("各社要据此排定茶期，统计口径一致，另搭凉棚40座。", ["40座"]),
        ("据调查摸底情况，加固土坯房40间。", ["40间"]),
        ("组织60家茶庄参加论坛。", ["60家"]),
        ("安置库区移民，共30户，95人。", ["30户", "95人"]),
        ("对多年来拖欠的70万元工钱一次付清。", ["70万元"]),
        ("修复岸线长6公里。", ["6公里"]),
        ("据此测算，到2026年新栽茶苗70万株。", ["70万株"]),
        ("村里据实核定工时，统计无误后每户补助90元。", ["90元"]),
        ("单户授信不超过40万元，多头借款不予展期。", ["40万元"]),
        ("套种油菜，面积10万亩。", ["10万亩"]),
        ("整治下游9公里岸坡。", ["9公里"]),
        ("绿化村道两侧20公里。", ["20公里"]),
    ],
)
def test_words_that_also_tell_of_the_past_or_of_a_place_hide_no_target(sentence: str, texts: list[str]) -> None:
    notice = f"青禾县2025年茶产业方案\n\n一、任务\n{sentence}\n"
    assert [target.text for target in found(notice)] == texts


@pytest.mark.parametrize("first", ["6月30日前，各镇举办炒茶课12场。", "6月30日，县里要召开采茶会，评出茶王12名。"])
def test_a_text_that_begins_with_a_deadline_is_no_news(first: str) -> None:
    assert [target.low for target in found(f"{first}\n新修步道30公里。\n")] == [12, 30]


def test_a_year_before_the_notice_is_history() -> None:
    notice = (
        "青禾县人民政府关于印发蔬菜产业方案的通知\n各乡镇人民政府：\n"
        "2020年，全县蔬菜产量达到9万吨。到2025年，全县蔬菜产量达到12万吨。\n"
        "青禾县人民政府\n2022年3月1日\n"
    )
    assert [target.text for target in found(notice)] == ["12万吨"]


@pytest.mark.parametrize("title", ["青禾县“十四五”蔬菜产业规划", "青禾县2022年蔬菜产业工作要点"])
def test_a_year_before_what_the_title_names_is_history(title: str) -> None:
    notice = f"{title}\n一、目标\n2020年，全县蔬菜产量达到9万吨。“十四五”末，全县蔬菜产量达到12万吨。\n"
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
    facts = found("覆盖率、合格率分别提高4.2个和6.5个百分点。")
    assert [(t.indicator, t.unit) for t in facts] == [("覆盖率", "个百分点"), ("合格率", "个百分点")]


def test_all_grades_behind_a_limit_are_limited() -> None:
    facts = found("对创建成功的农场，分别给予最高90万元（国家级）、60万元（省级）、30万元（市级）的支持。")
    assert [(t.comparator, t.low) for t in facts] == [("le", 900_000), ("le", 600_000), ("le", 300_000)]


def test_sections_on_history_and_conditions_set_no_targets() -> None:
    notice = (
        "一、发展基础和面临形势\n全县建成大棚300座。\n二、优化发展环境\n全县建成大棚500座。\n"
        "三、申报条件\n注册资金不低于500万元。\n四、“十三五”水利发展回顾\n全县建成水库3座。\n"
    )
    assert [target.text for target in found(notice)] == ["500座"]


def test_what_stands_under_a_list_of_conditions_is_none() -> None:
    lead = "第五条　申请补助的合作社应当具备{}：\n（一）固定社员不少于30人；\n（二）茶园面积不少于50亩。\n"
    after = "第六条　全县新建茶园600亩。\n"
    assert [target.text for target in found(lead.format("下列条件") + after)] == ["600亩"]
    assert [target.text for target in found(lead.format("设施") + after)] == ["30人", "50亩", "600亩"]


def test_a_title_that_runs_into_a_text_on_the_past() -> None:
    glued = "第一节　发展基础“十三五”以来，产业壮大。累计建成茶园{}万亩。\n第二节　发展目标\n建成茶园8万亩。\n"
    assert [target.text for target in found(glued.format(5))] == ["8万亩"]


def test_the_news_of_a_meeting_looks_ahead_only_where_it_says_so() -> None:
    news = "5月6日，茶叶大会在青禾县召开。企业签约30家。县里将建设茶园50亩。\n"
    assert [target.text for target in found(news)] == ["50亩"]


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
    facts = targets(text, outline, table, Sections(text.plain, RULES), Metadata(), RULES)
    assert [(t.text, t.indicator, t.comparator, t.low, t.unit) for t in facts] == [
        ("4.5", "油菜播种面积", "ge", 45_000, "亩"),
        ("80", "回收率", "eq", 80, "%"),
    ]
    assert all(source[t.span[0] : t.span[1]] == t.text for t in facts)


def test_a_number_behind_the_first_character_of_a_text() -> None:
    assert [amount.unit for amount in amounts(clean("栏5亩。新建步道3公里，由农机专"), RULES)] == ["亩", "公里"]
    assert amounts(clean("专栏5亩"), RULES) == []


def test_the_mask_keeps_offsets() -> None:
    text = clean("新建大棚300座，产值突破370亿元，覆盖率达80%，选择两个镇。")
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
        targets(text, outline, [], Sections(text.plain, RULES), Metadata(), RULES)
        return time.process_time() - begun

    seconds(10)
    assert any(seconds(8000) < 0.05 + 12 * seconds(2000) for _ in range(5))  # whatever else the machine was doing
