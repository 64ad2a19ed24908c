"""Rows of tables, with a grid and without one."""

from pathlib import Path

import pytest

from policyparse import rulebook
from policyparse.pipeline import parse
from policyparse.readers import read_text
from policyparse.schema import Task

HEAD = "青禾县2025年重点任务分工方案\n\n各镇人民政府:\n\n一、任务清单\n\n"
HTML = "<h1>青禾县2025年重点任务分工方案</h1><p>各镇人民政府:</p><p>一、任务清单</p>"
EXPECTED = [
    ("新建农村公路30公里", [("lead", "县交通局"), ("support", "县财政局"), ("support", "各镇")]),
    ("改造户厕500座", [("lead", "县农业农村局"), ("support", "县卫健局")]),
]


def rows(text: str, format: str = "txt") -> list[Task]:
    notice = parse(read_text(text, format), rulebook.load())
    return [task for task in notice.tasks if task.kind == "row"]


def brief(tasks: list[Task]) -> list[tuple[str | None, list[tuple[str, str]]]]:
    return [(task.title, [(one.role, one.text) for one in task.assignments]) for task in tasks]


@pytest.mark.parametrize("gap", ["\t", " | ", "    "])
def test_cells_on_one_line(gap: str) -> None:
    lines = [
        ["序号", "重点任务", "牵头单位", "配合单位"],
        ["1", "新建农村公路30公里。", "县交通局", "县财政局、各镇"],
        ["2", "改造户厕500座。", "县农业农村局", "县卫健局"],
    ]
    text = HEAD + "\n".join(gap.join(line) for line in lines) + "\n\n二、要求\n抓好落实。\n"
    assert brief(rows(text)) == EXPECTED


def test_cells_one_a_line() -> None:
    headings = "序号\n重点任务\n牵头单位\n配合单位\n"
    cells = "1\n新建农村公路30公里。\n县交通局\n县财政局、各镇\n2\n改造户厕500座。\n县农业农村局\n县卫健局\n"
    assert brief(rows(HEAD + headings + cells + "注:按月通报。\n")) == EXPECTED


def test_merged_cells_reach_their_rows_and_groups_are_no_rows() -> None:
    table = (
        "<table><tr><td rowspan=2>类别</td><td rowspan=2>工作任务</td><td colspan=2>责任分工</td></tr>"
        "<tr><td>牵头单位</td><td>配合单位</td></tr><tr><td colspan=4>第一组</td></tr>"
        "<tr><td rowspan=2>道路</td><td>新建农村公路30公里。</td><td rowspan=2>县交通局</td><td>县财政局</td></tr>"
        "<tr><td>养护公路。</td><td>各镇</td></tr></table>"
    )
    found = rows(HTML + table, "html")
    assert brief(found) == [
        ("新建农村公路30公里", [("lead", "县交通局"), ("support", "县财政局")]),
        ("养护公路", [("lead", "县交通局"), ("support", "各镇")]),
    ]
    assert all(task.section == "1.1" for task in found)


def test_a_row_is_titled_by_its_task_and_not_by_its_measures() -> None:
    table = (
        "<table><tr><td>重点任务</td><td>主要措施</td><td>责任单位</td></tr>"
        "<tr><td>修路</td><td>拓宽路面。</td><td>县交通局</td></tr>"
        "<tr><td rowspan=2>改厕</td><td>新建厕所。</td><td>县卫健局</td></tr>"
        "<tr><td>清运粪污。</td><td>各镇</td></tr></table>"
    )
    assert [task.title for task in rows(HTML + table, "html")] == ["修路", "新建厕所", "清运粪污"]


def test_units_of_a_flattened_table_reach_the_tasks_below_them() -> None:
    roads = "(一)道路\n新建公路30公里。\n县交通局、县财政局\n养护公路。\n"
    toilets = "(二)厕所\n改厕500座。\n县卫健局\n"
    assert brief(rows(HEAD + "主要任务\n工作指标\n责任单位\n" + roads + toilets)) == [
        ("新建公路30公里", [("responsible", "县交通局"), ("responsible", "县财政局")]),
        ("养护公路", [("responsible", "县交通局"), ("responsible", "县财政局")]),
        ("改厕500座", [("responsible", "县卫健局")]),
    ]


def test_a_role_in_a_cell_wins_over_the_column() -> None:
    table = "| 任务 | 责任单位 |\n| --- | --- |\n| 改厕。 | 县卫健局（牵头）、县住建局 |\n"
    found = rows("# 青禾县方案\n\n## 一、任务\n\n" + table, "md")
    assert brief(found) == [("改厕", [("lead", "县卫健局"), ("responsible", "县住建局")])]


Cell = str | tuple[str, int, int]
"""Its text, or text, rows and columns that it spans."""


def table(*lines: list[Cell]) -> str:
    """A table of a web page."""
    cells = [[cell if isinstance(cell, tuple) else (cell, 1, 1) for cell in line] for line in lines]
    written = (
        "".join(f"<td rowspan={down} colspan={across}>{text}</td>" for text, down, across in line) for line in cells
    )
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in written)}</table>"


def facts(*lines: list[Cell]) -> list[tuple[object, ...]]:
    """Title, units, targets and times of each row of a table."""
    return [
        (
            task.title,
            [(one.role, one.text) for one in task.assignments],
            [(one.indicator, one.comparator, one.low, one.unit) for one in task.targets],
            [(one.kind, str(one.end)) for one in task.deadlines],
        )
        for task in rows(HTML + table(*lines), "html")
    ]


def test_each_column_is_read_as_its_heading_says() -> None:
    heads: list[Cell] = ["序号", "重点任务", "工作目标", "具体举措", "牵头单位", "责任单位", "配合单位", "完成时限"]
    first: list[Cell] = [
        "1",
        "改造农村公路",
        "建成公路30公里",
        "拓宽路面。",
        "县交通局",
        "东岭镇<br>白石镇",
        "县财政局",
        "6月底",
    ]
    second: list[Cell] = ["2", "数字建设", "", "", "县大数据局", "", "", "2025.9"]
    assert facts(heads, first, second) == [
        (
            "改造农村公路",
            [("lead", "县交通局"), ("responsible", "东岭镇"), ("responsible", "白石镇"), ("support", "县财政局")],
            [("改造农村公路", "eq", 30, "公里")],
            [("by", "2025-06-30")],
        ),
        ("数字建设", [("lead", "县大数据局")], [], [("during", "2025-09-30")]),
    ]


def test_the_unit_of_a_number_stands_in_a_column_a_heading_or_behind_the_name() -> None:
    assert facts(
        ["指标名称", "单位", "2024年实际", "2025年目标"],
        ["粮食播种面积", "万亩", "44.1万亩", "44.4"],
        ["新增就业", "人", "3,000", "≥3,200"],
        ["工业增加值", "%", "5", "增长6.5"],
    ) == [
        ("粮食播种面积", [], [("粮食播种面积", "eq", 444000, "亩")], []),
        ("新增就业", [], [("新增就业", "ge", 3200, "人")], []),
        ("工业增加值", [], [("工业增加值", "eq", 6.5, "%")], []),
    ]
    assert facts(["指标", "目标值（万亩）"], ["茶园面积", "3.5"], ["果园面积", "约2"]) == [
        ("茶园面积", [], [("茶园面积", "eq", 35000, "亩")], []),
        ("果园面积", [], [("果园面积", "approx", 20000, "亩")], []),
    ]
    assert facts(["指标", "2025年目标"], ["茶园面积（万亩）", "3.5"])[0][2] == [("茶园面积", "eq", 35000, "亩")]


def test_headings_of_two_levels() -> None:
    assert facts(
        [("任务", 2, 1), ("责任分工", 1, 2), ("时间安排", 1, 2)],
        ["牵头单位", "配合单位", "起点", "完成时间"],
        ["建站", "县科技局", "县财政局", "无", "2025年9月"],
    ) == [("建站", [("lead", "县科技局"), ("support", "县财政局")], [], [("during", "2025-09-30")])]


def test_groups_are_the_path_of_their_rows() -> None:
    found = rows(
        HTML
        + table(
            ["类别", "任务", "牵头单位"],
            [("一、补短板", 1, 3)],
            ["交通", "修路", "县交通局"],
            [("（一）水利", 1, 3)],
            ["水利", "修渠", "县水利局"],
            [("二、强弱项", 1, 3)],
            ["教育", "建校", "县教育局"],
            [("注：按月通报。", 1, 3)],
        ),
        "html",
    )
    assert [(task.title, task.path[1:]) for task in found] == [
        ("修路", ("一、补短板",)),
        ("修渠", ("一、补短板", "（一）水利")),
        ("建校", ("二、强弱项",)),
    ]


def test_a_group_may_have_a_number_and_points_of_its_own() -> None:
    found = rows(
        HTML
        + table(
            ["序号", ("考核项目", 1, 2), "分值", "考核内容", "说明"],
            ["一、", ("共性任务", 1, 2), "40", "", "共40分"],
            ["1", ("宣传", 1, 2), "40", "每月报送信息。", ""],
            ["二、", ("部门任务", 1, 2), "60", "", ""],
            ["2", ("重点部门", 2, 1), "县水利局", "30", "清理河道", ""],
            ["3", "县生态环境局", "30", "整治排污口", ""],
            ["三、", ("加分", 1, 2), "", "获表彰的按月加分。", "另行通知"],
        ),
        "html",
    )
    assert [(task.title, task.path[1:], [(one.role, one.text) for one in task.assignments]) for task in found] == [
        ("宣传", ("一、共性任务",), []),
        ("清理河道", ("二、部门任务",), [("responsible", "县水利局")]),
        ("整治排污口", ("二、部门任务",), [("responsible", "县生态环境局")]),
        ("加分", (), []),
    ]


def test_a_name_broken_over_lines_is_one() -> None:
    cells = [
        "县人力资源和<br>社会保障局",
        "县住房和城乡<br>建设局",
        "县委<br>办公室",
        "青禾县<br>教育局",
        "县教育局<br>县财政局<br>各镇",
        "县财政局<br>县人力资源和<br>社会保障局<br>县水利局",
    ]
    found = facts(["任务", "责任单位"], *([f"任务{index}", cell] for index, cell in enumerate(cells)))
    assert [[name.replace(" ", "") for _, name in units] for _, units, _, _ in found] == [
        ["县人力资源和社会保障局"],
        ["县住房和城乡建设局"],
        ["县委办公室"],
        ["青禾县教育局"],
        ["县教育局", "县财政局", "各镇"],
        ["县财政局", "县人力资源和社会保障局", "县水利局"],
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [["姓名", "工作单位", "职务"], ["甲某", "县教育局", "科员"], ["乙某", "县水利局", "科员"]],
        [["项目名称", "实施单位", "补助金额（万元）"], ["茶园改造", "东岭镇人民政府", "20"], ["修渠", "白石镇", "30"]],
        [["序号", "镇（街道）", "任务数（亩）"], ["1", "东岭镇", "1200"], ["2", "白石镇", "800"], ["合计", "", "2000"]],
        [["年份", "粮食产量（万吨）", "增速"], ["2022年", "20", "3%"], ["2023年", "21", "5%"]],
        [["项目名称", "申报单位", "联系人"], ["", "", ""], ["", "", ""]],
        [["申请事项", ""], ["联系电话", ""], ["单位意见", "（盖章）2025年  月  日"]],
    ],
    ids=["names", "funds", "figures", "statistics", "form", "form-of-labels"],
)
def test_a_table_that_sets_no_task_gives_no_rows(lines: list[list[Cell]]) -> None:
    assert facts(*lines) == []


def test_remarks_and_former_figures_set_no_target() -> None:
    lines: list[list[Cell]] = [
        ["任务", "2024年完成情况", "责任单位", "推广范围"],
        ["建站", "完成12座", "县科技局", "8个试点镇"],
    ]
    assert facts(*lines) == [("建站", [("responsible", "县科技局")], [], [])]


def test_a_numbered_table_of_lines_ends_with_its_last_row() -> None:
    lines = ["序号", "指标", "预期值", "属性", "1", "茶园面积", "35000亩", "约束性", "2", "普及率", "95%", "预期性"]
    after = ["各镇要把任务落实到村。", "到2025年，建成步道12公里。", "统筹推进各项工作。"] * 4
    found = rows(HEAD + "\n".join(lines + after) + "\n")
    assert [(task.title, [(one.indicator, one.low) for one in task.targets]) for task in found] == [
        ("茶园面积", [("茶园面积", 35000)]),
        ("普及率", [("普及率", 95)]),
    ]


def test_a_user_adds_headings_of_columns(tmp_path: Path) -> None:
    rule = "{id: column.own, summary: 主抓, pattern: 主抓科室 $, set: {column: lead}, examples: [{text: 【主抓科室】}]}"
    (tmp_path / "own.yaml").write_text(f"kind: column\nrules:\n- {rule}\n", "utf-8")
    document = read_text(HTML + table(["任务", "主抓科室"], ["修路", "县交通局"]), "html")
    (task,) = parse(document, rulebook.load([tmp_path])).tasks
    assert [(one.role, one.text) for one in task.assignments] == [("lead", "县交通局")]


def test_a_table_without_known_headings_gives_no_rows() -> None:
    table = "<table><tr><td>东岭镇</td><td>12</td></tr><tr><td>白石镇</td><td>7</td></tr></table>"
    assert rows(HTML + table, "html") == []


@pytest.mark.parametrize(
    "text", ["\t" * 20000, "|" * 20000, "序号\n责任单位\n" * 3000, "任务\n责任单位\n" + "县交通局\n" * 5000]
)
def test_strange_text_is_read_in_time(text: str) -> None:
    rows(HEAD + text)
