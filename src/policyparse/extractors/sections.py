"""Sections that bind nobody: they tell of the past, or of who qualifies."""

from typing import Literal

from policyparse.outline import OWN, Node
from policyparse.rulebook import Rulebook
from policyparse.shapes import shapes

Silence = Literal["", "past", "condition"]
"""What a section speaks of instead of tasks."""
OPENING = 30
"""Characters of a section in which a title that runs into the text is looked for."""


class Sections:
    """Knows of each section of one text whether it sets tasks."""

    def __init__(self, plain: str, rulebook: Rulebook) -> None:
        self._plain, self._shapes = plain, shapes(rulebook, "past")
        self._past = frozenset(rulebook.words("history_titles"))
        self._past_ends = rulebook.words("history_ends")
        self._condition_ends = rulebook.words("condition_titles")
        self._known: dict[Node, Silence] = {}
        self._listing: dict[Node, bool] = {}

    def silence(self, node: Node) -> Silence:
        """What a section, or one that holds it, speaks of instead of tasks; empty for most."""
        path: list[Node] = []
        at: Node | None = node
        while at and at not in self._known:
            path.append(at)
            at = at.parent
        result: Silence = self._known[at] if at else ""
        for step in reversed(path):
            result = self._known[step] = result or self._own(step)
        return result

    def _own(self, node: Node) -> Silence:
        if not node.level:
            return ""
        title = (node.title or "").rstrip("。: ")
        if title.endswith(self._condition_ends) or (node.parent and self._lists_conditions(node.parent)):
            return "condition"
        begun = node.start + len(node.marker)
        named = title.replace("和", "、").replace("与", "、").replace("及", "、").split("、")
        past = title.endswith(self._past_ends) or self._past.issuperset(named)
        return "past" if past or self._shapes["section"].match(self._plain, begun, begun + OPENING) else ""

    def _lists_conditions(self, parent: Node) -> bool:
        """Whether what stands between a heading and its children leads in a list of conditions."""
        if parent not in self._listing:
            own = (line for line in parent.lines if line.role in OWN)
            ends = (self._shapes["conditions"].ending(self._plain[line.start : line.end]) for line in own)
            self._listing[parent] = any(ends)
        return self._listing[parent]
