"""PDF files for the tests: pages on which each line stands where a test puts it."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, SIZE, PITCH = 74.0, 742.0, 16.0, 28.0
FULL, LINES = 28, 22
"""Characters of a full line, and lines of a full page: GB/T 9704-2012, 5.2.2."""
FONT = "STSong-Light"


class Pages:
    """Writes a PDF file; a blank in front of a text is as wide as a character."""

    def __init__(self, size: tuple[float, float] = (WIDTH, HEIGHT), password: str | None = None) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self._file = BytesIO()
        self.canvas: Any = Canvas(self._file, pagesize=size, encrypt=password, invariant=1)

    def line(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, y, text)

    def lines(self, lines: Iterable[str], x: float = LEFT, y: float = TOP, size: float = SIZE) -> None:
        """Lines below one another, each blank in front of one an indent by one character."""
        for number, text in enumerate(lines):
            words = text.lstrip()
            self.line(x + (len(text) - len(words)) * size, y - number * PITCH * size / SIZE, words, size)

    def table(self, edges: Sequence[float], tops: Sequence[float], rows: Sequence[Sequence[str | None]]) -> None:
        """A ruled table; None goes on with the cell to the left of it, "^" with the one above. `\\n` breaks a line."""
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                left, right, top, bottom = edges[column], edges[column + 1], tops[row], tops[row + 1]
                if text is not None:
                    self.canvas.line(left, top, left, bottom)
                if text != "^":
                    self.canvas.line(left, top, right, top)
                if text and text != "^":
                    for number, line in enumerate(text.split("\n")):
                        self.line(left + 5, top - 14 - number * 13, line, 10)
        self.canvas.line(edges[-1], tops[0], edges[-1], tops[-1])
        self.canvas.line(edges[0], tops[-1], edges[-1], tops[-1])

    def end_page(self) -> None:
        self.canvas.showPage()

    def raw(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()


def broken(paragraphs: Iterable[str], width: int = FULL) -> list[str]:
    """Paragraphs as lines of so many wide characters, the first of each indented by two; none begins with 。or ，."""
    lines = []
    for paragraph in paragraphs:
        line, used = "  ", 2.0
        for character in paragraph:
            wide = 0.5 if character.isascii() else 1.0
            if used + wide > width and character not in "，。、":
                lines.append(line)
                line, used = "", 0.0
            line += character
            used += wide
        lines.append(line)
    return lines


def typeset(paragraphs: Iterable[str], head: str = "") -> bytes:
    """A file of full pages with page numbers and, if one is given, a running head."""
    pages = Pages()
    lines = broken(paragraphs)
    for number, at in enumerate(range(0, len(lines), LINES), 1):
        pages.lines(lines[at : at + LINES])
        pages.line(280, 60, f"— {number} —", 14)
        if head:
            pages.line(LEFT, 800, head, 10)
        pages.end_page()
    return pages.raw()
