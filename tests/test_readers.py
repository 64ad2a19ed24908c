"""Readers: bytes of every format and encoding to the text layer."""

import codecs
import time

import pytest

from policyparse import readers
from policyparse.errors import ReadError
from policyparse.readers.signatures import format_of

NOTICE = "青禾县人民政府关于稳定粮食生产的通知\n一、总体要求\n到2025年，茶园面积稳定在38.5万亩。\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (NOTICE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + NOTICE.encode(), "utf-8"),
        (NOTICE.encode("gb18030"), "gb18030"),
        (NOTICE.encode("gbk"), "gb18030"),
        (codecs.BOM_UTF16_LE + NOTICE.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + NOTICE.encode("utf-16-be"), "utf-16-be"),
        (NOTICE.encode("utf-16-le"), "utf-16-le"),
        (NOTICE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings_are_found_out(raw: bytes, encoding: str) -> None:
    document = readers.read(raw, "notice.txt", "txt")
    assert (document.text, document.encoding) == (NOTICE, encoding)


def test_big5_is_found_out() -> None:
    text = (
        "關於加強農業生產工作的通知。各鄉鎮人民政府應當認真貫徹執行，確保糧食播種面積穩定，並於年底前報告實施情況。" * 5
    )
    document = readers.read(text.encode("big5"), "notice.txt", "txt")
    assert (document.text, document.encoding) == (text, "big5")


def test_newlines_and_nothing_else_change() -> None:
    raw = "一、　总体要求\r\n\t（一） 目标\r二、任务 \n".encode()
    assert readers.read(raw, "notice.txt", "txt").text == "一、　总体要求\n\t（一） 目标\n二、任务 \n"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture, not a text"),
        (b"%PDF-1.7\n", "PDF file"),
        (b"PK\x03\x04\x14\0", "ZIP archive"),
        (bytes(range(256)) * 20, "not readable as text"),
        (b"\0\0\0\0", "not readable as text"),
        (NOTICE.encode()[:-2] + b"\xff", "not readable as text"),
    ],
)
def test_what_is_no_text_is_an_error_that_names_the_file(raw: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=r"^scan\.txt: .*" + says):
        readers.read(raw, "scan.txt", "txt")


@pytest.mark.parametrize(
    ("name", "raw", "format"),
    [
        ("a.TXT", b"text", "txt"),
        ("b.md", b"# text", "md"),
        ("c.htm", b"<p>text", "html"),
        ("notice", b"text", "txt"),
        ("d.txt", b"\xef\xbb\xbf \n<!-- saved --><!DOCTYPE html><p>text", "html"),
        ("e.txt", b"<?xml version='1.0'?>\n<HTML><p>text", "html"),
        ("f.txt", b"%PDF-1.7", "pdf"),
        ("g.pdf", b"text", "txt"),
        ("h.doc", b"PK\x03\x04..word/document.xml", "docx"),
        ("i.docx", b"PK\x03\x04..xl/workbook.xml", "xlsx"),
        ("j.zip", b"PK\x03\x04..OFD.xml", "ofd"),
        ("k.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
        ("l.txt", b"{\\rtf1", "rtf"),
        ("m.txt", b"\x89PNG", "image"),
    ],
)
def test_the_content_says_what_a_file_is(name: str, raw: bytes, format: str) -> None:
    assert format_of(raw, name, readers.SUFFIXES) == format


def test_an_archive_is_no_notice() -> None:
    with pytest.raises(ReadError, match=r"^all\.docx: this is a ZIP archive; unpack it"):
        readers.read(b"PK\x03\x04..notices/1.txt", "all.docx")


def test_a_name_says_whether_a_file_is_taken_for_a_notice() -> None:
    assert [readers.is_readable(name) for name in ("a.TXT", "b.docx", "c.exe", "d")] == [True, True, False, False]


def test_pipe_tables_of_markdown() -> None:
    text = "| 任务 | 责任单位 |\n|---|:--:|\n| 建\\|管并重 | 县水利局 |\n| 护林 |  |\n\n后文 | 不在表内\n"
    document = readers.read(text.encode(), "plan.md", "md")
    assert document.text == text
    (table,) = document.tables
    found = [(cell.row, cell.column, cell.header, text[slice(*cell.span)]) for cell in table.cells]
    assert found == [
        (0, 0, True, "任务"),
        (0, 1, True, "责任单位"),
        (1, 0, False, "建\\|管并重"),
        (1, 1, False, "县水利局"),
        (2, 0, False, "护林"),
        (2, 1, False, ""),
    ]


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>云溪区关于培训的通知_云溪区人民政府</title>
<meta name="ArticleTitle" content="云溪区关于培训的通知"><meta name="PubDate" content="2024-3-5 10:20">
<meta name="ContentSource" content="区教育局"></head>
<body><script>var a = "一、脚本";</script>
<div class="top"><a href="/">首页</a> &gt; <a href="/z">政务公开</a> &gt; <a href="/t">通知公告</a></div>
<table><tr><td><b>索 引 号：</b></td><td>11420000/2024-00012</td><td>发文机关：</td><td>云溪区教育局</td></tr>
<tr><td>文  号：</td><td colspan="3">云教发〔2024〕3号</td></tr></table>
<p class="t">云溪区关于培训的通知</p>
<div id="text"><p>各学校：</p><p>为做好&nbsp;教师培训工作，经区政府同意，现将有关事项通知如下。</p>
<p>一、培训对象<br>全区在职教师，重点是新入职教师和乡村教师，每年不少于200人次。</p>
<div style="display: none">隐藏的话，隐藏的话，隐藏的话。</div>
<table border="1"><tr><th>任务</th><th colspan="2">责任单位</th></tr>
<tr><td rowspan="2">岗前培训</td><td>区教育局</td><td>区人社局<br>区财政局</td></tr>
<tr><td>各学校</td><td></td></tr></table>
<p>附件：<a href="/files/form.docx">报名表</a></p><p>云溪区教育局<br/>2024年3月1日</p></div>
<ul><li><a href="/1">关于体检的通知全文</a></li><li><a href="/2">关于放假的通知全文</a></li>
<li><a href="/3">更多</a></li></ul>
<div>版权所有：云溪区人民政府 ICP备12345678号。
本网站由云溪区人民政府办公室主办，云溪区政务中心承办。</div></body></html>"""


def test_a_page_is_read_without_its_navigation() -> None:
    document = readers.read(PAGE.encode(), "notice.html", "html")
    assert document.text.splitlines() == [
        "索 引 号： 11420000/2024-00012",
        "发文机关： 云溪区教育局",
        "文 号： 云教发〔2024〕3号",
        "云溪区关于培训的通知",
        "各学校：",
        "为做好 教师培训工作，经区政府同意，现将有关事项通知如下。",
        "一、培训对象",
        "全区在职教师，重点是新入职教师和乡村教师，每年不少于200人次。",
        "任务\t责任单位\t",
        "岗前培训\t区教育局\t区人社局 区财政局",
        "\t各学校\t",
        "附件：报名表",
        "云溪区教育局",
        "2024年3月1日",
    ]
    assert document.metadata == {"title": "云溪区关于培训的通知", "published_on": "2024-03-05", "publisher": "区教育局"}


def test_merged_cells_keep_their_place_in_the_grid() -> None:
    document = readers.read(PAGE.encode(), "notice.html", "html")
    (table,) = document.tables
    grid = {
        (cell.row, cell.column): (document.text[slice(*cell.span)], cell.rowspan, cell.colspan) for cell in table.cells
    }
    assert grid == {
        (0, 0): ("任务", 1, 1),
        (0, 1): ("责任单位", 1, 2),
        (1, 0): ("岗前培训", 2, 1),
        (1, 1): ("区教育局", 1, 1),
        (1, 2): ("区人社局 区财政局", 1, 1),
        (2, 1): ("各学校", 1, 1),
        (2, 2): ("", 1, 1),
    }


def test_a_table_that_lays_the_page_out_is_none() -> None:
    inner = "<table><tr><td><p>一、目标</p><p>建成步道12公里。</p></td></tr></table>"
    page = f"<table><tr><td>导航</td><td>{inner}</td></tr></table>"
    document = readers.read(page.encode(), "old.html", "html")
    assert not document.tables
    assert document.text.splitlines() == ["一、目标", "建成步道12公里。"]


def test_the_declared_charset_is_obeyed_where_the_bytes_agree() -> None:
    body = "<p>各镇人民政府：请于年底前完成春耕备耕各项工作。</p>"
    for declared, real in [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gb18030"), ("nonsense", "utf-8")]:
        raw = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">{body}'.encode(real)
        document = readers.read(raw, "notice.html", "html")
        assert (document.text, document.encoding) == ("各镇人民政府：请于年底前完成春耕备耕各项工作。\n", real)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<",
        "<table>",
        "<table><tr><td colspan=999999999 rowspan=999999999>甲<td>乙<tr><td>丙</table>",
        "<td>无表<tr>",
        "<%@ page %>",
        "<div>" * 3000 + "一、目标",
    ],
)
def test_no_markup_makes_it_fail(page: str) -> None:
    document = readers.read(page.encode(), "bad.html", "html")
    for table in document.tables:
        for cell in table.cells:
            assert 0 <= cell.span[0] <= cell.span[1] <= len(document.text)


@pytest.mark.parametrize("tag", ["form", "nav", "footer", "button"])
def test_what_wraps_the_whole_page_is_not_taken_for_something_around_it(tag: str) -> None:
    text = "<p>一、目标</p><p>各镇人民政府请于年底前建成步道12公里。</p><input value='搜索'><select><option>甲</select>"
    menu = "<a href='/1'>首页</a><a href='/2'>政务公开</a><a href='/3'>通知公告</a>"
    page = f"<body><{tag} id='aspnetForm'>{menu}<div>{text}</div>"  # never closed
    assert "一、目标\n各镇人民政府请于年底前建成步道12公里。\n" in readers.read(page.encode(), "old.html", "html").text


def test_what_stands_around_the_notice_is_left_out() -> None:
    page = """<nav><p>本站导航栏目，欢迎访问本网站，请选择您要的栏目和服务内容。</p></nav>
    <div><p>一、目标</p><p>各镇人民政府请于年底前建成步道12公里，全县步道总里程达到80公里以上。</p></div>
    <footer><p>主办单位是县人民政府办公室，承办单位是县政务服务中心，欢迎监督。</p></footer>"""
    document = readers.read(page.encode(), "notice.html", "html")
    assert document.text.splitlines() == [
        "一、目标",
        "各镇人民政府请于年底前建成步道12公里，全县步道总里程达到80公里以上。",
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "一、目标",
        "<div>" * 999 + "<div></div>" * 20_000 + "一、目标",
        "<p><font size=1>" * 20_000 + "一、目标",
        "一、目标" + "<div" * 100_000,
        "一、目标" + "<%" * 50_000,
        "一、目标" + "<!--" * 50_000,
    ],
    ids=["nested", "many-in-nested", "unclosed-font", "unfinished-tags", "server-code", "comments"],
)
def test_strange_markup_is_read_in_time(page: str) -> None:
    start = time.perf_counter()
    assert "一、目标" in readers.read(page.encode(), "deep.html", "html").text
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape", "cp037", "utf-7", "rot13", "idna"])
def test_a_page_cannot_declare_any_codec_of_python(codec: str) -> None:
    page = f'<meta charset="{codec}"><p>各镇人民政府：请于年底前完成春耕备耕。</p>'.encode()
    document = readers.read(page, "notice.html", "html")
    assert (document.text, document.encoding) == ("各镇人民政府：请于年底前完成春耕备耕。\n", "utf-8")
