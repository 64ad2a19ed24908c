"""Pictures of pages: what stands in their place without OCR, what OCR gives put in order, and OCR itself."""

import struct
import zlib
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageDraw

from policyparse import readers
from policyparse.errors import ReadError
from policyparse.readers import scan


def picture(size: tuple[int, int] = (1000, 1400), format: str = "PNG", frames: int = 1) -> bytes:
    out = BytesIO()
    first, *others = [Image.new("L", size, 255) for _ in range(frames)]
    first.save(out, format, **({"save_all": True, "append_images": others} if others else {}))
    return out.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG file of a few bytes that says it is as large as that."""

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture
def ocr(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, tuple[float, float, float, float]]]:
    """What OCR finds in a picture of 1000 by 1400, each line with its confidence and its left, top, right, bottom."""
    numpy = pytest.importorskip("numpy")
    found: list[tuple[str, float, tuple[float, float, float, float]]] = []

    def recognise(_: object) -> Any:
        boxes = [[(a, b), (c, b), (c, d), (a, d)] for _, _, (a, b, c, d) in found]
        return SimpleNamespace(
            boxes=numpy.array(boxes) if boxes else None,
            txts=tuple(text for text, _, _ in found),
            scores=tuple(confidence for _, confidence, _ in found),
        )

    monkeypatch.setattr(scan, "is_available", lambda: True)
    monkeypatch.setattr(scan, "_engine", lambda: recognise)
    monkeypatch.setattr(scan, "_rulings", lambda *_: ([], []))
    monkeypatch.setattr(scan, "_without_seals", lambda pixels: pixels)
    return found


def test_without_ocr_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)
    with pytest.raises(ReadError, match=r"^scan\.png: a picture; pip install 'policyparse\[ocr\]'"):
        readers.read(picture(), "scan.png")


def test_lines_are_rejoined_and_doubt_is_told(ocr: list[Any]) -> None:
    long = "各乡镇要把灌区改造摆在突出位置由县水利局牵头"
    ocr += [
        ("一、改造灌区", 0.99, (140, 200, 380, 240)),
        (long, 0.98, (140, 270, 900, 310)),
        (long, 0.61, (60, 340, 900, 380)),
        ("年底前完成。", 0.97, (60, 410, 300, 450)),
        ("丶", 0.2, (700, 600, 710, 610)),
        ("— 3 —", 0.55, (460, 1300, 560, 1330)),
    ]
    document = readers.read(picture(), "scan.png")
    assert document.text == f"一、改造灌区\n{long}{long}年底前完成。\n"
    assert (document.format, document.pages) == ("image", (0,))
    (remark,) = document.remarks
    assert (remark.code, remark.page) == ("ocr-doubtful", 1)
    assert long[:10] in remark.message


def test_each_picture_of_a_file_is_a_page(ocr: list[Any]) -> None:
    ocr += [("一、改造灌区", 0.99, (140, 200, 380, 240))]
    assert len(readers.read(picture(format="TIFF", frames=3), "scan.tif").pages) == 3


def test_an_empty_picture_has_no_text(ocr: list[Any]) -> None:
    assert not ocr
    assert readers.read(picture(), "scan.png").text == ""


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 9_500), (2_000_000_000, 2)])
def test_a_picture_that_declares_a_huge_size_is_not_decoded(size: tuple[int, int], ocr: list[Any]) -> None:
    assert not ocr
    with pytest.raises(ReadError, match=r"^bomb\.png: a picture of more than 80 million pixels"):
        readers.read(declared(*size), "bomb.png")


@pytest.mark.parametrize("raw", [picture()[:60], picture(format="JPEG")[:300], b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_damaged_pictures_are_one_clear_line(raw: bytes, ocr: list[Any]) -> None:
    assert not ocr
    with pytest.raises(ReadError, match=r"^scan\.png: a damaged picture"):
        readers.read(raw, "scan.png")


def test_a_seal_covers_nothing_and_red_letters_are_read() -> None:
    pytest.importorskip("rapidocr")
    page = Image.new("RGB", (1000, 1400), "white")
    draw = ImageDraw.Draw(page)
    draw.text((100, 150), "LETTERHEAD", "red", font_size=60)
    draw.text((600, 1000), "SIGNATURE 2026", "black", font_size=40)
    draw.ellipse((600, 880, 860, 1140), outline="red", width=10)
    for y in (1005, 1020, 1035):
        draw.line((620, y, 840, y), "red", 4)
    draw.text((600, 1000), "SIGNATURE 2026", "black", font_size=40)
    out = BytesIO()
    page.save(out, "PNG")
    assert readers.read(out.getvalue(), "scan.png").text.replace(" ", "") == "LETTERHEAD\nSIGNATURE2026\n"


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
def test_ocr_of_the_smallest_pictures_finds_nothing(size: tuple[int, int]) -> None:
    pytest.importorskip("rapidocr")
    assert readers.read(picture(size), "scan.png").text == ""


def test_ocr_reads_letters_and_a_ruled_table_set_straight() -> None:
    pytest.importorskip("rapidocr")
    page = Image.new("RGB", (1000, 1400), "white")
    draw = ImageDraw.Draw(page)
    for number, words in enumerate(
        ["WATER SUPPLY PLAN OF LINJIANG", "CANALS AND RESERVOIRS", "REPORT BY DECEMBER 2026"]
    ):
        draw.text((100, 150 + 80 * number), words, "black", font_size=40)
    for x in (100, 500, 900):
        draw.line((x, 600, x, 800), "black", 3)
    for y in (600, 700, 800):
        draw.line((100, y, 900, y), "black", 3)
    for x, y, words in ((130, 630, "TASK"), (530, 630, "BUREAU"), (130, 730, "CANALS"), (530, 730, "WATER")):
        draw.text((x, y), words, "black", font_size=40)
    out = BytesIO()
    page.rotate(1.5, fillcolor="white").save(out, "PNG")
    first, second = (readers.read(out.getvalue(), "scan.png") for _ in range(2))
    assert first == second
    found = [line.replace(" ", "") for line in first.text.splitlines()]
    assert found[:3] == ["WATERSUPPLYPLANOFLINJIANG", "CANALSANDRESERVOIRS", "REPORTBYDECEMBER2026"]
    assert found[3:] == ["TASK\tBUREAU", "CANALS\tWATER"]
    assert len(first.tables) == 1
