"""Where a document begins inside a file: its title, and the line at which its text begins."""

from policyparse.segment.lines import Lines

FAR = 80
"""Lines within which a document's text begins."""
UNNAMED = 3
"""Lines of the tallest title that does not say what the document is."""
LINK = 6
"""Characters of the longest link of a page that has 关于: 关于我们."""
TALLEST = 5
"""Lines of the tallest title."""
AROUND = frozenset({"number", "date", "label", "page", "contents", "release", "annex"})
"""Kinds of lines that may stand between a title and its text."""
BETWEEN = frozenset({"page", "label", "release", "date", "copy", "number"})
"""Kinds of lines that may stand between the end of a document and the title of the next."""
Title = tuple[int, int]
"""Its first and its last line."""


def text_start(lines: Lines, at: int) -> int:
    """The line at which the text of a document begins: its addressee, first heading or first sentence."""
    index = at
    while index < min(len(lines), at + FAR):
        kind = lines.kind(index)
        if kind == "contents":
            index = lines.after_contents(index)
            continue
        if kind == "addressee" or lines.markers[index] or lines[index].role == "cell" or lines.is_text(index):
            return index
        index += 1
    return min(index, len(lines))


def title_above(lines: Lines, start: int) -> Title | None:
    """The title of the text that begins at a line, read upward from it."""
    above = [index for index in range(start) if not _is_around(lines, index)]
    named = [index for index in above if not lines.is_note(index)]
    if not named or not _ends_title(lines, named[-1]):
        return None
    return _first_line(lines, named[-1]), above[-1]


def _is_around(lines: Lines, index: int) -> bool:
    return index in lines.listed or lines.words(index).isdecimal() or lines.kind(index) in AROUND


def _ends_title(lines: Lines, index: int) -> bool:
    """Whether the line next above a text is the last one of its title."""
    words = lines.words(index)
    named = lines.is_title(index) or "关于" in words or (lines.is_plain(index) and (len(words) > 4 or words[0] == "的"))
    return named and words[0] not in "、。,;:)"


def _first_line(lines: Lines, last: int) -> int:
    """The first line of the title whose last one is known."""
    first = last
    for index in range(last - 1, max(last - TALLEST, 0) - 1, -1):
        if not lines.is_plain(index):
            break
        if _promises(lines.words(index), lines.words(last)) or (index == first - 1 and _goes_on(lines, index)):
            first = index
    return first


def _promises(words: str, last: str) -> bool:
    """Whether 关于 waits for the 的 of the last line; what stands between may look like titles: 制度, 标准."""
    about = words.find("关于")
    return about >= 0 and len(words) > LINK and "的" in last and "的" not in words[about:]


def _goes_on(lines: Lines, index: int) -> bool:
    """Whether a title goes on from one plain line to the next."""
    words, following = lines.words(index), lines.words(index + 1)
    if "关于" in following:
        return lines.is_organisation(index)
    whole = lines.is_title(index) and words.count("《") == words.count("》")
    return not words.endswith("文件") and (not whole or following.startswith(("(", "的")))


def title_below(lines: Lines, at: int, start: int, *, annex: bool) -> Title | None:
    """The title that stands between two lines, read downward; under the word 附件 any line is one."""
    first = at
    while first < start and lines.kind(first) in BETWEEN:
        first += 1
    run, words = first, ""
    while run < min(start, first + TALLEST) and (lines.is_plain(run) or lines.is_title(run)):
        words += lines.words(run)
        if lines.is_title(run) and words.count("《") <= words.count("》"):
            return first, _last_note(lines, run, start)
        run += 1
    if run == first:
        return None
    if annex:
        last = first
        while last + 1 < run and lines.is_unfinished(last):
            last += 1
        return first, last
    return (first, run - 1) if run == start and run - first <= UNNAMED and not lines.is_organisation(first) else None


def _last_note(lines: Lines, last: int, start: int) -> int:
    """The last of the notes below a title, the title's own last line if there is none."""
    while last + 1 < start and not lines.kind(last + 1) and lines.is_note(last + 1):
        last += 1
    return last
