"""Headings -> their titles: the words up to the first stop, unless they are content already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from policyparse.outline import Node
from policyparse.rulebook import Rulebook, RuleSet
from policyparse.segment.markers import Marker
from policyparse.text import Text

STOP = re.compile(
    r"(?:[^。:;!?(“《【\n]|\([^()\n]{0,200}\)|“[^”\n]{0,120}”|《[^》\n]{0,160}》|【[^】\n]{0,80}】|[(“《【])*+"
)
"""From a marker to where its title would end; what stands in brackets and quotes does not end it."""
READ = 400
"""Characters of a line that are looked at."""
BRIEF, USUAL, LIMIT, LONGEST = 12, 34, 45, 80
"""Characters of a first sentence that is a title by itself, that is one among titles, that may be one, and of a heading
alone on its line."""
ALONE = 30
"""Characters of a sentence on a line of its own that is a title when something stands below it."""


def entitle(text: Text, part: Node, heads: Mapping[int, Marker], rulebook: Rulebook) -> None:
    """Give each heading its title, or none where its first sentence already is content; siblings agree."""
    rules = rulebook.kind("title")
    for node in part.walk():
        siblings: dict[str, list[_Title]] = {}
        for child in node.children:
            marker = heads[child.start]
            siblings.setdefault(marker.style, []).append(_Title.read(text, child, marker, rules))
        for titles in siblings.values():
            votes = sum(title.verdict for title in titles)
            for title in titles:
                title.settle(text, votes)


@dataclass(slots=True)
class _Title:
    """What may be a heading's title: `verdict` is 1 for surely one, -1 for surely none, 0 where siblings decide."""

    node: Node
    start: int
    end: int
    body: int
    verdict: int = -1
    likely: bool = False

    @classmethod
    def read(cls, text: Text, node: Node, marker: Marker, rules: RuleSet) -> "_Title":
        """The words after a marker, and whether they are a title."""
        plain, line = text.plain, node.lines[0]
        start, _ = text.trim(marker.end, line.end)
        found = STOP.match(plain, start, min(line.end, start + READ))
        end = found.end() if found else start
        sign = plain[end : min(end + 1, line.end)]
        body = end + len(sign)
        content = False
        for match in rules.find(plain[start:end]):
            if match.rule.set["is"] == "content":
                content = True
            elif match.start:
                end = body = start + match.start
        title = cls(node, start, end, body)
        rest = plain[body : line.end].strip("。;")
        title.judge(plain[start:end], sign, rest, content)
        if marker.style == "article" and sign == "。" and (end - start > BRIEF or not rest):
            title.verdict = -1
        return title

    def judge(self, words: str, sign: str, rest: str, content: bool) -> None:
        """Whether words before a sign are a title; `rest` is what follows on the line."""
        length, clauses = len(words), words.count(",")
        if not words or sign == ";" or words[-1] in ",、" or length > (LIMIT if sign or rest else LONGEST):
            return
        inner, more = bool(self.node.children), len(self.node.lines) > 1
        if rest:
            self.verdict = 1 if length <= BRIEF and not content else 0
            self.likely = length <= USUAL and clauses < 3 and not content
        elif not sign:
            self.verdict = 1 if length <= LIMIT and not content else 0
            self.likely = length <= LIMIT or inner or more
        elif inner or more:
            self.verdict = 1 if inner and length <= ALONE and not content else 0
            self.likely = length <= ALONE and not content
        elif length <= BRIEF and not clauses and not content:
            self.verdict, self.likely = 0, True

    def settle(self, text: Text, votes: int) -> None:
        """Give the heading its title, if it has one by itself or by the votes of its siblings."""
        line = self.node.lines[0]
        line.body = self.start
        if self.verdict > 0 or (self.verdict == 0 and (votes > 0 or (votes == 0 and self.likely))):
            self.node.title = text.shown[self.start : self.end].strip()
            line.body = self.body
