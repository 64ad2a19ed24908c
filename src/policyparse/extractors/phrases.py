"""Words at the ends of a phrase that are no part of a name: 力争粮食产量达到 is 粮食产量.

Which words lead in, link or name a measure is said by the lists in patterns/indicators.yaml.
"""

from functools import lru_cache

from policyparse.rulebook import Rulebook
from policyparse.shapes import Longest, shapes, signs

LINK = 12
"""Characters at the end of a name in which 达到 and the like are looked for."""
LONGEST = 40
"""Characters of the longest name; a longer run of words is cut at its front."""
CUTS = "、,的"
"""Behind which a long name is cut."""


class Words:
    """The word lists of a rulebook and the shapes of names, made ready."""

    def __init__(self, rulebook: Rulebook) -> None:
        def words(name: str) -> tuple[str, ...]:
            return rulebook.words(f"{name}_words")

        self.leading = frozenset(words("lead"))  # at the front, to be dropped: 力争, 全年, 完成
        self.lead = Longest([*words("lead"), *words("kept")])  # but 使 not of 使用
        self.lead_followers = rulebook.words("lead_followers")  # of a word that is part of the name: 完成率
        self.link = Longest(words("link"))  # at the end, to be dropped: 达到, 不低于
        self.generic = Longest(words("generic"))  # a measure that does not say of what: 产量, 比例
        self.whole = Longest(words("whole"))  # before it, of no use: 播种
        self.measures = words("measure")  # ends of a name: 率, 比例, 产量
        self.measured = Longest(self.measures)
        self.verbs = frozenset(words("predicate"))  # begin a verb phrase: 实施, 用于
        self.verb = Longest([*words("predicate"), *words("kept")])  # but 后 not of 后备干部
        self.doing = Longest(words("heading"))  # at the front of a title, to be dropped: 加强, 支持
        self.ranks = words("rank")  # 省, 市
        self.heads = rulebook.words("general_heads")  # of a name, that say nothing: 企业
        self.events = words("event")  # of which a number tells how often: 召开
        self.spanning = words("spanning")  # between two numbers: 覆盖
        self.indicator = shapes(rulebook, "indicator")
        self.grant = shapes(rulebook, "grant")
        self.opening, self.closing = self.indicator["opening"], self.indicator["closing"]
        before = ("origin", "quantity", "since", "onward", "will", "listed", "owner")
        self.before_signs = signs(self.indicator[shape] for shape in before)
        behind = ("bracket", "listed", "role", "made-of", "becomes", "duty")
        self.behind_signs = signs(self.indicator[shape] for shape in behind)
        self.short_signs = signs(self.indicator[shape] for shape in ("standing", "torn"))
        self.lead_begins = {word[0] for word in self.leading}
        self.link_ends = {word[-1] for word in (*words("link"), *self.closing.cues)}

    def unlink(self, words: str) -> str:
        """The words without 达到 and the like at their end."""
        while words[-1:] in self.link_ends:
            closing = self.closing.ending(words, max(0, len(words) - LINK))
            size = len(closing[0] if closing else self.link.before(words))
            if not size:
                break
            words = words[:-size]
        return words

    def unlead(self, name: str) -> str:
        """The name without 力争 and the like at its front."""
        at = 0
        while (first := name[at : at + 1]) in self.lead_begins or self.opening.begins(first):
            opening = self.opening.match(name, at)
            word = opening[0] if opening else self.lead.at(name, at)
            size = len(word)
            if not opening and (word not in self.leading or name.startswith(self.lead_followers, at + size)):
                break
            at += size
        return name[at:]

    def shorten(self, name: str, longest: int = LONGEST) -> str:
        """The name without what leads in, if it is long only from where one of its words begins."""
        name = self.unlead(name)
        odd = not self.short_signs.isdisjoint(name)
        name = self.indicator["standing"].without(name) if odd else name
        if len(name) > longest:
            cut = next((at for at in range(len(name) - longest, len(name) - 4) if name[at] in CUTS), -1)
            name = name[cut + 1 :]
        return (self.indicator["torn"].without(name) if odd else name).strip("、,(")

    def object(self, title: str) -> str:
        """What a title speaks of: 科学仪器产业 of 加快培育科学仪器产业."""
        at, size = 0, 1
        while size:
            size = len(self.doing.at(title, at))
            at += size
        return self.shorten(title[at:])

    def predicate(self, words: str) -> bool:
        """Whether words begin with what is done, not with a name."""
        return self.verb.at(words, 0) in self.verbs

    def measure(self, name: str) -> str:
        """The measure at the end of a name, 产量 of 水果产量."""
        return self.measured.before(name)

    def topic(self, name: str) -> str | None:
        """蔬菜 of 蔬菜播种面积: a name without its measure; None where it ends in none that speaks of another."""
        measure = self.generic.before(name)
        if not measure:
            return None
        of = name[: -len(measure)]
        return of.removesuffix(self.whole.before(of))


@lru_cache(maxsize=8)
def words(rulebook: Rulebook) -> Words:
    """The words and shapes of a rulebook, made ready once."""
    return Words(rulebook)
