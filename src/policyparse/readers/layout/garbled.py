"""Whether the characters of a page are those that are seen on it: a font may name others, or none."""

import re

UNREAD = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""No character at all, and those that every font is free to use as it likes."""
FOREIGN = re.compile(r"[^\x00-\x7f\u2000-\u27bf\u3000-\u303f\uff00-\uffef]")
"""What is neither ASCII nor punctuation nor a sign: hanzi in a notice."""
COMMON = frozenset(
    "的和及与在为人行政府工作管理部门发展建设实施市县区年月日一二三十中国业有以加强推进责任位项全面化法主等"
)
"""Characters that make up about a quarter of any notice."""
ENOUGH, PROSE = 20, 200
"""Characters by which a page is judged, and by which its words are."""
RARE, SCARCE = 0.1, 0.04
"""The part of strange characters, and of common ones, that no notice has."""


def is_garbled(text: str) -> bool:
    """Whether the text of a page is none: no characters, strange ones, or hanzi at random."""
    signs = "".join(text.split())
    unread = len(UNREAD.findall(signs))
    if unread > RARE * len(signs):
        return True
    hanzi = "".join(FOREIGN.findall(signs))
    if len(hanzi) < ENOUGH:
        return False
    daily = len(hanzi.encode("gb2312", "ignore")) // 2
    if max(daily, len(hanzi.encode("big5", "ignore")) // 2) < (1 - RARE) * len(hanzi):
        return True
    return len(hanzi) >= PROSE and sum(character in COMMON for character in hanzi) < SCARCE * len(hanzi)
