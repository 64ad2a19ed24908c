"""Readers: bytes of every format and encoding to the text layer."""

import codecs

import pytest

import policyparse
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


def test_a_text_longer_than_any_notice_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^all\.txt: more than 20,000,000 characters, which no notice has; divide it$"):
        readers.read(b"a" * 20_000_001, "all.txt")


def test_an_archive_is_no_notice() -> None:
    with pytest.raises(ReadError, match=r"^all\.docx: this is a ZIP archive; unpack it"):
        readers.read(b"PK\x03\x04..notices/1.txtPK\x05\x06" + bytes(18), "all.docx")


def test_a_name_says_whether_a_file_is_taken_for_a_notice() -> None:
    names = ("a.TXT", "b.docx", "c.gif", "d.exe", "e")
    assert [name for name in names if readers.is_readable(name)] == ["a.TXT", "b.docx", "c.gif"]


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


def test_utf_32_is_not_utf_16() -> None:
    for encoding in ("utf-32", "utf-32-be"):
        raw = (b"\x00\x00\xfe\xff" if encoding == "utf-32-be" else b"") + NOTICE.encode(encoding)
        assert readers.read(raw, "notice.txt").text == NOTICE


def test_control_characters_are_passed_over_and_told() -> None:
    notice = policyparse.extract(NOTICE.replace("一", "一\x07", 1).encode())
    assert [found.code for found in notice.diagnostics if found.severity == "info"][:1] == ["control-characters"]
    assert "\x07" not in "".join(section.marker for part in notice.parts for section in part.sections)


def test_an_archive_that_is_cut_short_says_so() -> None:
    with pytest.raises(ReadError, match=r"^a\.ofd: the file is cut short"):
        readers.read(b"PK\x03\x04\x14\0" + bytes(60), "a.ofd")
