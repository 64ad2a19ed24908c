"""Word files: the text that Word shows, and nothing that it does not."""

import pytest

import policyparse
from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers import read
from word_files import NAMESPACES, abstract, cell, level, num, packed, paragraph, row, run, starts_at, table, word


def layer(raw: bytes) -> list[str]:
    return read(raw, "x.docx").text.splitlines()


def texts(document: Document) -> list[list[tuple[str, int, int, int, int]]]:
    return [
        [(document.text[slice(*c.span)], c.row, c.column, c.rowspan, c.colspan) for c in table.cells]
        for table in document.tables
    ]


# paragraphs


def test_paragraphs_are_lines_and_breaks_end_lines():
    body = paragraph("青禾县人民政府", "<w:r><w:br/><w:t>办公室</w:t><w:tab/><w:t>文件</w:t></w:r>") + "<w:p/>"
    body += (
        paragraph("第一段。", '<w:r><w:br w:type="page"/></w:r>', "下一页。")
        + "<w:p><w:r><w:t> 两端 </w:t></w:r></w:p>"
    )
    document = read(word(body), "x.docx")
    assert document.text == "青禾县人民政府\n办公室\t文件\n第一段。\n下一页。\n两端\n"
    assert document.paragraphs
    assert not document.pages
    assert document.format == "docx"


def test_the_strict_variant_is_read():
    raw = word(
        "",
        {
            "word/document.xml": (
                '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:pPr><w:numPr>'
                '<w:ilvl w:val="0"/></w:numPr></w:pPr><w:r><w:t>严格</w:t></w:r></w:p></w:body></w:document>'
            )
        },
    )
    assert layer(raw) == ["严格"]


def test_insertions_are_in_and_deletions_out():
    body = paragraph(
        "到2025年",
        f"<w:ins>{run('底')}</w:ins>",
        "<w:del><w:r><w:delText>前</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('原处')}</w:moveFrom>",
        f"<w:moveTo>{run('新处')}</w:moveTo>",
        "。",
    )
    assert layer(word(body)) == ["到2025年底新处。"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    numbering = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    body = (
        paragraph("建成步道", list=1, level=0, mark="<w:del/>")
        + paragraph("十二公里。", list=1, level=0)
        + paragraph("<w:del><w:r><w:delText>全删</w:delText></w:r></w:del>", list=1, level=0, mark="<w:del/>")
        + paragraph("修缮校舍。", list=1, level=0)
    )
    assert layer(word(body, numbering=numbering)) == ["1. 建成步道十二公里。", "2. 修缮校舍。"]


def test_hidden_text_is_left_out():
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="q"><w:basedOn w:val="p"/></w:style>'
    )
    numbering = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    body = (
        paragraph("看得见", run("看不见", "<w:vanish/>"), run("看得见", '<w:vanish w:val="0"/>'))
        + paragraph("甲", run("乙", '<w:rStyle w:val="h"/>'))
        + paragraph("丙", style="q")
        + paragraph(run("丁", "<w:vanish/>"), list=1, level=0, mark="<w:vanish/>")
        + paragraph("戊", list=1, level=0)
        + paragraph("己", run("庚", '<w:vanish w:val="false"/>'), style="p")
    )
    assert layer(word(body, styles=styles, numbering=numbering)) == ["看得见看得见", "甲", "1. 戊", "庚"]


def test_of_fields_the_result_is_read():
    def field(step: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>'

    instruction = "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
    inner = field("begin") + instruction + field("separate") + run("12") + field("end")
    body = paragraph("见第", field("begin"), instruction, field("separate"), "7", field("end"), "页")
    body += paragraph(field("begin"), run("IF "), inner, field("separate"), "结果", field("end"), "之后")
    body += paragraph('<w:fldSimple w:instr="DATE">' + run("2025年") + "</w:fldSimple>")
    body += paragraph(field("begin"), run("没有结尾")) + paragraph("照读")
    assert layer(word(body)) == ["见第7页", "结果之后", "2025年", "照读"]


def test_containers_and_signs():
    body = (
        "<w:sdt><w:sdtPr/><w:sdtContent>"
        + paragraph(
            "控件",
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("点此输入") + "</w:sdtContent></w:sdt>",
        )
        + "</w:sdtContent></w:sdt>"
        + paragraph(f"<w:smartTag>{run('标签')}</w:smartTag>", f"<w:hyperlink>{run('链接')}</w:hyperlink>")
        + paragraph("软\xad连", '<w:r><w:softHyphen/><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>')
        + paragraph("<w:ruby><w:rt>" + run("qing") + "</w:rt><w:rubyBase>" + run("青") + "</w:rubyBase></w:ruby>")
        + paragraph("\uf0a8同意\uf0fc不同意\uf0aa")
    )
    assert layer(word(body)) == ["控件", "标签链接", "软连-☑", "青", "□同意✓不同意•"]


def test_text_boxes_are_kept_once():
    box = f"<w:txbxContent>{paragraph('云溪区文件')}{paragraph('第二行')}</w:txbxContent>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox><v:textpath string='艺术字'/></w:pict></w:r>"
    assert layer(word(paragraph("正文", both))) == ["正文", "云溪区文件", "第二行"]
    assert layer(word(paragraph(old))) == ["艺术字", "云溪区文件", "第二行"]


def test_notes_stand_at_the_end_and_headers_nowhere():
    note = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    raw = word(
        paragraph("先引二", note.format(2))
        + paragraph("再引一", note.format(1), '<w:r><w:endnoteReference w:id="1"/></w:r>')
        + paragraph("没有的", note.format(9)),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + f'<w:footnote w:id="1">{paragraph("注一")}</w:footnote><w:footnote w:id="2">{paragraph("注二")}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{paragraph("尾注", "甲")}{paragraph("乙")}</w:endnote>',
        header=paragraph("页眉"),
    )
    assert layer(raw) == ["先引二", "再引一", "没有的", "[1] 注二", "[2] 注一", "[3] 尾注甲 乙"]


# numbering

CHINESE = abstract(
    1,
    level(0, "chineseCountingThousand", "%1、", more='<w:suff w:val="nothing"/>'),
    level(1, "chineseCounting", "（%2）", more='<w:suff w:val="nothing"/>'),
    level(2, "decimal", "%3.", more='<w:suff w:val="space"/>'),
    level(3, "decimalEnclosedCircle", "%4"),
) + num(1, 1)  # fmt: skip


def numbered(*levels: int, list: int = 1) -> str:
    return "".join(paragraph("甲", list=list, level=at) for at in levels)


def labels(body: str, numbering: str, styles: str = "") -> str:
    lines = layer(word(body, numbering=numbering, styles=styles))
    return " ".join(line.removesuffix("甲").strip() for line in lines)


def test_chinese_numbers_restart_below_a_higher_one():
    assert layer(word(numbered(0, 1, 2), numbering=CHINESE)) == ["一、甲", "（一）甲", "1. 甲"]
    assert labels(numbered(0, 1, 1, 2, 3, 3, 0, 1, 2, 3), CHINESE) == "一、 （一） （二） 1. ① ② 二、 （一） 1. ①"


def test_lists_share_the_counters_of_their_abstract_one_unless_they_begin_anew():
    numbering = CHINESE + num(2, 1) + num(3, 1, starts_at(0, 1)) + num(4, 1, starts_at(0, 5))
    assert labels(numbered(0) + numbered(0, list=2) + numbered(0), numbering) == "一、 二、 三、"
    assert (
        labels(numbered(0, 0) + numbered(0, 0, list=3) + numbered(0, list=4), numbering) == "一、 二、 一、 二、 五、"
    )
    assert (
        labels(numbered(0, 0, list=4) + numbered(0, list=1) + numbered(0, list=4), numbering) == "五、 六、 七、 八、"
    )


def test_a_list_may_have_levels_of_its_own():
    changed = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1)", start=3)}</w:lvlOverride>'
    assert labels(numbered(0) + numbered(0, 0, list=2), CHINESE + num(2, 1, changed)) == "一、 B) C)"
    assert labels(numbered(0, list=2), CHINESE + num(2, 1, changed)) == "C)"


def test_all_levels_may_stand_in_a_number():
    parts = abstract(
        1, level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "%1.%2.%3")
    ) + num(1, 1)
    assert labels(numbered(0, 1, 2, 2, 1, 2), parts) == "1 1.1 1.1.a 1.1.b 1.2 1.2.a"
    assert labels(numbered(1, 1, 0), parts) == "1.1 1.2 2"


def test_digits_only_and_restart():
    legal = abstract(
        1,
        level(0, "chineseCounting", "第%1章"),
        level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
        level(2, "chineseCounting", "第%3条", more='<w:lvlRestart w:val="0"/>'),
        level(3, "decimal", "%4)", more='<w:lvlRestart w:val="1"/>'),
    ) + num(1, 1)  # fmt: skip
    assert labels(numbered(0, 2, 2, 0, 2, 1), legal) == "第一章 第一条 第二条 第二章 第三条 2.2"
    assert labels(numbered(0, 1, 3, 1, 3, 0, 3), legal) == "第一章 1.1 1) 1.2 2) 第二章 1)"


def numbering_style(id: str, properties: str, *, based_on: str = "", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    numbered = f"<w:pPr><w:numPr>{properties}</w:numPr></w:pPr>" if properties else ""
    return f'<w:style w:type="{kind}" w:styleId="{id}">{based}{numbered}</w:style>'


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="n"/>'
    + numbering_style("h1", '<w:numId w:val="1"/>')
    + numbering_style("h2", '<w:ilvl w:val="1"/>', based_on="h1")
    + numbering_style("h2b", "", based_on="h2")
    + numbering_style("none", '<w:numId w:val="0"/>', based_on="h1")
    + numbering_style("loop", "", based_on="loop")
)


def test_styles_number_their_paragraphs():
    body = "".join(paragraph("甲", style=style) for style in ("h1", "h2", "none", "h2b", "loop", "h1", "h2"))
    assert labels(body, CHINESE, STYLES) == "一、 （一）  （二）  二、 （一）"
    body = paragraph("甲", style="h1") + paragraph("甲", style="h1", list=0) + paragraph("甲", style="h1", level=1)
    assert labels(body, CHINESE, STYLES) == "一、  （一）"


def test_a_level_may_name_its_style():
    linked = abstract(
        1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2", more='<w:pStyle w:val="h1"/>')
    ) + num(1, 1)  # fmt: skip
    assert labels(paragraph("甲", style="h1"), linked, STYLES) == "1.1"


def test_an_abstract_list_may_stand_in_a_style():
    styles = numbering_style("s", '<w:numId w:val="1"/>', kind="numbering")
    styles += numbering_style("t", '<w:numId w:val="3"/>', kind="numbering")
    linking = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="s"/></w:abstractNum>'
    itself = '<w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="t"/></w:abstractNum>'
    numbering = CHINESE + linking + itself + num(2, 2) + num(3, 3)
    assert labels(numbered(0, 1, list=2), numbering, styles) == "一、 （一）"
    assert labels(numbered(0, list=3), numbering, styles) == ""


@pytest.mark.parametrize(
    ("format", "numbers"),
    {
        "decimal": "1 9 10 11 20 21 101",
        "decimalZero": "01 09 10 11 20 21 101",
        "chineseCounting": "一 九 十 十一 二十 二十一 一○一",
        "chineseCountingThousand": "一 九 十 十一 二十 二十一 一百零一",
        "chineseLegalSimplified": "壹 玖 壹拾 壹拾壹 贰拾 贰拾壹 壹佰零壹",
        "ideographTraditional": "甲 壬 癸 11 20 21 101",
        "ideographZodiac": "子 申 酉 戌 20 21 101",
        "ideographZodiacTraditional": "甲子 壬申 癸酉 甲戌 癸未 甲申 甲辰",
        "ideographDigital": "一 九 一〇 一一 二〇 二一 一〇一",
        "japaneseCounting": "一 九 十 十一 二十 二十一 一百零一",
        "decimalEnclosedCircle": "① ⑨ ⑩ ⑪ ⑳ ㉑ 101",
        "decimalEnclosedCircleChinese": "① ⑨ ⑩ ⑪ ⑳ ㉑ 101",
        "decimalEnclosedParen": "⑴ ⑼ ⑽ ⑾ ⒇ 21 101",
        "decimalEnclosedFullstop": "⒈ ⒐ ⒑ ⒒ ⒛ 21 101",
        "decimalFullWidth": "１ ９ １０ １１ ２０ ２１ １０１",
        "ideographEnclosedCircle": "㊀ ㊈ ㊉ 11 20 21 101",
        "upperRoman": "I IX X XI XX XXI CI",
        "lowerRoman": "i ix x xi xx xxi ci",
        "upperLetter": "A I J K T U WWWW",
        "lowerLetter": "a i j k t u wwww",
        "ordinal": "1st 9th 10th 11th 20th 21st 101st",
        "numberInDash": "- 1 - - 9 - - 10 - - 11 - - 20 - - 21 - - 101 -",
        "unheardOf": "1 9 10 11 20 21 101",
        "none": "",
    }.items(),
)
def test_number_formats(format: str, numbers: str):
    starts = (1, 9, 10, 11, 20, 21, 101)
    numbering = abstract(1, level(0, format, "%1")) + "".join(num(at, 1, starts_at(0, at)) for at in starts)
    assert labels("".join(numbered(0, list=at) for at in starts), numbering).strip() == numbers


def test_custom_formats_and_bullets():
    custom = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent>'
        '<mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1."/></w:lvl>'
        + level(1, "bullet", "\uf06c") + level(2, "bullet", "\uf0ab") + level(3, "none", "附件%4")
        + level(4, "bullet", "—")
        + "</w:abstractNum>" + num(1, 1)
    )  # fmt: skip
    assert labels(numbered(0, 1, 2, 3, 4), custom) == "007. ● • 附件 —"


def test_numbering_that_is_not_there_or_makes_no_sense():
    strange = (
        abstract(1, level(0, "decimal", "%1%9", start=0), level(99, "decimal", "x"))
        + num(1, 1)
        + num(2, 77)
        + num(3, 1, "<w:lvlOverride/>")
    )
    assert labels(numbered(0, 50), strange) == "0 "
    assert labels(numbered(0, list=2) + numbered(0, list=9), strange) == " "
    assert layer(word(numbered(0))) == ["甲"]
    assert layer(word(paragraph("甲", list=1), numbering=abstract(1) + num(1, 1))) == ["甲"]


# tables

DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def across(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_merged_cells_are_a_grid():
    body = table(
        row(cell("序号"), cell("任务"), cell("分工", properties=across(2)), properties="<w:tblHeader/>"),
        row(cell("1"), cell("育苗", "移栽", properties=DOWN), cell("县农业农村局"), cell("各镇")),
        row(cell("2"), cell(properties=GOES_ON), cell("县水利局", properties=across(2))),
        row(cell("3"), cell(properties=GOES_ON), cell("", properties=DOWN), cell("云\t溪区")),
        row(cell("4"), cell("验收"), cell("", properties=GOES_ON), cell("")),
    )
    document = read(word(paragraph("前") + body + paragraph("后")), "x.docx")
    assert document.text == (
        "前\n序号\t任务\t分工\t\n1\t育苗 移栽\t县农业农村局\t各镇\n2\t\t县水利局\t\n3\t\t\t云 溪区\n4\t验收\t\t\n后\n"
    )
    assert texts(document) == [[
        ("序号", 0, 0, 1, 1), ("任务", 0, 1, 1, 1), ("分工", 0, 2, 1, 2),
        ("1", 1, 0, 1, 1), ("育苗 移栽", 1, 1, 3, 1), ("县农业农村局", 1, 2, 1, 1), ("各镇", 1, 3, 1, 1),
        ("2", 2, 0, 1, 1), ("县水利局", 2, 2, 1, 2),
        ("3", 3, 0, 1, 1), ("", 3, 2, 2, 1), ("云 溪区", 3, 3, 1, 1),
        ("4", 4, 0, 1, 1), ("验收", 4, 1, 1, 1), ("", 4, 3, 1, 1),
    ]]  # fmt: skip
    assert [cell.header for cell in document.tables[0].cells][:4] == [True, True, True, False]


def test_rows_may_begin_further_right_and_be_deleted():
    body = table(
        row(cell("甲"), cell("乙"), cell("丙")),
        row(cell("丁"), cell("戊"), properties='<w:gridBefore w:val="1"/>'),
        row(cell("子"), cell("丑"), properties='<w:gridBefore w:val="-1"/>'),
        row(cell("己"), cell("庚"), cell("辛"), properties="<w:del/>"),
        row(cell("壬", properties='<w:hMerge w:val="restart"/>'), cell("x", properties="<w:hMerge/>"), cell("癸")),
    )
    document = read(word(body), "x.docx")
    assert document.text == "甲\t乙\t丙\n\t丁\t戊\n子\t丑\t\n壬\t\t癸\n"
    assert texts(document)[0][-2:] == [("壬", 3, 0, 1, 2), ("癸", 3, 2, 1, 1)]


def test_cells_may_be_numbered_and_hold_boxes_notes_and_tables():
    numbering = abstract(1, level(0, "decimal", "%1")) + num(1, 1)
    number = paragraph(list=1, level=0)
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('框')}</w:txbxContent></w:pict></w:r>"
    inner = table(row(cell("内一"), cell("内二")))
    body = table(
        row(cell(number), cell("育苗", paragraph("移栽", box))),
        row(cell(number), cell("前", inner, "后")),
        row(cell(number), cell(paragraph("引", '<w:r><w:footnoteReference w:id="1"/></w:r>'))),
    )
    raw = word(body, numbering=numbering, footnotes=f'<w:footnote w:id="1">{paragraph("注")}</w:footnote>')
    assert layer(raw) == ["1\t育苗 移栽 框", "2\t前 内一 内二 后", "3\t引", "[1] 注"]


def test_tables_for_the_layout_are_lines():
    inner = table(row(cell("序号"), cell("任务")), row(cell("1"), cell("育苗")))
    document = read(word(table(row(cell("标题", inner, "落款")))), "x.docx")
    assert document.text == "标题\n序号\t任务\n1\t育苗\n落款\n"
    assert len(document.tables) == 1
    assert layer(word(table(row(cell("云溪区人民政府"), cell("文件"))))) == ["云溪区人民政府", "文件"]
    assert layer(word(table(row(cell("甲")), row(cell("乙", "丙"))))) == ["甲", "乙", "丙"]
    assert layer(word(table(row(cell("左")), row(cell(inner, inner), cell("下"))))) == [
        "左", "序号\t任务", "1\t育苗", "序号\t任务", "1\t育苗", "下",
    ]  # fmt: skip


# the whole program


def test_facts_are_read_from_numbered_headings_and_tables():
    body = (
        paragraph("青禾县2025年育苗工作实施方案")
        + paragraph("主要目标", list=1, level=0)
        + paragraph("面积", list=1, level=1)
        + paragraph("到2025年底，全县育苗面积达到3.5万亩。")
        + paragraph("任务分工", list=1, level=0)
        + table(
            row(cell("序号"), cell("重点任务"), cell("牵头单位"), cell("完成时限")),
            row(cell("1"), cell("建设育苗基地"), cell("县农业农村局", properties=DOWN), cell("2025年6月底前")),
            row(cell("2"), cell("推广良种"), cell(properties=GOES_ON), cell("2025年10月底前")),
        )
    )
    notice = policyparse.extract(word(body, numbering=CHINESE))
    assert notice.source.format == "docx"
    assert [section.marker for section in notice.parts[0].sections] == ["一、", "二、"]
    assert notice.parts[0].sections[0].sections[0].title == "面积"
    assert notice.tasks[0].path == ("一、主要目标", "（一）面积")
    assert [target.low for target in notice.tasks[0].targets] == [35000]
    rows = [task for task in notice.tasks if task.kind == "row"]
    assert [task.assignments[0].name for task in rows] == ["县农业农村局"] * 2
    assert [str(task.deadlines[0].end) for task in rows] == ["2025-06-30", "2025-10-31"]


# hostile files


def refused(raw: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read(raw, "坏.docx")
    assert str(caught.value).startswith("坏.docx: ")
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused():
    refused(word("", {"word/document.xml": "<w:p/>" * 2_000_000}), "MB of word/document.xml")


def test_entities_are_refused():
    laughs = '<!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;">]>'
    document = f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    refused(word("", {"word/document.xml": laughs + document}), "defines entities")
    outside = '<!DOCTYPE d [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    refused(word("", {"word/document.xml": outside + document}), "defines entities")
    refused(
        word(
            "",
            {
                "word/styles.xml": laughs + "<s/>",
                "word/_rels/document.xml.rels": (
                    '<Relationships><Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>'
                ),
            },
        ),
        "defines entities",
    )


def test_relationships_lead_nowhere_else():
    rels = (
        '<Relationships><Relationship Id="s" Type="x/styles" Target="../../../etc/passwd"/>'
        '<Relationship Id="n" Type="x/numbering" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    assert layer(word(paragraph("青"), {"word/_rels/document.xml.rels": rels})) == ["青"]
    refused(word("", {"../outside.xml": "<x/>"}), "outside")


def test_truncated_files():
    whole = word(paragraph("云溪区" * 100))
    for length in range(200, len(whole), 97):
        refused(whole[:length], "damaged|cut short")


def test_a_file_with_a_password_or_without_a_document():
    refused(packed({"word/document.xml": f"<w:document {NAMESPACES}/>"}), "no Word document")
    refused(packed({"word/documents.xml": "<x/>"}), "missing")


@pytest.mark.parametrize("wrap", ["tbl", "sdt", "ins", "AlternateContent", "txbx"])
def test_what_is_nested_deeply(wrap: str):
    around = {
        "tbl": lambda inner: table(row(cell(inner, "青"))),
        "sdt": lambda inner: f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>",
        "ins": lambda inner: f"<w:ins>{inner}</w:ins>",
        "AlternateContent": lambda inner: f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice></mc:AlternateContent>",
        "txbx": lambda inner: f"<w:p><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>",
    }[wrap]
    levels = {"tbl": 3, "txbx": 3, "sdt": 2, "AlternateContent": 2, "ins": 1}[wrap]
    for depth in (245 // levels, 5000):
        body = paragraph("底")
        for _ in range(depth):
            body = around(body)
        if depth == 5000:
            refused(word(body), "no XML that can be read")
        else:
            assert layer(word(body))[0] == "底"


def test_tables_larger_than_any(monkeypatch: pytest.MonkeyPatch):
    refused(
        word(table(row(cell("甲"), cell("乙", properties=across(100_000))), row(cell("丙")))), "table in it is larger"
    )
    refused(word(table(row(*[cell("甲")] * 101), row(cell("乙")))), "table in it is larger")
    refused(
        word(table(row(cell("甲"), properties='<w:gridBefore w:val="99999999"/>'), row(cell(""), cell("")))), "larger"
    )
    monkeypatch.setattr("policyparse.readers.docx.MOST", 20)
    refused(word(table(*[row(cell("甲"), cell("乙"))] * 11)), "table in it is larger")
