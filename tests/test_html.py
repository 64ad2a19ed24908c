"""Web pages: what of them is the notice, its tables and its metadata block."""

import time

import pytest

from policyparse import readers
from policyparse.pipeline import parse
from policyparse.rulebook import load

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
        "<nav>前 " * 900 + "一、目标 " * 200_000,
    ],
    ids=["nested", "many-in-nested", "unclosed-font", "unfinished-tags", "server-code", "comments", "nav"],
)
def test_strange_markup_does_not_hang(page: str) -> None:
    start = time.process_time()
    assert "一、目标" in readers.read(page.encode(), "deep.html", "html").text
    assert time.process_time() - start < 60


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape", "cp037", "utf-7", "rot13", "idna"])
def test_a_page_cannot_declare_any_codec_of_python(codec: str) -> None:
    page = f'<meta charset="{codec}"><p>各镇人民政府：请于年底前完成春耕备耕。</p>'.encode()
    document = readers.read(page, "notice.html", "html")
    assert (document.text, document.encoding) == ("各镇人民政府：请于年底前完成春耕备耕。\n", "utf-8")


@pytest.mark.parametrize(
    "page",
    [
        "<tr><td colspan=1000>甲<td>乙<td colspan=1000 rowspan=9999>丙" * 5000,
        "<tr><td rowspan=9999>甲" * 20_000,
        ("<tr>" + "<td rowspan=9999>甲" * 100) * 500,
        "<tr>" * 50_000,
        "<tr><td>甲<td><table>" * 400,
    ],
    ids=["wide", "tall", "both", "rows", "nested"],
)
def test_strange_tables_do_not_hang(page: str) -> None:
    start = time.process_time()
    markup = f"<p>各镇人民政府要在三月底前储备春播所需种子和化肥，确保供应充足、价格稳定。</p><table>{page}</table>"
    assert "储备春播所需种子" in readers.read(markup.encode(), "table.html", "html").text
    assert time.process_time() - start < 60


def test_a_table_in_a_cell_is_the_words_of_the_cell() -> None:
    inner = "<table><tr><td>甲种</td><td>20吨</td></tr></table>"
    page = (
        "<table><tr><td>重点任务</td><td>责任单位</td></tr>"
        f"<tr><td>储备春播种子和化肥农药等农业生产资料{inner}</td><td>县农业农村局</td></tr></table>"
    )
    document = readers.read(page.encode(), "notice.html", "html")
    assert document.text.splitlines() == [
        "重点任务\t责任单位",
        "储备春播种子和化肥农药等农业生产资料 甲种 20吨\t县农业农村局",
    ]
    assert len(document.tables[0].cells) == 4


@pytest.mark.parametrize(
    "block",
    [
        "<dl><dt>索引号：</dt><dd>QH1/2024-1</dd><dt>发文机关：</dt><dd>青禾县人民政府</dd></dl>",
        "<ul><li><span>索引号：</span><span>QH1/2024-1</span></li><li><b>发文机关：</b>青禾县人民政府</li></ul>",
        "<div>索引号：</div><div>QH1/2024-1</div><div>发文机关：</div><div>青禾县人民政府</div>",
        "<table><tr><td>索引号</td><td>QH1/2024-1</td><td>发文机关</td><td>青禾县人民政府</td></tr></table>",
        "<table><tr><th>索引号</th><th>发文机关</th></tr><tr><td>QH1/2024-1</td><td>青禾县人民政府</td></tr></table>",
        "<p>索引号：QH1/2024-1&nbsp;&nbsp;发文机关：青禾县人民政府</p>",
    ],
    ids=["dl", "ul", "div", "table", "table-with-headings", "line"],
)
def test_a_metadata_block_is_read_whatever_holds_it(block: str) -> None:
    text = "<p>各镇人民政府：</p><p>为做好春耕备耕工作，现将有关事项通知如下。</p><p>一、备足农资，储备种子20吨。</p>"
    page = f"<div>{block}</div><div><h1>关于做好春耕备耕工作的通知</h1>{text}</div>"
    about = parse(readers.read(page.encode(), "notice.html", "html"), load()).metadata
    assert (about.index_number, about.issuers) == ("QH1/2024-1", ("青禾县人民政府",))
    assert about.title is not None
    assert about.title.endswith("关于做好春耕备耕工作的通知")
