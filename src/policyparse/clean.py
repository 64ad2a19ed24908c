"""Text layer -> Text: one width, no blanks inside words, one newline between paragraphs.

An edit map, never a diff afterwards: every kept character knows its place in the text layer.
"""

import re
from array import array

from policyparse.text import Text

WIDTHS = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"　": " ", "\xa0": " ", "﹒": ".", "﹕": ":"}
)
"""Full-width digits, letters and punctuation to ASCII, one character for one."""
BLANKS = re.compile(r"[ \t\r\xa0\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]+")


def clean(source: str) -> Text:
    """Clean a text layer. Never fails; an empty source gives an empty Text."""
    pieces: list[str] = []
    origins = array("I")
    position = 0
    for line in source.split("\n"):
        at = position
        position += len(line) + 1
        kept = 0
        for piece in BLANKS.split(line):
            start = line.index(piece, kept) if piece else kept
            kept = start + len(piece)
            if piece:
                pieces.append(piece)
                origins.extend(range(at + start, at + kept))
        if pieces and pieces[-1] != "\n":
            pieces.append("\n")
            origins.append(at + len(line) if at + len(line) < len(source) else max(0, len(source) - 1))
    shown = "".join(pieces)
    return Text(source, shown.translate(WIDTHS), shown, origins)
