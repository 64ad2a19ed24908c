"""Archives of XML, the hostile ones above all: one clear line each, in bounded time."""

import struct
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from policyparse.errors import ReadError
from policyparse.readers import archive
from policyparse.readers.archive import open_archive


def packed(members: Mapping[str, bytes | str], method: int = ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_members_are_found_by_name():
    found = open_archive(packed({"Doc.xml": "<a>青禾县</a>", "word\\b.xml": "<b/>"}), "x.docx")
    assert found.names == ("Doc.xml", "word/b.xml")
    assert "doc.XML" in found
    assert "word/b.xml" in found
    assert "c.xml" not in found
    assert found.read("Doc.xml") == "<a>青禾县</a>".encode()
    assert found.xml("doc.xml").text == "青禾县"


def test_a_missing_member_is_named():
    with pytest.raises(ReadError, match=r"^x\.docx: c\.xml is missing in it; save it again"):
        open_archive(packed({"a.xml": "<a/>"}), "x.docx").read("c.xml")


def test_a_cut_file_is_damaged():
    whole = packed({"a.xml": "<a/>" * 1000, "b.xml": "<b/>"})
    for length in range(4, len(whole), 7):
        with pytest.raises(ReadError, match=r"^x\.docx: it is damaged or cut short"):
            open_archive(whole[:length], "x.docx")


def test_changed_bytes_are_damage_or_a_clear_line():
    whole = packed({"a.xml": "<a>" + "云溪区" * 40 + "</a>"})
    for place in range(len(whole)):
        raw = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with suppress(ReadError):  # and nothing else is raised
            open_archive(raw, "x.docx").xml("a.xml")


def test_bombs_are_refused_before_they_are_unpacked():
    bomb = packed({"a.xml": b" " * (archive.SMALL + 1)})
    with pytest.raises(ReadError, match=r"4 MB of a\.xml are packed in it"):
        open_archive(bomb, "x.docx").read("a.xml")


def test_a_member_that_declares_less_than_it_holds_is_damaged():
    bomb = packed({"a.xml": b" " * (archive.SMALL + 77)})
    size = struct.pack("<I", archive.SMALL + 77)
    assert bomb.count(size) == 2
    with pytest.raises(ReadError, match="damaged"):
        open_archive(bomb.replace(size, struct.pack("<I", 100)), "x.docx").read("a.xml")


def test_the_sum_of_what_is_read_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "BUDGET", 1000)
    found = open_archive(packed({"a.xml": b"a" * 600}), "x.docx")
    found.read("a.xml")
    with pytest.raises(ReadError, match="packed in it"):
        found.read("a.xml")


def test_too_much_in_all_and_too_many(monkeypatch: pytest.MonkeyPatch):
    raw = packed({f"{number}.xml": b"a" * 600 for number in range(20)})
    monkeypatch.setattr(archive, "TOTAL", 11_000)
    with pytest.raises(ReadError, match="packed in it"):
        open_archive(raw, "x.docx")
    monkeypatch.setattr(archive, "MOST", 19)
    with pytest.raises(ReadError, match="more than 19 files"):
        open_archive(raw, "x.docx")


@pytest.mark.parametrize("member", ["../out.xml", "/etc/out.xml", "a/../../out.xml", "..\\out.xml", "C:\\out.xml"])
def test_names_that_point_outside_are_refused(member: str):
    with pytest.raises(ReadError, match="point outside"):
        open_archive(packed({member: "<a/>"}), "x.docx")


def test_passwords_and_strange_packing():
    raw = bytearray(packed({"a.xml": "<a/>"}))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadError, match="password"):
        open_archive(bytes(raw), "x.docx")
    with pytest.raises(ReadError, match="packed in a way"):
        open_archive(packed({"a.xml": "<a/>"}, ZIP_BZIP2), "x.docx")


LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "ha">{}]>'.format(
    "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
)


@pytest.mark.parametrize(
    "markup",
    [
        f"{LAUGHS}<a>&l11;</a>",
        f'{LAUGHS}<a b="&l11;"/>',
        '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]><a>&file;</a>',
        '<!DOCTYPE a [<!ENTITY % file SYSTEM "file:///etc/hostname"> %file;]><a/>',
        '<!DOCTYPE a SYSTEM "http://localhost:9/a.dtd"><a/>',
        "<!DOCTYPE a><a/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entities(markup: str, encoding: str):
    with pytest.raises(ReadError, match=r"^x\.docx: a\.xml in it (defines entities|is no XML)"):
        open_archive(packed({"a.xml": markup.encode(encoding)}), "x.docx").xml("a.xml")


@pytest.mark.parametrize("markup", ["", "<a>", "<a/><b/>", "<a>" * 5000 + "</a>" * 5000, "\0", "<a>&b;</a>"])
def test_what_is_no_xml(markup: str):
    with pytest.raises(ReadError, match=r"a\.xml in it is no XML"):
        open_archive(packed({"a.xml": markup}), "x.docx").xml("a.xml")
