"""Bytes -> text: which encoding a file is in, and what it says."""

import codecs
import re
from functools import lru_cache

from policyparse.errors import ReadError
from policyparse.readers.signatures import WHAT, binary

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # which begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
}
"""What a file may say of itself, by Python's name for it -> what it is read as."""
CANDIDATES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
"""Tried in this order; the first that decodes the whole file to plausible Chinese is it."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x7f]")
FOREIGN = r"[^\x00-\x7f\u2000-\u206f\u2460-\u249b\u3000-\u303f\uff00-\uffef]"
STRAY = 0.1
"""The part of a text that may be control characters, as they come with text copied from a PDF or Word file."""
SAMPLE = 100_000
"""Characters by which plausibility is judged."""


def decode(raw: bytes, name: str, declared: str | None = None) -> tuple[str, str]:
    """The text of a file, without BOM and with `\\n` for every newline, and its encoding.

    `declared` is what the file says of itself; it is believed where the bytes agree.
    Raises ReadError where no encoding gives readable text.
    """
    if what := binary(raw):
        raise ReadError(f"{name}: this is {WHAT[what]}, not a text; leave the choice of its format to policyparse")
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            text = _try(raw[len(bom) :], encoding)
            if text is not None:
                return _newlines(text), encoding
    for encoding in (*_named(declared), *CANDIDATES):
        text = _try(raw, encoding)
        if text is not None and (plausible(text) if encoding != "utf-8" else not _noisy(text[:SAMPLE])):
            return _newlines(text), encoding
    guessed = _guess(raw)
    text = _try(raw, guessed) if guessed else None
    if guessed and text is not None:
        return _newlines(text), guessed
    raise ReadError(f"{name}: not readable as text in UTF-8, UTF-16 or GB18030; save it as UTF-8 and try again")


def _noisy(sample: str) -> bool:
    return CONTROL.search(sample) is not None and len(CONTROL.findall(sample)) > STRAY * len(sample)


def plausible(text: str) -> bool:
    """Whether a decoded text looks like Chinese: no control characters, and hanzi that are in daily use.

    Bytes of another encoding read as GB18030 or UTF-16 give rare hanzi and strange scripts.
    """
    sample = text[:SAMPLE]
    if CONTROL.search(sample):
        return False
    strange = re.findall(FOREIGN, sample)
    daily = _daily()
    return sum(character in daily for character in strange) >= 0.9 * len(strange)


@lru_cache(maxsize=1)
def _daily() -> frozenset[str]:
    """The 6,763 hanzi of GB 2312."""
    codes = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return frozenset(codes.decode("gb2312", "ignore"))


def _named(declared: str | None) -> tuple[str, ...]:
    try:
        encoding = DECLARED.get(codecs.lookup(declared or "").name)
    except (LookupError, ValueError):
        return ()
    return (encoding,) if encoding else ()


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _guess(raw: bytes) -> str | None:
    """What charset-normalizer makes of it: traditional characters, in Big5 or GBK, come here."""
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:SAMPLE], cp_isolation=["big5", "gb18030", "utf_16_le", "utf_16_be"]).best()
    if best is None or CONTROL.search(str(best)):
        return None
    return codecs.lookup(best.encoding).name


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
