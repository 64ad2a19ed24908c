"""Paragraphs in texts without line breaks, and the cells of tables."""

from outlines import outline, shape
from policyparse.document import Cell, Table


def test_a_text_without_line_breaks() -> None:
    filler = "各镇要认真落实，确保取得实效，" * 8
    source = (
        "青禾县人民政府关于加快茶产业发展的意见青政发〔2023〕7号各镇人民政府，县政府各部门："
        "茶产业是支柱产业，现提出如下意见。"
        f"一、总体要求（一）指导思想。坚持生态优先。{filler}一是抓好种植；二是抓好加工。"
        f"（二）主要目标。到2025年建成1.5万亩茶园。二、重点任务（一）建设基地。{filler}完成改造。"
        f"（二）培育企业。{filler}持续推进。三、保障措施加强领导。青禾县人民政府2023年5月6日（此件公开发布）"
    )
    found = outline(source)
    assert [(part.kind, part.title) for part in found.parts] == [("body", "青禾县人民政府关于加快茶产业发展的意见")]
    assert [(level, marker) for level, marker, _ in shape(found.parts[0])] == [
        (1, "一、"),
        (2, "（一）"),
        (2, "（二）"),
        (1, "二、"),
        (2, "（一）"),
        (2, "（二）"),
        (1, "三、"),
    ]
    assert [line.role for line in found.lines[:3]] == ["title", "doc_number", "addressee"]
    assert [line.role for line in found.lines[-3:]] == ["signature"] * 3


def test_lines_of_a_marked_table_are_cells() -> None:
    source = "一、任务\n1.建设茶园\n责任单位"
    at = source.index("1.")
    table = Table((Cell(0, 0, (at, at + 6)), Cell(0, 1, (at + 7, len(source)))))
    found = outline(source, (table,))
    assert [line.role for line in found.lines] == ["heading", "cell", "cell"]
    assert len(shape(found.parts[0])) == 1


def test_a_date_that_runs_on_into_attachments_or_a_title() -> None:
    source = "各镇人民政府：\n现将春耕任务随文印发，请结合实际认真贯彻执行。\n2023年5月6日附件：1.任务清单\n2.责任清单"
    assert [line.role for line in outline(source).lines[2:]] == ["signature", "attachments", "attachments"]
    listed = "附件：1.任务清单2.成员名单青禾县人民政府办公室2023年5月6日（此件公开发布）附件1任务清单一、茶业"
    letter = f"各镇人民政府：\n现将春耕任务随文印发，请结合实际认真贯彻执行。\n{listed}{'抓好种植。' * 300}"
    assert [line.role for line in outline(letter).lines[2:6]] == ["attachments", *["signature"] * 3]
