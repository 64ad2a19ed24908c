"""Excel files: tables of what people see in the cells."""

import pytest

import policyparse
from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers import read
from policyparse.readers.cell_formats import BUILT_IN, shown
from word_files import packed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def c(place: str, value: str = "", kind: str = "", style: int = 0) -> str:
    """A cell: a number, or a text in itself."""
    if kind or not value or value.replace(".", "", 1).isdigit():
        return f'<c r="{place}" s="{style}" t="{kind or "n"}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def rows(*lines: str) -> str:
    """Rows of cells from A1 on, the words of each line parted by blanks; - is an empty cell."""
    return "".join(
        f'<row r="{index}">'
        + "".join(c(f"{chr(65 + column)}{index}", word) for column, word in enumerate(line.split()) if word != "-")
        + "</row>"
        for index, line in enumerate(lines, 1)
    )


def sheet(data: str, *merged: str, columns: str = "") -> str:
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><cols>{columns}</cols>'
        f"<sheetData>{data}</sheetData><mergeCells>{areas}</mergeCells></worksheet>"
    )


def related(*links: tuple[str, str, str]) -> str:
    """Relationships by id, type and target."""
    items = (f'<Relationship Id="{id}" Type="{LINKS}/{type}" Target="{target}"/>' for id, type, target in links)
    return f"<Relationships>{''.join(items)}</Relationships>"


def workbook(
    *sheets: str, names: str = "", strings: str = "", styles: str = "", about: str = "", **members: str
) -> bytes:
    titles = names.split() or [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    states = ['state="hidden"' if title.startswith("!") else "" for title in titles]
    listed = "".join(
        f'<sheet name="{title.removeprefix("!")}" sheetId="{number}" {state} r:id="r{number}"/>'
        for number, (title, state) in enumerate(zip(titles, states, strict=True), 1)
    )
    links = [(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    links += [("s", "sharedStrings", "sharedStrings.xml"), ("t", "styles", "styles.xml")]
    return packed(
        {
            "_rels/.rels": related(("w", "officeDocument", "/xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{about}<sheets>{listed}</sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": related(*links),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
            **{f"xl/worksheets/sheet{number}.xml": markup for number, markup in enumerate(sheets, 1)},
            **members,
        }
    )


def layer(raw: bytes) -> str:
    return read(raw, "x.xlsx").text


def spans(document: Document) -> list[tuple[str, int, int, int, int]]:
    cells = [cell for table in document.tables for cell in table.cells]
    return [(document.text[slice(*c.span)], c.row, c.column, c.rowspan, c.colspan) for c in cells]


def test_a_sheet_is_a_table_under_its_title_rows():
    data = rows(
        "附件2",
        "青禾县任务清单",
        "填报单位：县农业农村局 - - 单位：万亩",
        "序号 任务 目标 单位 时限",
        "1 育苗 3.5 万亩 6月底",
    )
    document = read(workbook(sheet(data, "A2:E2")), "x.xlsx")
    assert document.text == (
        "附件2\n青禾县任务清单\n填报单位：县农业农村局 单位：万亩\n"
        "序号\t任务\t目标\t单位\t时限\n1\t育苗\t3.5\t万亩\t6月底\n"
    )
    assert document.format == "xlsx"
    assert spans(document)[0] == ("序号", 0, 0, 1, 1)


def test_merged_cells_reach_their_rows_and_columns():
    data = rows("序号 任务 分工 -", "- - 牵头 配合", "1 育苗 县农业农村局 各镇", "2 移栽 藏着 县水利局")
    document = read(workbook(sheet(data, "A1:A2", "B1:B2", "C1:D1", "C3:C4", "F9:G10", "D9")), "x.xlsx")
    assert spans(document) == [
        ("序号", 0, 0, 2, 1), ("任务", 0, 1, 2, 1), ("分工", 0, 2, 1, 2), ("牵头", 1, 2, 1, 1), ("配合", 1, 3, 1, 1),
        ("1", 2, 0, 1, 1), ("育苗", 2, 1, 1, 1), ("县农业农村局", 2, 2, 2, 1), ("各镇", 2, 3, 1, 1),
        ("2", 3, 0, 1, 1), ("移栽", 3, 1, 1, 1), ("县水利局", 3, 3, 1, 1),
    ]  # fmt: skip


def test_rows_and_columns_without_a_word_do_not_count():
    data = f'<row r="3">{c("C3", "甲")}{c("XFD3", "乙")}</row><row r="5"/><row r="1048576">{c("C1048576", "丙")}</row>'
    document = read(workbook(sheet(data)), "x.xlsx")
    assert document.text == "甲\t乙\n丙\t\n"
    assert layer(workbook(sheet(""))) == ""
    assert layer(workbook(sheet(rows("甲", "乙")))) == "甲\n乙\n"


def test_places_may_be_left_out():
    assert (
        layer(workbook(sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>")))
        == "1\t2\n3\t4\n"
    )


def test_names_of_sheets_stand_where_there_is_no_title():
    table = sheet(rows("序号 任务", "1 育苗"))
    raw = workbook(table, table, sheet(rows("标题", "序号 任务", "1 育苗")), names="任务清单 Sheet2 汇总")
    assert layer(raw) == "任务清单\n序号\t任务\n1\t育苗\n序号\t任务\n1\t育苗\n标题\n序号\t任务\n1\t育苗\n"


def test_what_is_hidden_is_left_out_and_said_so():
    data = rows("序号 任务 备注", "1 育苗 内部", "2 移栽 内部").replace('<row r="3">', '<row r="3" hidden="1">')
    raw = workbook(
        sheet(data, columns='<col min="3" max="16384" hidden="1"/>'), sheet(rows("甲 乙")), names="Sheet1 !下拉"
    )
    document = read(raw, "x.xlsx")
    assert document.text == "序号\t任务\n1\t育苗\n"
    assert [(remark.code, remark.severity) for remark in document.remarks] == [
        ("hidden-cells", "warning"),
        ("hidden-cells", "info"),
    ]
    assert "5个单元格" in document.remarks[0].message
    assert "下拉" in document.remarks[1].message


def test_strings_booleans_errors_and_formulas():
    strings = "<si><t>一 行\n两行</t></si><si><r><t>云溪</t></r><r><t>区</t></r><rPh><t>yunxi</t></rPh></si>"
    data = (
        f'<row r="1">{c("A1", "0", "s")}{c("B1", "1", "s")}{c("C1", "7", "s")}</row>'
        f'<row r="2">{c("A2", "1", "b")}{c("B2", "#REF!", "e")}{c("C2", "计算", "str")}</row>'
        f'<row r="3">{c("A3", "2025-06-30T00:00:00", "d")}<c r="B3"><f>1+1</f></c>{c("C3", "nan", "n")}</row>'
        f'<row r="4">{c("A4", "-1", "s")}{c("B4", "1", "n", 99)}</row>'
    )
    document = read(workbook(sheet(data), strings=strings), "x.xlsx")
    assert document.text == "一 行 两行\t云溪区\t\nTRUE\t#REF!\t计算\n2025-06-30\t\t\n\t1\t\n"
    assert [remark.code for remark in document.remarks] == ["unsaved-formulas"]


def test_numbers_are_shown_by_the_style_of_their_cell():
    styles = (
        '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts>'
        "<cellXfs>" + "".join(f'<xf numFmtId="{id}"/>' for id in (0, 9, 176, 14, 999)) + "</cellXfs>"
    )
    cells = "".join(
        c(f"{chr(65 + at)}1", value, "n", at) for at, value in enumerate(("44.4", "0.85", "46022", "46022", "0.5"))
    )
    assert (
        layer(workbook(sheet(f'<row r="1">{cells}</row>'), styles=styles))
        == "44.4\t85%\t2025年12月31日\t2025-12-31\t0.5\n"
    )
    since_1904 = workbook(sheet(f'<row r="1">{cells}</row>'), styles=styles, about='<workbookPr date1904="1"/>')
    assert "2030-01-01" in layer(since_1904)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (44.4, "General", "44.4"),
        (0.1 + 0.2, "General", "0.3"),
        (350000000000.0, "General", "350000000000"),
        (0.85, "0%", "85%"),
        (0.8555, "0.0%", "85.6%"),
        (1.005, "0.00", "1.01"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (0.5, "#.##", ".5"),
        (0, "#", ""),
        (7, "00", "07"),
        (-5, "0.00", "-5.00"),
        (-0.001, "0.00", "0.00"),
        (-5, "0_);(0)", "(5)"),
        (-5, "0;[Red]-0", "-5"),
        (0, '0;-0;"—"', "—"),
        (3.5, '0.0"万亩"', "3.5万亩"),
        (3, r"0\亩", "3亩"),
        (12.5, "[$¥-804]#,##0.00", "¥12.50"),
        (1500000, '0.0,,"百万"', "1.5百万"),
        (12345, "0.0E+00", "1.2E+4"),
        (2.5, "# ?/?", "2.5"),
        (46022, "yyyy-mm-dd", "2025-12-31"),
        (46022, "yyyy/m/d", "2025/12/31"),
        (46022, 'yyyy"年"m"月"', "2025年12月"),
        (46022, "[DBNum1][$-804]yyyy年m月d日", "二〇二五年十二月三十一日"),
        (46022, "yy.mm", "25.12"),
        (46022, "d mmmm yyyy, ddd", "31 December 2025, Wed"),
        (46022, "aaaa aaa", "星期三 周三"),
        (46022.75, "yyyy-m-d h:mm", "2025-12-31 18:00"),
        (46022.75, "上午/下午h时mm分", "下午6时00分"),
        (46022.75, "h:mm AM/PM", "6:00 PM"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (1.5, "mm:ss", "00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-3, "yyyy-mm-dd", "-3"),
        (1e300, "yyyy-mm-dd", "1e+300"),
        (1e300, "0", "1e+300"),
        (5, "@", "5"),
        (5, "", "5"),
        (5, ";;;", ""),
        (1.0, "0." + "0" * 30, "1." + "0" * 30),
        (123456789012345, "0." + "0" * 14, "123456789012345." + "0" * 14),
        (0.5, "0" + "%" * 15, "5" + "0" * 29 + "%" * 15),
        (5e-324, "0." + "0" * 253, "0." + "0" * 253),
        (999999999999999.9, "0" + "%" * 254, "9999999999999999" + "0" * 507 + "%" * 254),
    ],
)  # fmt: skip
def test_codes(number: float, code: str, text: str):
    assert shown(number, code) == text


def test_every_built_in_code_shows_something():
    for code in BUILT_IN.values():
        for number in (0, 1, -1, 0.5, 46022.75, 1e20, -1e-9, 2958466):
            assert shown(number, code), (code, number)


def test_a_list_of_tasks_alone_is_an_annex():
    data = rows(
        "附件", "青禾县2025年重点任务清单", "单位：万亩", "序号 重点任务 目标值 单位 牵头单位 完成时限",
        "1 扩大育苗面积 44.4 万亩 县农业农村局 6月底", "2 修缮灌渠 12 公里 - 2025-10-15",
    )  # fmt: skip
    notice = policyparse.extract(workbook(sheet(data, "A2:F2", "E5:E6")))
    assert [(part.kind, part.title) for part in notice.parts] == [("annex", "青禾县2025年重点任务清单")]
    assert notice.metadata.title == "青禾县2025年重点任务清单"
    assert [task.title for task in notice.tasks] == ["扩大育苗面积", "修缮灌渠"]
    assert [unit.name for task in notice.tasks for unit in task.assignments] == ["县农业农村局"] * 2
    assert [(target.low, target.unit) for task in notice.tasks for target in task.targets] == [
        (444000, "亩"),
        (12, "公里"),
    ]
    assert [str(found.end) for task in notice.tasks for found in task.deadlines] == ["2025-06-30", "2025-10-15"]


# hostile files


def refused(raw: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read(raw, "坏.xlsx")
    assert str(caught.value).startswith("坏.xlsx: ")
    assert "\n" not in str(caught.value)


def test_bombs_and_entities():
    refused(workbook(sheet("<row/>" * 2_000_000)), "MB of xl/worksheets/sheet1.xml")
    refused(workbook('<!DOCTYPE a [<!ENTITY b "哈">]><worksheet>&b;</worksheet>'), "defines entities")
    refused(
        workbook(sheet(""), **{"xl/sharedStrings.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><sst/>'}),
        "defines entities",
    )
    refused(workbook(sheet(""), **{"../x.xml": ""}), "outside")


def test_truncated_files():
    whole = workbook(sheet(rows("序号 任务", "1 育苗")))
    for length in range(200, len(whole), 97):
        refused(whole[:length], "damaged|cut short")


def test_a_workbook_without_its_parts():
    refused(packed({"xl/workbook.xmls": ""}), "xl/workbook.xml is missing")
    assert (
        layer(packed({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets><sheet name="甲"/></sheets></workbook>'}))
        == ""
    )


def test_merged_over_everything_and_over_one_another():
    data = rows("标题 藏着", "藏着 藏着")
    assert layer(workbook(sheet(data, "A1:XFD1048576"))) == "标题\n"
    many = ["A1:XFD1048576"] * 20_000
    assert layer(workbook(sheet(data, *many))) == "标题\n"
    assert layer(workbook(sheet(rows("甲 乙"), "B2:A1", "A0:B0", "A1:", "A1:ZZZZ9"))) == "甲\t乙\n"


def test_sheets_larger_than_any():
    diagonal = "".join(f'<row r="{at}"><c r="{column(at)}{at}"><v>1</v></c></row>' for at in range(1, 1200))
    refused(workbook(sheet(diagonal)), "more than 1,000,000 cells")
    refused(workbook(sheet("<row>" * 300)), "no XML")


def test_a_shared_string_that_is_not_there_says_nothing():
    data = f'<row r="1">{c("A1", "99999999999", "s")}{c("B1", "1", "s")}{c("C1", "0", "s")}</row>'
    assert layer(workbook(sheet(data), strings="<si><t>育苗</t></si>")) == "育苗\n"


def test_one_string_in_many_cells_is_bounded():
    def shared(cells: int) -> bytes:
        data = "".join(f'<row r="{row}">{c(f"A{row}", "0", "s")}</row>' for row in range(1, cells + 1))
        return workbook(sheet(data), strings=f"<si><t>{'苗' * 100_000}</t></si>")

    assert layer(shared(1)) == "苗" * 32_767 + "\n"  # what a cell of Excel holds
    refused(shared(700), "more than 20,000,000 characters")


def column(number: int) -> str:
    return (column((number - 1) // 26) if number > 26 else "") + chr(65 + (number - 1) % 26)
