"""What each line of a text looks like, before anything is known of where it stands."""

import re
from collections.abc import Sequence

from policyparse.outline import Line
from policyparse.rulebook import Match, Rulebook
from policyparse.segment.markers import Marker
from policyparse.text import Text

SHORT = 60
"""Characters of the longest line of a title that is broken over lines."""
LONGEST_KNOWN, LONGEST_TITLE = 4000, 150
"""Characters of the longest line that is of a kind (a list of addressees), and of the longest title on one line."""
SENTENCE, PARAGRAPH = 14, 40
"""Characters of a line that is prose: when it ends as a sentence does, and in any case."""
OPEN_ENDS = "。;:!?,、"
"""What a title never ends with."""
ADDED = re.compile(r"(?:[(〔][^()〔〕]{1,24}[)〕]|[》”])+$")
"""What may follow the last word of a title: (试行)."""
NOTE = re.compile(r"(?:\([^()]{2,20}\))+")
DIGITS = "0123456789"
NO_NAME = frozenset(f"。,;:!?《》{DIGITS}")
"""What stands in no organisation's name."""
DOTS = ".…·"
"""What stands before the page number of an entry in a table of contents."""
CONTENTS = 200
"""Lines of the longest table of contents."""


class Lines:
    """The lines of a text by their index, and questions about each."""

    def __init__(self, text: Text, lines: Sequence[Line], markers: Sequence[Marker | None], rulebook: Rulebook) -> None:
        self.text, self.plain, self.lines, self.markers = text, text.plain, lines, markers
        self.listed: set[int] = set()
        self._rules = rulebook.kind("line")
        self._kinds, self._ends = rulebook.words("document_kinds"), rulebook.words("organisation_ends")
        self._purposes, self._unfinished = rulebook.words("purpose_starts"), rulebook.words("unfinished_ends")
        self._known: dict[int, Match | None] = {}
        self._next_marker = [len(lines)] * (len(lines) + 1)
        for index in range(len(lines) - 1, -1, -1):
            self._next_marker[index] = index if markers[index] else self._next_marker[index + 1]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, index: int) -> Line:
        return self.lines[index]

    def words(self, index: int) -> str:
        line = self.lines[index]
        return self.plain[line.start : line.end]

    def next_marker(self, index: int) -> tuple[int, Marker | None]:
        """The first line from one on that has a marker: its index, the number of lines if there is none."""
        after = self._next_marker[index]
        return after, self.markers[after] if after < len(self.lines) else None

    def match(self, index: int) -> Match | None:
        """The line rule that fits a line; headings, cells and long lines have none."""
        if index not in self._known:
            line = self.lines[index]
            able = not self.markers[index] and line.role != "cell" and line.end - line.start <= LONGEST_KNOWN
            self._known[index] = self._rules.match(self.plain, line.start, line.end) if able else None
        return self._known[index]

    def kind(self, index: int) -> str:
        """What the line rules say that a line is; "end" after the last line."""
        if index >= len(self.lines):
            return "end"
        match = self.match(index)
        return match.rule.set["is"] if match else ""

    def is_prose(self, index: int) -> bool:
        words = self.words(index)
        closed = len(words) >= SENTENCE and words[-1] in OPEN_ENDS
        return closed or (len(words) >= PARAGRAPH and not self.is_title(index))

    def is_text(self, index: int) -> bool:
        """Whether a line is prose and of no known kind: a text may begin with it."""
        return not self.kind(index) and self.is_prose(index)

    def holds_sentences(self, index: int) -> bool:
        """Whether a line holds more than one sentence: inside a text it is of no other kind then."""
        line = self.lines[index]
        return line.end - line.start > SHORT and self.plain.find("。", line.start, line.end - 1) >= 0

    def is_plain(self, index: int) -> bool:
        """Short, of no known kind, and no sentence: it may be of a title."""
        line = self.lines[index]
        return (
            line.end - line.start <= SHORT
            and not self.markers[index]
            and line.role != "cell"
            and not self.kind(index)
            and self.plain[line.end - 1] not in OPEN_ENDS
            and not self.is_purpose(index)
        )

    def is_title(self, index: int) -> bool:
        """Whether a line ends as the title of a document does."""
        words = self.words(index)
        if not 4 <= len(words) <= LONGEST_TITLE or self.markers[index] or words[-1] in OPEN_ENDS or "。" in words:
            return False
        return not self.is_purpose(index) and not _is_list_item(words) and ADDED.sub("", words).endswith(self._kinds)

    def is_purpose(self, index: int) -> bool:
        """Whether a line is a first sentence, 为推进…,制定以下措施, and no title though it ends like one."""
        words = self.words(index)
        return words.startswith(self._purposes) and "," in words

    def is_unfinished(self, index: int) -> bool:
        """Whether a line ends as no title does, so that the title goes on in the next."""
        return self.words(index).endswith(self._unfinished)

    def is_note(self, index: int) -> bool:
        """Whether a line is a note below a title, (征求意见稿)."""
        return bool(NOTE.fullmatch(self.words(index)))

    def is_organisation(self, index: int) -> bool:
        words = self.words(index)
        return 2 <= len(words) <= 50 and words.endswith(self._ends) and NO_NAME.isdisjoint(words)

    def after_contents(self, at: int) -> int:
        """The line after a table of contents: where its first entry comes again. Its own lines are `listed`."""
        end = self._contents_end(at)
        self.listed.update(range(at, end))
        return end

    def _contents_end(self, at: int) -> int:
        entries: set[str] = set()
        for index in range(at + 1, min(len(self.lines), at + CONTENTS)):
            words = self.words(index)
            entry = words.rstrip(f"{DOTS}{DIGITS}- \t")
            if self.kind(index) == "contents" or (entry in entries and self.markers[index]):
                return index
            if self.is_prose(index) and not _leads_to_page(words):
                return index
            if entry:
                entries.add(entry)
        return at + 1


def _is_list_item(words: str) -> bool:
    """Whether words begin with 1. or the like."""
    return words[0] in DIGITS and words.lstrip(DIGITS).startswith((".", "、", ")"))


def _leads_to_page(words: str) -> bool:
    """Whether words end in a row of dots, with or without the number of a page."""
    entry = words.rstrip(DIGITS)
    return len(entry) - len(entry.rstrip(DOTS)) >= 3
