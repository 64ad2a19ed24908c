"""A picture of a page: its text by OCR, with models that come inside the package; needs policyparse[ocr]."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from math import atan2, cos, degrees, sin
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

from policyparse.document import Document, Remark
from policyparse.errors import ReadError
from policyparse.readers import layout
from policyparse.readers.layer import Layer
from policyparse.readers.layout.lines import is_wide
from policyparse.readers.layout.shapes import Glyph, Page, Ruling

EXTRA = "pip install 'policyparse[ocr]' lets policyparse recognise it"
PIXELS = 80_000_000
"""Pixels of the largest picture that is decoded."""
FRAMES = 300
"""Pictures of one file that are read."""
SIDE, FINDING_SIDE = 2000, 1280
"""Pixels of the longer side of a picture when its text is read, and when its lines are found."""
POINTS = 842.0
"""The longer side of a page whose size is not known: A4."""
DOUBTFUL, NOISE = 0.8, 0.5
"""Confidence below which a line is to be checked, and below which a short one is a stain."""
SHORT = 3
"""Characters of a line that may be a stain, and of a page number, which is not to be checked."""
SHARES = (0.035, 0.035, 0.93)
"""What blue, green and red count for when the text is read."""
STRAIGHT = 0.003
"""The slope, in radians, of a page that need not be set straight."""
RULED = 40
"""The shortest ruled line is the longer side of the picture divided by this."""
DARK = 25
"""How much darker than what is around it a ruled line is, of 255."""
LETTERS = 1.3
"""The shortest ruled line in heights of the largest letters."""
QUOTED = 20
"""Characters of a doubtful line that are quoted."""


def is_available() -> bool:
    """Whether policyparse[ocr] is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def read(raw: bytes, name: str) -> Document:
    """The text of a picture, each of its frames a page.

    Raises ReadError without policyparse[ocr], and for a picture that is damaged or too large.
    """
    if not is_available():
        raise ReadError(f"{name}: a picture; {EXTRA}")
    layer = Layer()
    pages = []
    for index, picture in enumerate(_pictures(raw, name)):
        page, remarks = recognise(picture, POINTS / max(picture.shape[:2]), index + 1)
        pages.append(page)
        layer.remarks += remarks
    layout.write(layout.sheets(pages, name), layer)
    return layer.document("image")


def recognise(pixels: Any, points: float, number: int) -> tuple[Page, list[Remark]]:
    """The page that a picture shows, and what is doubtful in it.

    `pixels` is an array of height, width and blue, green, red; `points` is the size of a pixel, `number` the page's.
    """
    found = [line for line in _lines(pixels) if line.confidence >= NOISE or len(line.text) > SHORT]
    slope = median(slopes) if (slopes := [line.slope for line in found if line.is_long()]) else 0.0
    if abs(slope) < STRAIGHT:
        slope = 0.0
    glyphs = [glyph for line in found for glyph in line.glyphs(slope, points)]
    highest = max((line.height for line in found), default=0.0)
    horizontals, verticals = _rulings(pixels, slope, points, highest)
    height, width = pixels.shape[:2]
    page = Page(width * points, height * points, glyphs, horizontals, verticals)
    doubtful = [line for line in found if line.confidence < DOUBTFUL and len(line.text) > SHORT]
    return page, [_remark(doubtful, number)] if doubtful else []


class _Recognised(NamedTuple):
    """A line that OCR found: its corners from the upper left one on, clockwise, in pixels."""

    text: str
    confidence: float
    corners: Sequence[tuple[float, float]]

    @property
    def slope(self) -> float:
        (left, top), (right, end) = self.corners[:2]
        return atan2(end - top, right - left)

    @property
    def height(self) -> float:
        return max(y for _, y in self.corners) - min(y for _, y in self.corners)

    def is_long(self) -> bool:
        return len(self.text) > 10

    def glyphs(self, slope: float, points: float) -> Iterator[Glyph]:
        """Its characters, each where its share of the line's width puts it once the page is straight."""
        corners = [(x * cos(slope) + y * sin(slope), y * cos(slope) - x * sin(slope)) for x, y in self.corners]
        left, right = (corners[0][0] + corners[3][0]) / 2 * points, (corners[1][0] + corners[2][0]) / 2 * points
        middle = sum(y for _, y in corners) / 4 * points
        widths = [1.0 if is_wide(character) else 0.5 for character in self.text]
        em = (right - left) / sum(widths)
        at = left
        for character, width in zip(self.text, widths, strict=True):
            if not character.isspace():
                yield Glyph(character, at, at + width * em, middle + 0.35 * em)
            at += width * em


def _remark(lines: Sequence[_Recognised], page: int) -> Remark:
    quotes = "、".join(f"“{line.text[:QUOTED]}”" for line in lines[:3])
    return Remark("ocr-doubtful", f"第{page}页有{len(lines)}行识别得没有把握，请核对：{quotes}", page=page)


def _lines(pixels: Any) -> list[_Recognised]:
    found = _engine()(_without_seals(pixels))
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    lines = zip(found.txts, found.scores, found.boxes.tolist(), strict=True)
    return [_Recognised(text, float(score), corners) for text, score, corners in lines if text.strip()]


def _without_seals(pixels: Any) -> Any:
    """A picture with its red so pale that a seal no longer covers the signature, and a letterhead still shows."""
    import cv2
    import numpy

    return cv2.cvtColor(cv2.transform(pixels, numpy.array([SHARES])), cv2.COLOR_GRAY2BGR)


@cache
def _engine() -> Any:
    """The models by their paths: nothing is looked for elsewhere, and nothing downloaded."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.max_side_len": SIDE,
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Det.limit_type": "max",
            "Det.limit_side_len": FINDING_SIDE,
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_batch_num": 1,
        }
    )


def _rulings(pixels: Any, slope: float, points: float, highest: float) -> tuple[list[Ruling], list[Ruling]]:
    """The horizontal and the vertical lines that a picture shows, in points, once it is straight.

    `highest` is the height of its largest letters in pixels: they have straight strokes, too.
    """
    import cv2

    height, width = pixels.shape[:2]
    grey = cv2.cvtColor(_without_seals(pixels), cv2.COLOR_BGR2GRAY)
    if slope:
        turn = cv2.getRotationMatrix2D((0, 0), degrees(slope), 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, DARK)
    least = max(1, height // RULED, width // RULED, round(LETTERS * highest))
    found: list[list[Ruling]] = []
    for across in (True, False):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (least, 1) if across else (1, least))
        opened = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        _, _, boxes, _ = cv2.connectedComponentsWithStats(opened)
        rulings = []
        for left, top, wide, high, _ in boxes[1:].tolist():
            length, thick = (wide, high) if across else (high, wide)
            if thick * 4 <= length:
                at, start = (top + high / 2, left) if across else (left + wide / 2, top)
                rulings.append(Ruling(at * points, start * points, (start + length) * points))
        found.append(rulings)
    return found[0], found[1]


def _pictures(raw: bytes, name: str) -> Iterator[Any]:
    """The pictures of a file as arrays, scaled to what OCR takes; none is decoded before its size is known."""
    import numpy
    from PIL import Image, ImageOps, ImageSequence

    too_large = f"{name}: a picture of more than {PIXELS // 1_000_000} million pixels; scan it at 300 dpi"
    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            file = Image.open(BytesIO(raw), formats=["PNG", "JPEG", "TIFF", "BMP", "GIF"])
        with file:
            for index, frame in enumerate(ImageSequence.Iterator(file)):
                if index >= FRAMES:
                    raise ReadError(f"{name}: more than {FRAMES} pictures in one file; divide it")
                if frame.width * frame.height > PIXELS:
                    raise ReadError(too_large)
                picture = ImageOps.exif_transpose(frame).convert("RGB")
                picture.thumbnail((SIDE, SIDE))
                yield numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ReadError(too_large) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ReadError(f"{name}: a damaged picture, it cannot be decoded; scan it again") from None
