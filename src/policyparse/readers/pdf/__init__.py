"""A .pdf file: its text by pdfium, put in order by where it stands on its pages."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from threading import Lock, Timer
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from policyparse import readers
from policyparse.document import Document, Remark
from policyparse.errors import ReadError
from policyparse.readers import layout, scan
from policyparse.readers.layer import Layer
from policyparse.readers.layout.garbled import is_garbled
from policyparse.readers.layout.shapes import Page
from policyparse.readers.pdf.content import GLYPHS, Content, content

PAGES = 2000
"""Pages of the longest file that is read."""
FEW = 30
"""Characters of a page that are no more than what a scanner's program prints on it."""
PICTURE = 0.4
"""The part of a page that the picture of a scan covers at least."""
OUTLINES = 1000
"""Pieces of drawing on a page without text from which on they are characters."""
RECOGNISED = 300
"""Pages of one file that OCR is tried on."""
PATIENCE = 60.0
"""Seconds that pdfium may take for a page before the file is taken for a trap."""
LOCK = Lock()
"""pdfium does one thing at a time."""


def read(raw: bytes, name: str) -> Document:
    """The text layer of a file, its paragraphs whole.

    Raises ReadError for a file that is damaged, protected by a password, too long, or nothing but pictures.
    """
    with LOCK:
        pdf = _open(raw, name)
        try:
            return _document(pdf, name, whole=b"%%EOF" in raw[-4096:])
        finally:
            pdf.close()


@contextmanager
def _watched(name: str) -> Iterator[None]:
    """Says so to `readers.hung`, where that is set, when what is done here takes too long."""
    if readers.hung is None:
        yield
        return
    line = f"{name}: a page of it takes more than {PATIENCE:.0f} seconds; make sure where the file comes from"
    timer = Timer(PATIENCE, readers.hung, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _open(raw: bytes, name: str) -> pdfium.PdfDocument:
    try:
        with _watched(name):
            pdf = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY):
            raise ReadError(f"{name}: protected by a password; save it without one and try again") from None
        raise ReadError(f"{name}: a damaged PDF file, nothing in it can be read; get it anew") from None
    if len(pdf) > PAGES:
        pages = len(pdf)
        pdf.close()
        raise ReadError(f"{name}: {pages} pages, more than the {PAGES} that are read; divide it")
    return pdf


def _document(pdf: pdfium.PdfDocument, name: str, *, whole: bool) -> Document:
    layer = Layer()
    if not whole:
        layer.remarks.append(Remark("pdf-damaged", "文件不完整，后面的页可能已经缺失"))
    unread: dict[int, str] = {}
    sheets = layout.sheets(_pages(pdf, layer, unread, name), name)
    if len(unread) == len(sheets):
        raise ReadError(f"{name}: {NOTHING[unread[min(unread)]]}")
    layer.remarks += _remarks(unread)
    layout.write(sheets, layer)
    return layer.document("pdf")


def _pages(pdf: pdfium.PdfDocument, layer: Layer, unread: dict[int, str], name: str) -> Iterator[Page]:
    """What each page shows; those that cannot be read are empty, and `unread` says why, by their index."""
    recognised = 0
    for index in range(len(pdf)):
        with _watched(name):
            page = c.FPDF_LoadPage(pdf.raw, index)
        if not page:
            unread[index] = "pdf-damaged"
            yield Page(0, 0)
            continue
        try:
            with _watched(name):
                found = content(page)
            shown, fault = found.page, _fault(found)
            if fault and scan.is_available():
                if found.pixels <= scan.PIXELS and recognised < RECOGNISED:
                    recognised += 1
                    with _watched(name):
                        picture = _picture(page)
                    shown, remarks = scan.recognise(*picture, index + 1)
                    layer.remarks += remarks
                    fault = ""
                else:
                    fault = "pdf-too-large"
            elif not fault and found.cut:
                layer.remarks.append(Remark("pdf-cut", f"第{index + 1}页字数过多，只读了前{GLYPHS}字", page=index + 1))
            if fault:
                unread[index] = fault
                shown = Page(shown.width, shown.height)
        finally:
            c.FPDF_ClosePage(page)
        yield shown


def _fault(found: Content) -> str:
    """What keeps the text of a page from being read, if anything does."""
    text = "".join(glyph.text for glyph in found.page.glyphs)
    if len(text) < FEW and (found.pictures >= PICTURE or found.drawn >= OUTLINES):
        return "pdf-scan"
    return "pdf-garbled" if is_garbled(text) else ""


def _picture(page: Any) -> tuple[Any, float]:
    """A page as it is seen, as an array of height, width and blue, green, red; and the size of a pixel in points."""
    import numpy

    long = max(c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page), 1.0)
    width, height = (
        max(1, round(side * scan.SIDE / long)) for side in (c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page))
    )
    bitmap = c.FPDFBitmap_Create(width, height, 0)
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, c.FPDF_ANNOT)
        stride = c.FPDFBitmap_GetStride(bitmap)
        buffer = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    rows = numpy.frombuffer(buffer, numpy.uint8).reshape(height, stride)[:, : 4 * width]
    return numpy.ascontiguousarray(rows.reshape(height, width, 4)[:, :, :3]), long / scan.SIDE


FAULTS = {
    "pdf-scan": "是扫描件或图片，没有文字可读；安装 policyparse[ocr] 后可以识别",
    "pdf-garbled": "的字体没有给出正确的字符，读出的是乱码，已略去；安装 policyparse[ocr] 后可以识别",
    "pdf-damaged": "已经损坏，未能读取",
    "pdf-too-large": f"的图片过大，或者扫描件超过{RECOGNISED}页，未能识别",
}
"""What keeps a page from being read."""

NOTHING = {
    "pdf-scan": f"a scan, pictures without text; {scan.EXTRA}",
    "pdf-garbled": f"its fonts do not name the right characters; {scan.EXTRA}",
    "pdf-too-large": f"pictures of more than {scan.PIXELS // 1_000_000} million pixels; scan it at 300 dpi",
    "pdf-damaged": "a damaged PDF file, no page of it can be read; get it anew",
}
"""What keeps a whole file from being read."""


def _remarks(unread: dict[int, str]) -> Iterator[Remark]:
    """One remark for each run of pages with the same fault."""
    for (code, _), group in groupby(enumerate(unread), key=lambda found: (unread[found[1]], found[1] - found[0])):
        pages = [page + 1 for _, page in group]
        run = f"第{pages[0]}页" if len(pages) == 1 else f"第{pages[0]}—{pages[-1]}页"
        yield Remark(code, run + FAULTS[code], page=pages[0])
