"""Headings -> their titles: the words up to the first stop, unless they are content already."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from policyparse.outline import Node
from policyparse.rulebook import Rulebook, RuleSet
from policyparse.segment.markers import Marker
from policyparse.text import Text

STOP = re.compile(
    r"(?:[^。:;!?(“《【\n]++|\((?:[^()\n]{0,200}\))?|“(?:[^”\n]{0,120}”)?|《(?:[^》\n]{0,160}》)?|【(?:[^】\n]{0,80}】)?)*+"
)
"""From a marker to where its title would end; what stands in brackets and quotes does not end it."""
READ = 400
"""Characters of a line that are looked at."""
BRIEF, USUAL, LIMIT, LONGEST = 12, 34, 45, 80
"""Characters of a first sentence that is a title by itself, that is one among titles, that may be one, and of a heading
alone on its line."""
ALONE = 30
"""Characters of a sentence on a line of its own that is a title when something stands below it."""


def entitle(text: Text, nodes: Sequence[Node], markers: Sequence[Marker], rulebook: Rulebook) -> None:
    """Give each heading its title, or none where its first sentence already is content; siblings agree."""
    titles = [_Title(text.plain, node, marker) for node, marker in zip(nodes, markers, strict=True)]
    _read(text.plain, titles, rulebook.kind("title"))
    siblings: dict[tuple[Node | None, str], list[_Title]] = {}
    for title in titles:
        title.judge(text.plain)
        siblings.setdefault((title.node.parent, title.marker.style), []).append(title)
    cousins = Counter[str]()
    for title in titles:
        cousins[title.marker.style] += title.verdict or title.likely
    for (_, style), group in siblings.items():
        votes = sum(title.verdict for title in group)
        for title in group:
            title.settle(text, votes, cousins[style])


def _read(plain: str, titles: list["_Title"], rules: RuleSet) -> None:
    """What the rules say of each title: that its words are content, or where an assignment ends them."""
    starts: list[int] = []
    length = 0
    for title in titles:
        starts.append(length)
        length += title.end - title.start + 1
    words = "\n".join(plain[title.start : title.end] for title in titles)
    for match in rules.find(words):
        number = bisect_right(starts, match.start) - 1
        title, at = titles[number], match.start - starts[number]
        if match.rule.set["is"] == "content":
            title.content = True
        elif at:
            title.end = title.body = title.start + at


class _Title:
    """What may be a heading's title: `verdict` is 1 for surely one, -1 for surely none, 0 where siblings decide."""

    def __init__(self, plain: str, node: Node, marker: Marker) -> None:
        """The words after a marker, up to the sign that ends them."""
        self.node, self.marker = node, marker
        start, last = marker.end, node.lines[0].end
        while start < last and plain[start].isspace():
            start += 1
        found = STOP.match(plain, start, min(last, start + READ))
        self.start, self.end = start, found.end() if found else start
        self.sign = plain[self.end] if self.end < last else ""
        self.body = self.end + len(self.sign)
        self.verdict, self.content, self.likely = -1, False, False
        self.stands = False  # alone on its line, with text below

    def judge(self, plain: str) -> None:
        """Whether the words are a title, by themselves and by what follows on the line and below it."""
        words, rest = plain[self.start : self.end], plain[self.body : self.node.lines[0].end].strip("。;")
        length, clauses = len(words), words.count(",")
        if not words or self.sign == ";" or words[-1] in ",、" or length > (LIMIT if self.sign or rest else LONGEST):
            return
        if self.marker.style == "article" and self.sign == "。" and (length > BRIEF or not rest):
            return
        inner, more = bool(self.node.children), len(self.node.lines) > 1
        if rest:
            self.verdict = 1 if length <= BRIEF and not self.content else 0
            self.likely = length <= USUAL and clauses < 3 and not self.content
        elif not self.sign:
            self.verdict = 1 if length <= LIMIT and not self.content else 0
            self.likely = length <= LIMIT or inner or more
        elif inner or more:
            self.verdict = 1 if inner and length <= ALONE and not self.content else 0
            self.likely = length <= ALONE and not self.content
            self.stands = length <= ALONE
        elif length <= BRIEF and not clauses and not self.content:
            self.verdict, self.likely = 0, True

    def settle(self, text: Text, votes: int, cousins: int) -> None:
        """Give the heading its title: by itself, by its siblings or, where they are silent, by all of its style."""
        line = self.node.lines[0]
        line.body = self.start
        likely = self.likely or (self.stands and cousins > 0)
        if self.verdict > 0 or (self.verdict == 0 and (votes > 0 or (votes == 0 and likely))):
            self.node.title = text.shown[self.start : self.end].strip()
            line.body = self.body
