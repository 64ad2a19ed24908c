"""PDF files to the text layer: paragraphs, columns, tables, what stands around them, and what cannot be read."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from pdf_pages import FULL, HEIGHT, LEFT, LINES, TOP, WIDTH, Pages, broken, typeset
from policyparse import extract, readers
from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers import scan
from policyparse.readers.layout.garbled import is_garbled

DUTIES = (
    "各乡镇要把灌区改造摆在突出位置，由县水利局牵头，县财政局、县农业农村局配合，到2026年底前改造渠道{}公里，"
    "做到有人管、有钱管、管得住，每季度向县政府报告一次进展情况，年终由县委督查室会同有关部门逐镇核查验收。"
)
NOTICE = [text for number in range(1, 16) for text in (f"{number}.改造第{number}片灌区", DUTIES.format(number + 9))]


def read(raw: bytes) -> Document:
    return readers.read(raw, "notice.pdf")


def lines(raw: bytes) -> list[str]:
    return read(raw).text.splitlines()


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)


def test_lines_are_rejoined_into_paragraphs_over_pages() -> None:
    document = read(typeset(NOTICE, head="青禾县水利文件汇编"))
    assert document.text.splitlines() == NOTICE
    assert (document.format, document.paragraphs, len(document.pages)) == ("pdf", True, 4)
    assert any(document.text[page - 1] != "\n" for page in document.pages[1:])  # a paragraph runs over a page's end
    firsts = [line.strip() for line in broken(NOTICE)[::LINES]]
    assert [document.text[page:][: len(line)] for page, line in zip(document.pages, firsts, strict=True)] == firsts


def test_facts_know_their_page() -> None:
    notice = extract(typeset(NOTICE))
    assert notice.source.pages == 4
    found = {target.text: target.page for task in notice.tasks for target in task.targets}
    assert (found["10公里"], found["24公里"]) == (1, 4)


def test_paragraphs_apart_from_one_another_need_no_indent() -> None:
    pages = Pages()
    first, second = "县水利局要健全管护机制，" * 6, "县财政局要足额安排资金，" * 6
    y = TOP
    for text in (first, second, first, second):
        for at in range(0, len(text), FULL):
            pages.line(LEFT, y, text[at : at + FULL])
            y -= 24
        y -= 12
    assert lines(pages.raw()) == [first, second, first, second]


def test_short_lines_are_no_paragraph() -> None:
    listed = [f"{number}.县水利局灌区改造任务" for number in range(1, 15)]
    pages = Pages()
    pages.lines(listed)
    assert lines(pages.raw()) == listed


def test_letterhead_title_and_signature_stand_alone() -> None:
    pages = Pages()
    pages.line(150, 760, "青禾县人民政府文件", 32)
    pages.line(240, 710, "青政发〔2025〕9号")
    pages.line(120, 660, "青禾县人民政府关于加强小型", 22)
    pages.line(150, 625, "水库安全管理的通知", 22)
    body = ["各乡镇人民政府，县政府各部门：", *broken([DUTIES.format(12), DUTIES.format(13)])]
    pages.lines(body, y=580)
    pages.line(370, 240, "青禾县人民政府")
    pages.line(375, 212, "2025年3月7日")
    notice = extract(pages.raw())
    assert notice.metadata.title == "青禾县人民政府关于加强小型水库安全管理的通知"
    assert notice.metadata.doc_number is not None
    assert notice.metadata.doc_number.text == "青政发〔2025〕9号"
    assert notice.metadata.issuers == ("青禾县人民政府",)
    assert str(notice.metadata.issued_on) == "2025-03-07"


def test_a_title_that_needs_a_second_line_is_one() -> None:
    pages = Pages()
    pages.line(LEFT, 780, "青禾县人民政府关于印发《青禾县灌区改造三年行动方", 19.4)
    pages.line(240, 750, "案》的通知", 19.4)
    pages.lines(broken(NOTICE[:6]), y=700)
    assert lines(pages.raw())[0] == "青禾县人民政府关于印发《青禾县灌区改造三年行动方案》的通知"


def test_entries_of_a_table_of_contents_are_not_joined() -> None:
    entries = [f"{numeral}、灌区改造{'.' * 40}{number}" for number, numeral in enumerate("一二三四五六七八九", 1)]
    pages = Pages()
    pages.lines(entries)
    assert lines(pages.raw()) == entries


def test_numbered_annexes_at_the_top_of_pages_are_no_running_heads() -> None:
    pages = Pages()
    for number in range(1, 5):
        pages.line(LEFT, 780, f"附件{number}")
        pages.lines(broken([DUTIES.format(number)]), y=700)
        pages.end_page()
    assert [line for line in lines(pages.raw()) if line.startswith("附件")] == ["附件1", "附件2", "附件3", "附件4"]


def test_columns_are_read_one_after_the_other() -> None:
    pages = Pages()
    pages.line(200, 780, "临江市水利规划", 22)
    rows = broken(NOTICE[:6], 13)
    half = len(rows) // 2
    pages.lines(rows[:half], x=60, size=16)
    pages.lines(
        [row + ("，" if len(row) == 13 and number == 2 else "") for number, row in enumerate(rows[half:])], x=310
    )
    found = lines(pages.raw())
    assert found[0] == "临江市水利规划"
    assert [line.replace("，", "") for line in found[1:]] == [line.replace("，", "") for line in NOTICE[:6]]


def test_footnotes_stand_at_the_end() -> None:
    rows = broken(NOTICE)
    pages = Pages()
    pages.lines(rows[:22])
    pages.lines(["1 渠道改造里程以竣工验收数据为准。"], y=100, size=9)
    pages.end_page()
    pages.lines(rows[22:40])
    found = lines(pages.raw())
    assert found[-1] == "1 渠道改造里程以竣工验收数据为准。"
    assert found[:-1] == "".join(row if row[0] != " " else f"\n{row[2:]}" for row in rows[:40]).splitlines()[1:]


TABLE = ([60, 120, 300, 420, 540], ["类别", "任务", "责任分工", None], ["^", "^", "牵头单位", "配合单位"])


def table_over_two_pages() -> bytes:
    edges, *head = TABLE
    pages = Pages()
    pages.line(LEFT, 780, "附件：任务分工表")
    cut = "建设机耕道路并完善沿线的排水设施\n推进水价综合改革，提高周边农田的"
    first = [["灌区", "改造干渠", "县水利局", "县财政局"], ["^", cut, "县农业\n农村局", ""]]
    pages.table(edges, [700, 670, 640, 600, 560], [*head, *first])
    pages.end_page()
    second = [["", "灌溉保证率", "", ""], ["水库", "除险加固", "县水利局", "县应急管理局"]]
    pages.table(edges, [780, 750, 720, 690, 660], [*head, *second])
    pages.line(LEFT, 600, "注：由县水利局负责解释。")
    return pages.raw()


def test_ruled_tables_are_grids_over_pages() -> None:
    document = read(table_over_two_pages())
    assert document.text.splitlines() == [
        "附件：任务分工表",
        "类别\t任务\t责任分工\t",
        "\t\t牵头单位\t配合单位",
        "灌区\t改造干渠\t县水利局\t县财政局",
        "\t建设机耕道路并完善沿线的排水设施推进水价综合改革，提高周边农田的灌溉保证率\t县农业 农村局\t",
        "水库\t除险加固\t县水利局\t县应急管理局",
        "注：由县水利局负责解释。",
    ]
    (table,) = document.tables
    merged = {
        document.text[slice(*cell.span)]: (cell.rowspan, cell.colspan)
        for cell in table.cells
        if cell.rowspan > 1 or cell.colspan > 1
    }
    assert merged == {"类别": (2, 1), "任务": (2, 1), "责任分工": (1, 2), "灌区": (2, 1)}
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :].startswith("水库")


def test_rows_of_a_table_are_tasks_with_their_page() -> None:
    tasks = [task for task in extract(table_over_two_pages()).tasks if task.kind == "row"]
    assert [[(fact.role, fact.name) for fact in task.assignments] for task in tasks] == [
        [("lead", "县水利局"), ("support", "县财政局")],
        [("lead", "县农业农村局")],
        [("lead", "县水利局"), ("support", "县应急管理局")],
    ]
    assert [task.assignments[0].page for task in tasks] == [1, 1, 2]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_may_lie_on_its_side(turn: int) -> None:
    pages = Pages((HEIGHT, WIDTH) if turn % 180 else (WIDTH, HEIGHT))
    move = {0: (0, 0), 90: (HEIGHT, 0), 180: (WIDTH, HEIGHT), 270: (0, WIDTH)}[turn]
    pages.canvas.translate(*move)
    pages.canvas.rotate(turn)
    pages.lines(broken(NOTICE[:6]))
    pages.line(260, 60, "— 1 —")
    pages.canvas.rotate(30)
    pages.line(300, 100, "内部资料", 60)  # a watermark across the page
    assert lines(pages.raw()) == NOTICE[:6]


def test_what_looks_bold_is_printed_twice_and_read_once() -> None:
    pages = Pages()
    pages.line(LEFT, TOP, "一、总体要求")
    pages.line(LEFT + 0.4, TOP, "一、总体要求")
    assert lines(pages.raw()) == ["一、总体要求"]


def test_blank_pages_count() -> None:
    pages = Pages()
    pages.end_page()
    pages.line(LEFT, TOP, "一、总体要求")
    pages.end_page()
    pages.end_page()
    document = read(pages.raw())
    assert (document.text, document.pages) == ("一、总体要求\n", (0, 0, 7))


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("".join(NOTICE), False),
        ("關於加強農業生產工作的通知，各鄉鎮人民政府應當認真貫徹執行，確保糧食播種面積穩定。", False),
        ("Rules for the use of the hall", False),
        ("", False),
        ("●　12", False),
        ("\ue001\ue002\ue003，12", True),
        ("\ufffd" * 9 + "2025", True),
        ("".join(chr(0x5000 + 37 * number) for number in range(60)), True),
        ("".join(chr(ord(character) + 1) for character in "".join(NOTICE) if character > "\u4dff"), True),
    ],
)
def test_whether_a_text_layer_is_garbage(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


def scanned(pages: Pages) -> None:
    """A page that is one picture."""
    pages.canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, WIDTH, HEIGHT)
    pages.line(400, 20, "扫描全能王 创建", 10)
    pages.end_page()


def garbage(pages: Pages) -> None:
    """A page whose font names other characters than those that are seen."""
    wrong = "".join(chr(ord(character) + 1) for character in "".join(NOTICE) if character > "\u4dff")
    pages.lines(broken([wrong])[:20])
    pages.end_page()


@pytest.mark.usefixtures("no_ocr")
@pytest.mark.parametrize(("page", "says"), [(scanned, "a scan"), (garbage, "fonts do not name the right characters")])
def test_without_text_and_ocr_one_line_names_the_extra(page: Callable[[Pages], None], says: str) -> None:
    pages = Pages()
    page(pages)
    page(pages)
    with pytest.raises(ReadError, match=rf"^notice\.pdf: .*{says}.*pip install 'policyparse\[ocr\]'"):
        read(pages.raw())


@pytest.mark.usefixtures("no_ocr")
def test_pages_that_are_not_read_are_told() -> None:
    pages = Pages()
    pages.lines(broken(NOTICE[:6]))
    pages.end_page()
    scanned(pages)
    scanned(pages)
    garbage(pages)
    pages.line(LEFT, TOP, "二、保障措施")
    raw = pages.raw()
    document = read(raw)
    assert document.text.splitlines() == [*NOTICE[:6], "二、保障措施"]
    assert [(remark.code, remark.page) for remark in document.remarks] == [("pdf-scan", 2), ("pdf-garbled", 4)]
    assert "第2—3页" in document.remarks[0].message
    assert document.page(document.text.index("二、")) == 5
    found = extract(raw).diagnostics
    assert {(told.code, told.page) for told in found} >= {("pdf-scan", 2), ("pdf-garbled", 4)}


def test_a_password_is_named() -> None:
    pages = Pages(password="secret")
    pages.line(LEFT, TOP, "一、总体要求")
    with pytest.raises(ReadError, match=r"^notice\.pdf: protected by a password"):
        read(pages.raw())


def test_damaged_files_are_one_clear_line_or_say_what_is_missing() -> None:
    raw = typeset(NOTICE)
    for size in (9, 100, len(raw) // 2, len(raw) - 600):
        with pytest.raises(ReadError, match=r"^notice\.pdf: a damaged PDF file"):
            read(raw[:size])
    assert [remark.code for remark in read(raw[:-6]).remarks] == ["pdf-damaged"]


def bare(kids: str, count: int) -> bytes:
    """A file whose page tree is as given; object 3 is an empty page."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    raw = "%PDF-1.5\n" + "".join(f"{number} 0 obj{held}\nendobj\n" for number, held in enumerate(objects, 1))
    return f"{raw}trailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF".encode()


def test_too_many_pages_are_refused_at_once() -> None:
    with pytest.raises(ReadError, match=r"^notice\.pdf: 10000 pages, more than the 2000 that are read; divide it"):
        read(bare("3 0 R " * 10_000, 10_000))


@pytest.mark.parametrize(
    ("kids", "count", "pages"), [("3 0 R " * 2000, 2000, 2000), ("2 0 R 3 0 R", 2, 2), ("3 0 R", 2_000_000_000, 1)]
)
def test_page_trees_that_hold_nothing(kids: str, count: int, pages: int) -> None:
    document = read(bare(kids, count))
    assert (document.text, len(document.pages)) == ("", pages)


def test_a_file_without_pages_is_damaged() -> None:
    with pytest.raises(ReadError, match=r"^notice\.pdf: a damaged PDF file"):
        read(bare("", 0))


def test_a_page_that_never_ends_ends_the_command(tmp_path: Path) -> None:
    forms = [
        f"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {number} 0 R>>>>"
        f"/Length {7 * 30}>>stream\n{'/F Do  ' * 30}\nendstream"
        for number in range(5, 14)
    ]
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 4 0 R>>>>>>",
        *forms,
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 13>>stream\n0 0 m 9 9 l S\nendstream",
    )
    body = "".join(f"{number} 0 obj{held}\nendobj\n" for number, held in enumerate(objects, 1))
    trap = tmp_path / "notice.pdf"
    trap.write_text(f"%PDF-1.5\n{body}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n0\n%%EOF")
    program = (
        "import sys\n"
        "from policyparse.cli.commands import main\n"
        "from policyparse.readers import pdf\n"
        "pdf.PATIENCE = 1\n"
        "main(['text', sys.argv[1]])"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(trap)], capture_output=True, timeout=300, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"policyparse: {trap}: a page of it takes more than 1 seconds; ")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nothing tells the peak of this process alone")
def test_memory_stays_bounded_over_300_pages() -> None:
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from policyparse import readers\n"
        "pages = len(readers.read(sys.stdin.buffer.read(), 'long.pdf').pages)\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())\n"
        "print(pages, int(peak[1]) // 1024)"
    )
    raw = typeset(NOTICE * 90)
    ran = subprocess.run([sys.executable, "-c", program], input=raw, capture_output=True, check=True)
    pages, peak = map(int, ran.stdout.split())
    assert pages >= 300
    assert peak < 200  # MB, of which Python and pdfium are 40
