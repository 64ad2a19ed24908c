"""附件 on a line: whether the list of attachments stands there, or an attachment itself."""

import re

from policyparse.segment.lines import Lines

MOST, LONGEST = 60, 100
"""Items of the longest list of attachments, and characters of its longest item."""
FIRST_ITEM = re.compile(r"1\s*[.、]")
SIGNERS = 3
"""Lines of names above a date."""
CLOSING = frozenset({"end", "date", "copy", "release", "page", "annex"})
"""Kinds of lines that stand below a list."""


def inline_title(lines: Lines, index: int) -> str:
    """What stands after 附件 on its line, "" where nothing does or the line is no such one."""
    match = lines.match(index)
    return (match.groups["title"] or "") if match and match.rule.set["is"] == "annex" else ""


def list_end(lines: Lines, index: int) -> int:
    """The line after 附件 and the items of a list below it."""
    end = index + 1
    while end < len(lines) and end - index < MOST and _is_item(lines, end):
        end += 1
    broken = end == index + 1 < len(lines) and inline_title(lines, index) and not lines.is_title(index)
    return end + 1 if broken and lines.is_plain(end) and lines.is_title(end) else end


def _is_item(lines: Lines, index: int) -> bool:
    words, marker = lines.words(index), lines.markers[index]
    if len(words) > LONGEST or "。" in words:
        return False
    return marker.style == "arabic" if marker else bool(inline_title(lines, index))


def _is_signed(lines: Lines, index: int) -> bool:
    """Whether a signature begins at a line: names in a few short lines, then a date."""
    last = index
    while last < min(len(lines), index + SIGNERS) and lines.is_plain(last):
        last += 1
    return last > index and lines.kind(last) == "date"


def is_list(lines: Lines, index: int, end: int, *, ended: bool) -> bool:
    """Whether the lines of 附件 up to `end` are a list, by what comes below; `ended`: a signature stands above."""
    inline, several = inline_title(lines, index), end > index + 1
    closes = lines.kind(end) in CLOSING or (
        end < len(lines) and (lines.is_organisation(end) or (lines.is_title(end) and not inline))
    )
    closes = closes or (not ended and _is_signed(lines, end))
    if not inline:
        return several and closes
    _, marker = lines.next_marker(end)
    goes_on = not ended and marker is not None and marker.number != 1
    return several or closes or goes_on or bool(FIRST_ITEM.match(inline))
