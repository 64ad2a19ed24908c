"""Words at the ends of a phrase that are no part of a name: 力争粮食产量达到 is 粮食产量.

Which words lead in, link or name a measure is said by the lists in patterns/targets.yaml.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from policyparse.extractors.amounts import Longest
from policyparse.rulebook import Rulebook

LINK = 12
"""Characters at the end of a name in which 达到 and the like are looked for."""
LONGEST = 40
"""Characters of the longest name; a longer run of words is cut at its front."""
TORN = re.compile("^(?:[^《》]*》|[^“”]*”|[^()]*[)])")
"""The end of a title, a quotation or a bracket that a name has no beginning of."""
STANDING = re.compile("^以[^,。]{2,40}?为(?:代表|主体|主|核心|重点|引领|龙头|支撑|特色|骨干|依托)的(?=..)")
"""What a name only stands for: 以轴承为代表的装备制造业."""
BACK_TO = re.compile("[、,的]")
TIME = (
    r"(?:到|至|自|从)?(?:\d{4}年|“?十[三四五六]五”?|[0-9]{1,2}年内|今年|明年|本年|\d{1,2}月)(?:\d{1,2}月)?(?:\d{1,2}日)?"
    "(?:上半|下半)?(?:年?底|末|初)?(?:之?[前后]|以[前后]|期间|时期|内|起|度)?"
)
NOT_BEYOND = "(?:应|须|宜|要)?(?:不(?:得|应|宜|能|可)?|禁止|严禁)(?:低于|少于|超过|高于|大于|小于|多于)"
OFTEN = "(?:每(?:半?年|月|季度|周|日|[0-9]年|两年|人|户|亩|名|次)(?:至少)?|至少)(?:召开|开展|举办|组织|安排|进行)?"
OPENING = re.compile(f"(?:{TIME}|[、,和及与的:)(]|[-—]{{1,2}}|[\\d一二三四五六七八九十]{{1,2}}[.、)](?!\\d))+")
"""A time or a mark at the front of a name, to be dropped."""
OPENS = frozenset("到至自从“今明本一二三四五六七八九十0123456789、,和及与的:)(-—")
"""What that begins with."""
CLOSING = re.compile(f"(?:{NOT_BEYOND}|{OFTEN})$")
"""Behind a name, to be dropped: how it compares, and how often."""
CLOSES = frozenset("于过年月度周日人户亩名次少开展办织排行")
"""What that ends with."""
NO_LEAD = tuple("或、和及率")
"""What follows a word at the front that is part of the name: 完成率."""
OF_ALL = re.compile("(?:全|总|年|年均|综合|平均|亩|人均|基地|规模|单位|核心|相关|年?播种|种植|养殖|栽植)$")


def either(words: Iterable[str]) -> str:
    """A pattern for any of a few words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


class Words:
    """The word lists of a rulebook; long ones are looked up, for a pattern of them takes long to make."""

    def __init__(self, rulebook: Rulebook) -> None:
        def words(name: str) -> tuple[str, ...]:
            return rulebook.words(f"{name}_words")

        self.leading = frozenset(words("lead"))  # at the front, to be dropped: 力争, 全年, 完成
        self.lead = Longest([*words("lead"), *words("kept")])  # but 使 not of 使用
        self.link = Longest(words("link"))  # at the end, to be dropped: 达到, 不低于
        self.generic = Longest(words("generic"))  # a measure that does not say of what: 产量, 比例
        self.measures = words("measure")  # ends of a name: 率, 比例, 产量
        self.measured = Longest(self.measures)
        self.verbs = frozenset(words("predicate"))  # begin a verb phrase: 实施, 用于
        self.verb = Longest([*words("predicate"), *words("kept")])  # but 后 not of 后备干部
        self.doing = Longest(words("heading"))  # at the front of a title, to be dropped: 加强, 支持
        self.onward = re.compile(  # up to which the words before a number are of no use: 组织开展
            f"^.*{either(words('onward'))}(?!率|比例|区)(?=..)|^[^,、]{{2,10}}将(?=..)", re.S
        )
        self.duty = re.compile(f"(?<=...){either(words('duty'))}.*", re.S)  # ends the name of a body: 领导联系
        self.act = re.compile(f"(.{{1,16}}?)({either(words('act'))})(.{{2,}})", re.S)  # splits 企业实施改造
        self.grant = re.compile(either(words("grant")))  # 奖补, 补贴

    def unlink(self, words: str) -> str:
        """The words without 达到 and the like at their end."""
        while True:
            link = words[-1:] in CLOSES and CLOSING.search(words, max(0, len(words) - LINK))
            size = len(link[0] if link else self.link.before(words))
            if not size:
                return words
            words = words[:-size]

    def unlead(self, name: str) -> str:
        """The name without 力争 and the like at its front."""
        at = 0
        while True:
            opening = name[at : at + 1] in OPENS and OPENING.match(name, at)
            word = opening[0] if opening else self.lead.at(name, at)
            size = len(word)
            if not opening and (word not in self.leading or name.startswith(NO_LEAD, at + size)):
                return name[at:]
            at += size

    def shorten(self, name: str, longest: int = LONGEST) -> str:
        """The name without what leads in, if it is long only from where one of its words begins."""
        name = STANDING.sub("", self.unlead(name))
        cut = BACK_TO.search(name, len(name) - longest) if len(name) > longest else None
        name = name[cut.end() :] if cut and cut.end() < len(name) - 3 else name
        return TORN.sub("", name, count=1).strip("、,(")

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
        return OF_ALL.sub("", name[: -len(measure)]) if measure else None


@lru_cache(maxsize=8)
def words(rulebook: Rulebook) -> Words:
    """The word lists of a rulebook, made ready once."""
    return Words(rulebook)
