"""OFD files: reading order, paragraphs, tables, furniture, and files that mean harm."""

import re
import time
from pathlib import Path

import pytest

from ofd_writer import NAMESPACE, line_object, notice, package, pages, text_object
from policyparse import api, readers, rulebook
from policyparse.clean import clean
from policyparse.errors import ReadError
from policyparse.readers.ofd import drawing
from policyparse.schema import Notice
from policyparse.segment.paragraphs import paragraphs

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT.parent / "shared/corpus/formats/100_luqiao_weifa2011-76.ofd"
SAMPLES = sorted(path.name for path in (ROOT / "samples").iterdir() if path.suffix in (".txt", ".md", ".html"))
LONG = "各镇人民政府和县直各部门要在三月底前备足种子、化肥和农药，做好农机检修，确保春耕生产有序开展，不误农时。"


def layer(raw: bytes) -> list[str]:
    return readers.read(raw, "notice.ofd").text.splitlines()


def facts(notice: Notice) -> list[object]:
    return [
        (
            task.kind,
            task.path,
            task.title,
            [(one.role, one.canonical) for one in task.assignments],
            [(one.indicator, one.comparator, one.low, one.high, one.unit) for one in task.targets],
            [(re.sub(r"\s", "", one.text), one.end) for one in task.deadlines],
        )
        for task in notice.tasks
    ]


def as_ofd(path: Path) -> bytes:
    """A sample as an OFD file, of a text the paragraphs, whose lines may be broken."""
    document = api.read(path)
    if document.tables:
        return notice(document.text, document.tables)
    text = clean(document.text)
    words = (text.quote(line.start, line.end) for line in paragraphs(text, document, rulebook.load()))
    return notice("\n".join(re.sub(r"\s*\n\s*", "", paragraph) for paragraph in words))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_notice_as_ofd_says_the_same(name: str) -> None:
    path = ROOT / "samples" / name
    written, told = api.extract(path), api.extract(as_ofd(path))
    assert facts(told) == facts(written)
    for field in ("title", "doc_number", "issuers", "addressees", "issued_on", "attachments", "index_number"):
        assert getattr(told.metadata, field) == getattr(written.metadata, field)
    assert (told.source.format, told.source.pages) == ("ofd", told.source.pages or 1)
    assert all(fact.page for task in told.tasks for fact in (*task.assignments, *task.targets, *task.deadlines))


def test_a_real_file() -> None:
    if not SAMPLE.exists():
        pytest.skip("needs ../shared")
    about = api.extract(SAMPLE).metadata
    assert about.doc_number is not None
    assert (about.doc_number.serial, str(about.issued_on)) == (76, "2011-03-10")


def test_paragraphs_are_put_together_over_lines_and_pages() -> None:
    names = [first + second + "村" for first in "青云白石" for second in "东南西北上中下前后里"]
    words = [LONG.replace("各镇", name).replace("，", f"，{name}要") for name in names]
    document = readers.read(notice("\n".join(words)), "notice.ofd")
    assert document.text.splitlines() == words
    assert len(document.pages) > 2
    assert all(at < len(document.text) for at in document.pages)


def test_text_is_read_in_the_order_in_which_it_stands() -> None:
    words = [("乙", 50, 60), ("丙", 28, 90), ("甲", 28, 60), ("甲", 28.1, 60), ("丁", 120, 90)]
    objects = "".join(text_object(word * 4, x, y) for word, x, y in words)
    assert layer(pages([objects])) == ["甲甲甲甲乙乙乙乙", "丙丙丙丙  丁丁丁丁"]


def test_what_is_not_of_the_notice_is_left_out() -> None:
    mark = text_object("内部资料", 60, 150, size=20, more='CTM="0.7 -0.7 0.7 0.7 0 0"')
    faint = text_object("样张", 60, 200, size=20, more='Alpha="60"')
    hidden = text_object("隐藏的话", 60, 220, more='Visible="false"')
    body = [f"第{number}件事由县农业农村局负责。" for number in "一二三四"]
    head = "青禾县春耕工作手册"
    drawn = [
        text_object(head, 28, 20)
        + text_object(words, 28, 60)
        + text_object(f"— {at} —", 150, 275)
        + mark
        + faint
        + hidden
        for at, words in enumerate(body, 1)
    ]
    assert layer(pages(drawn)) == body


def test_a_template_of_many_pages_is_a_running_head_and_one_of_a_single_page_its_form() -> None:
    template = {"7": text_object("青禾县人民政府文件", 28, 50)}
    page = text_object("县农业农村局负责。", 28, 80)
    assert layer(pages([page, page], templates=template, uses="7")) == ["县农业农村局负责。"] * 2
    assert layer(pages([page], templates=template, uses="7")) == ["青禾县人民政府文件", "县农业农村局负责。"]


def test_ruled_lines_make_a_table_with_merged_cells() -> None:
    rules = [(28, y, 178, y) for y in (40, 55, 85)] + [(78, 70, 178, 70)]
    rules += [(x, 40, x, 85) for x in (28, 78, 178)] + [(128, 55, 128, 85)]
    words = [("任务", 30, 50), ("责任单位", 80, 50), ("备耕", 30, 65), ("县农业农", 80, 65), ("各镇", 130, 65)]
    words += [("县财政局", 80, 80), ("12", 130, 76), ("吨", 130, 82)]
    drawn = "".join(line_object(*rule) for rule in rules) + "".join(text_object(*word) for word in words)
    document = readers.read(pages([text_object("一、清单", 28, 30) + drawn]), "notice.ofd")
    (table,) = document.tables
    assert document.text.splitlines() == ["一、清单", "任务\t责任单位\t", "备耕\t县农业农\t各镇", "\t县财政局\t12 吨"]
    spans = {(cell.row, cell.column): (cell.rowspan, cell.colspan) for cell in table.cells}
    assert spans == {
        (0, 0): (1, 1),
        (0, 1): (1, 2),
        (1, 0): (2, 1),
        (1, 1): (1, 1),
        (1, 2): (1, 1),
        (2, 1): (1, 1),
        (2, 2): (1, 1),
    }


def test_a_table_goes_on_over_pages_and_its_headings_stand_once() -> None:
    rows = "".join(f"\n备耕之{number}\t县农业农村局" for number in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
    text = notice("任务\t责任单位" + rows)
    document = readers.read(text, "notice.ofd")
    assert len(document.tables) == 1
    assert len(document.pages) > 1
    assert len({cell.row for cell in document.tables[0].cells}) == 23
    page = "".join(
        line_object(*rule) for rule in [(28, y, 178, y) for y in (40, 55, 70)] + [(x, 40, x, 70) for x in (28, 78, 178)]
    )
    heads = text_object("任务", 30, 50) + text_object("单位", 80, 50)
    both = [page + heads + text_object(words, 30, 65) for words in ("备耕", "春播")]
    assert layer(pages(both)) == ["任务\t单位", "备耕\t", "春播\t"]


def test_other_ways_to_write_the_same() -> None:
    """Places from the root, no namespace, GB18030, characters with no steps, several runs in an object."""
    page = (
        '<?xml version="1.0" encoding="GB18030"?><Page><Content><Layer><PageBlock>'
        '<TextObject Boundary="28 50 100 6" Size="5"><TextCode X="0" Y="5">一、目标</TextCode>'
        '<TextCode X="40" DeltaX="5 5 20">春耕备播</TextCode></TextObject>'
        "</PageBlock></Layer></Content></Page>"
    )
    raw = package(
        {
            "OFD.xml": "<OFD><DocBody><DocRoot>/Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": '<Document><Pages><Page ID="1" BaseLoc="/Doc_0/P.xml"/></Pages></Document>',
            "Doc_0/P.xml": page.encode("gb18030"),
        }
    )
    assert layer(raw) == ["一、目标  春耕备  播"]


BOMB = {"OFD.xml": "<OFD>" + " " * (80 << 20) + "</OFD>"}
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa">]><OFD>&a;</OFD>'
LOOP = (
    '<ofd:Res {n}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="9"><ofd:Content>{again}</ofd:Content>'
    "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
).format(n=NAMESPACE, again='<ofd:CompositeObject ResourceID="9" Boundary="0 0 1 1"/>' * 10)
LISTED = '<Pages><Page BaseLoc="P.xml"/></Pages>'
LOOPED = {
    "OFD.xml": "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
    "D.xml": f"<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData>{LISTED}</Document>",
    "R.xml": LOOP,
    "P.xml": '<Page><Content><Layer><CompositeObject ResourceID="9" Boundary="0 0 1 1"/></Layer></Content></Page>',
}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (package(BOMB), "80 MB of OFD.xml are packed in it"),
        (package({"OFD.xml": ENTITIES}), "defines entities"),
        (package({"OFD.xml": "<OFD>"}), "no XML that can be read"),
        (package({"OFD.xml": "<OFD/>"}), "there are no pages in it"),
        (package(LOOPED), "draws more than"),
        (package({"OFD.xml": LOOPED["OFD.xml"]}), "D.xml is missing"),
        (package({**LOOPED, "D.xml": f"<Document>{LISTED * 10_001}</Document>"}), "more than the 10000 pages"),
        (
            package({**LOOPED, "D.xml": '<Document><Pages><Page BaseLoc="../../../etc/passwd"/></Pages></Document>'}),
            "missing",
        ),
        (pages(["", ""]), "no text, only pictures"),
        (notice(LONG)[:-200], "damaged"),
    ],
    ids=[
        "bomb",
        "entities",
        "broken",
        "empty",
        "loop",
        "no-document",
        "many-pages",
        "outside",
        "pictures",
        "truncated",
    ],
)
def test_what_cannot_be_read_is_one_clear_line(raw: bytes, says: str) -> None:
    start = time.process_time()
    with pytest.raises(ReadError, match=rf"^bad\.ofd: .*{re.escape(says)}[^\n]*$"):
        readers.read(raw, "bad.ofd", "ofd")
    assert time.process_time() - start < 60


def documents(*names: str, page: str) -> bytes:
    """A file of documents that all draw the same page; a name may come twice."""
    bodies = "".join(f"<DocBody><DocRoot>{name}.xml</DocRoot></DocBody>" for name in names)
    drawn = f"<Page {NAMESPACE}><Content><Layer>{page}</Layer></Content></Page>"
    members = {f"{name}.xml": f"<Document>{LISTED}</Document>" for name in names}
    return package({"OFD.xml": f"<OFD>{bodies}</OFD>", "P.xml": drawn, **members})


def test_a_document_that_is_named_twice_is_read_once() -> None:
    page = text_object("一、目标", 28, 40)
    assert layer(documents("甲", "甲", "甲", page=page)) == ["一、目标"]


def test_what_a_file_draws_is_bounded_over_its_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "GLYPHS", 100)
    page = text_object("茶" * 60, 28, 40)
    assert layer(documents("甲", page=page)) == ["茶" * 60]
    with pytest.raises(ReadError, match="draws more than"):
        layer(documents("甲", "乙", page=page))


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "-1", "x", "", "9" * 400])
def test_strange_numbers_do_not_make_it_fail(number: str) -> None:
    objects = (
        f'<ofd:TextObject Size="{number}" Boundary="{number} 0 1 1" CTM="1 0 0 {number} 0 0">'
        f'<ofd:TextCode X="{number}" Y="{number}" DeltaX="g {number} {number}">一、目标</ofd:TextCode></ofd:TextObject>'
        f'<ofd:PathObject Boundary="0 0 {number} {number}">'
        f"<ofd:AbbreviatedData>M {number} 0 L 5 C L</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert "一、目标" in layer(pages([objects + text_object("一、目标", 28, 40)]))


def test_many_pages_and_many_lines_do_not_hang() -> None:
    start = time.process_time()
    many = readers.read(pages([text_object(LONG[:20], 28, 40)] * 3_000), "long.ofd")
    assert len(many.pages) == 3_000
    ruled = "".join(line_object(0, y / 10, 200, y / 10) + line_object(y / 10, 0, y / 10, 290) for y in range(2_000))
    readers.read(pages([ruled + text_object(LONG, 28, 40)]), "ruled.ofd")
    assert time.process_time() - start < 60
