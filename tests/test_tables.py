"""Rows of tables, with a grid and without one."""

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


def test_a_table_without_known_headings_gives_no_rows() -> None:
    table = "<table><tr><td>东岭镇</td><td>12</td></tr><tr><td>白石镇</td><td>7</td></tr></table>"
    assert rows(HTML + table, "html") == []


@pytest.mark.parametrize(
    "text", ["\t" * 20000, "|" * 20000, "序号\n责任单位\n" * 3000, "任务\n责任单位\n" + "县交通局\n" * 5000]
)
def test_strange_text_is_read_in_time(text: str) -> None:
    rows(HEAD + text)
