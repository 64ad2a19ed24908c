"""What a number measures: the words around it that a reader would put in a table's first column.

The name stands before the number (农膜回收率达到80%), after it (建成62座生活垃圾中转站) or on both sides (适龄儿童100%入学); in
a list it is completed from its neighbour (1个国家级、1个省级产业示范园). Which words lead in, link or name a measure is
said by the lists in patterns/targets.yaml.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from policyparse.rulebook import Rulebook
from policyparse.text import Text

AMOUNT = re.compile("[＄％＃＠＊＋＆]◇*")
STOPS = re.compile("[,。;:!?\n]")
STRONG = "。;!?\n"
JOINTS = "、,和及与或"
OWNED = re.compile("(?:及?以[上下内])?的|及?以[上下][^、,和及与]")
"""Behind a number that only describes what comes next: 10万元以上的村50个."""
LONGEST = 40
"""Characters of the longest name; a longer run of words is cut at its front."""
SINCE = re.compile("(?:同?比|较)[^,、]{1,12}[年末期初]$")
NOT = "(?:应|须|宜|要)?(?:不(?:得|应|宜|能|可)?|禁止|严禁)"
OF_KIND = re.compile("的?(?:标准|比例|额度|基础上|目标|要求)(?:[^的]|$)")
"""按每年600万元的标准: what follows names no thing."""
NAMES = re.compile("、|(?<![普涉以])及(?![时格率])|和(?!谐|平)|(?<![参给])与")
GRANTED = re.compile("给予|予以|最高|按|(?:奖|补)[励助贴补]?[0-9]")
GIVEN = re.compile("给予(?:最高|不超过)*$")
RULED = re.compile("(?:按照?|根据|依照)(?:有关|相关)?规定.*|(?:并|再)?(?:分阶段|每年)?给予.*|(?:一次性)?分别$")
ENDED = re.compile("[、,。;:!?)\n和及]|$")
EACH = re.compile(
    "每(?:个|名|家|支|所|位)?(?![年月季周半])[^,、每月季]{1,20}?"
    "(?=至少|都|应|要|须|必须|配备|确定|有|建|设|引进|对接|储备|培育|选|发展|拥有|具有|形成|原则上|每|结对|$)"
)
REACH = 120
"""Characters before a number in which the rest of its sentence is looked for."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, compiled."""

    lead: "re.Pattern[str]"  # at the front, to be dropped: 力争, 全年, 完成
    onward: "re.Pattern[str]"  # up to which the words before a number are of no use: 组织开展
    link: "re.Pattern[str]"  # at the end, to be dropped: 达到, 不低于
    suffix: "re.Pattern[str]"  # right behind the number: 以上, 左右
    measure: "re.Pattern[str]"  # ends a name: 率, 比例, 产量
    generic: "re.Pattern[str]"  # a measure that does not say of what: 产量, 比例
    predicate: "re.Pattern[str]"  # begins a verb phrase: 实施, 用于
    act: "re.Pattern[str]"  # splits 企业实施改造
    grant: "re.Pattern[str]"  # 奖补, 补贴


@lru_cache(maxsize=8)
def _words(rulebook: Rulebook) -> Words:
    def either(name: str) -> str:
        return "(?:" + "|".join(re.escape(word) for word in sorted(rulebook.words(name), key=len, reverse=True)) + ")"

    time = r"(?:到|至|自|从)?(?:\d{4}年|“?十[三四五六]五”?|今年|明年|本年|\d{1,2}月)(?:\d{1,2}月)?(?:上半|下半)?(?:年?底|末|初)?(?:之?前|以前|期间|时期|内|起|度)?"
    return Words(
        re.compile(f"(?:{time}|{either('lead_words')}(?![或、和及])|[、,和及与的:)）]|[-—]{{1,2}}|[(（]|[\\d一二三四五六七八九十]{{1,2}}[.、)](?!\\d))+"),
        re.compile(f"^.*{either('onward_words')}(?!率|比例|区)(?=..)|^[^,、]{{2,10}}将(?=..)", re.S),
        re.compile(f"(?:{either('link_words')}|{NOT}(?:低于|少于|超过|高于|大于|小于|多于))+$"),
        re.compile(r"(?:\([^()\n]{1,8}\))?(?:及?以[上下内]|左右|上下|之内|之间)?(?:\(含[^()\n]{0,8}\))?"),
        re.compile(f"{either('measure_words')}$"),
        re.compile(f"(?:全|总|年|年均|综合|平均|亩|人均|基地|规模|单位|核心|相关|年?播种|种植|养殖|栽植)?{either('generic_words')}$"),
        re.compile(either("predicate_words")),
        re.compile(f"(.{{1,16}}?)({either('act_words')})(.{{2,}})", re.S),
        re.compile(either("grant_words")),
    )


class Namer:
    """Names amounts of one text. `masked` is the text with every amount masked, at the same offsets."""

    def __init__(self, text: Text, masked: str, rulebook: Rulebook) -> None:
        self.text, self.masked, self.words = text, masked, _words(rulebook)
        self.stops = [match.start() for match in STOPS.finditer(masked)]

    def name(self, start: int, end: int, sign: str, before: str | None) -> str:
        """The indicator of the amount at [start, end); `before` is that of the number before it in the paragraph."""
        left, right = self._left(start), self._right(end)
        name = self._grant(start, left) if sign in "＄％" else ""
        if not name:
            name = self._choose(left, right, sign, start, end)
        if name in ("召开", "开展", "组织", "举办", "进行", "集中"):
            name = self._shorten(self._clause_before(start)) or name
        if not name:
            name = before or self._shorten(self._plain_right(end)) or self._clause_before(start) or self._shorten(left)
        elif before and self.words.generic.fullmatch(name):
            name = self._topic(before) + name
        return name

    def _choose(self, left: str, right: str, sign: str, start: int, end: int) -> str:
        words = self.words
        own = self._trim(left)
        share = sign == "％"
        if share and right.startswith("用于"):
            return own + right
        if right and words.predicate.match(right) and not (right[0] in "在对由以" and "的" in right):
            right = "" if own or not share else right
        if not right:
            return self._spread(own, start)
        if share:
            if own and words.measure.search(own):
                return own
            return right if not own or self.masked[end : end + 1] in "的以" else own + right
        if left.endswith("的") and own:
            return own + "的" + right
        if sign in "＄＠" and own and (words.measure.search(own) or not words.measure.search(right) and sign == "＄"):
            return own
        return self._with_each(start, self._about(left, self._turn(self._complete(right, end))))

    def _left(self, start: int) -> str:
        """The words of the clause before an amount, back to the number before it."""
        index = bisect_left(self.stops, start)
        low = max(self.stops[index - 1] + 1 if index else 0, start - REACH)
        clause = self.masked[low:start]
        opened = clause.rfind("(")
        if opened > clause.rfind(")"):
            low += opened + 1
        closed = clause.find(")")
        aside = ""
        if closed >= 0 and "(" not in clause[:closed]:  # the clause begins inside a bracket: go back to before it
            opened = self.masked.rfind("(", max(0, low - REACH), low)
            line = self.masked.rfind("\n", 0, low)
            if opened > line:
                index = bisect_left(self.stops, opened)
                aside = self.text.plain[max(self.stops[index - 1] + 1 if index else 0, opened - LONGEST) : opened]
                low += closed + 1
        for match in AMOUNT.finditer(self.masked, low, start):
            aside = ""
            if OWNED.match(self.masked, match.end()) or self.masked[match.start() - 1] in "由从":
                continue
            low = match.end() + self._suffix(match.end())
        return aside + self.text.plain[low:start]

    def _clause_before(self, start: int) -> str:
        """The words between the two stops before an amount: of …召开会议,每年至少召开一次 the first."""
        index = bisect_left(self.stops, start)
        low = self.stops[index - 2] + 1 if index > 1 else 0
        clause = self.text.plain[low : self.stops[index - 1]][-LONGEST:] if index else ""
        return re.sub("^.*(?:召开|开展|组织|举办|建立)(?=..)", "", clause)

    def _suffix(self, at: int) -> int:
        match = self.words.suffix.match(self.masked, at, at + 20)
        return match.end() - at if match else 0

    def _plain_right(self, end: int) -> str:
        """The words after an amount up to the end of its clause."""
        at = end + self._suffix(end)
        index = bisect_left(self.stops, at)
        high = min(self.stops[index] if index < len(self.stops) else len(self.masked), at + 2 * LONGEST)
        words = self.masked[at:high]
        opened = words.find("(")
        if opened >= 0 and words.find(")", opened) < 0:
            words = words[:opened]
        closed = words.find(")")
        if closed >= 0 and words.find("(", 0, closed) < 0:
            words = words[:closed]
        return self.text.plain[at : at + len(words)]

    def _right(self, end: int) -> str:
        """The words after an amount that may name it: none where a list goes on at once."""
        at = end + self._suffix(end)
        words = self.masked[at : at + len(self._plain_right(end))]
        following = AMOUNT.search(words)
        if following and not following.start() and following.group()[0] in "＊＋＆":  # 6个万箱养蜂镇
            following = AMOUNT.search(words, following.end())
        if following:
            inner = re.match("(?:及?以[上下])?的", words[following.end() :])
            cut = words[: following.start()]
            if not (inner and cut[-1:] not in "、和及"):
                joint = cut.find("、")
                ahead = following.end() + at
                named_before = ENDED.match(self.masked, ahead + self._suffix(ahead))
                words = cut[:joint] if named_before and 0 < joint < len(cut) - 1 else cut
                words = re.sub("(?:以及|[、和及与或并])$", "", re.sub("、(?:打造|培育|建设|新建|引进|发展|支持|创建|推广|完成)$", "", words))
        words = self.text.plain[at : at + len(words)]
        if words[:1] in JOINTS or words.startswith(("以及", "并")):
            return ""
        if OF_KIND.match(words):
            return ""
        words = words.removeprefix("的")
        if AMOUNT.search(self.masked, at, at + len(words)) and "的" in words:  # 覆盖3-5个行政村的示范片区
            words = words[words.rindex("的") + 1 :] or words
        words = re.sub(r"\([^()]*\)?$", "", words)
        role = re.search("(?:作为|担任)(.{2,})", words)
        if role:
            words = role[1]
        words = re.sub("(?<=..)(?:打造成|打造为|建设成|(?<![合兼])并(?![网联购重举轨行]..)).*", "", words).removeprefix("组成的")
        return words.strip("、(") if len(words) > 1 else ""

    def _trim(self, left: str) -> str:
        """A name out of the words before a number."""
        words = self.words
        left = words.link.sub("", re.sub(r"[由从][\d.]+.*", "", left.rstrip("(")).removesuffix("的"))
        left = words.onward.sub("", SINCE.sub("", left))
        owned = re.search(r"\d.*的(.{4,})$", left)
        if owned:
            left = owned[1]
        quantity = re.search(r"(?:不低于|不少于|不超过|不高于|达到?|占)([^,]{2,14}的)$", left)
        if quantity:
            left = left[: quantity.start()] + left[quantity.start(1) : -1]
        return self._shorten(left)

    def _shorten(self, name: str) -> str:
        lead = self.words.lead.match(name)
        if lead:
            name = name[lead.end() :]
        if len(name) > LONGEST:
            name = name[-LONGEST:]
            cut = re.search("[、,的]", name)
            name = name[cut.end() :] if cut and cut.end() < LONGEST // 2 else name
        return name.strip("、,(")

    def _spread(self, own: str, start: int) -> str:
        """Of 蔬菜、水果产量分别达3万吨、2万吨 the name that belongs to the number at `start`."""
        index = bisect_left(self.stops, start)
        low = max(self.stops[index - 1] + 1 if index else 0, start - REACH)
        clause = self.masked[low:start]
        at = clause.rfind("分别")
        if at < 0:
            return own
        numbers = AMOUNT.findall(clause[at:])
        between = AMOUNT.sub("", clause[at + 2 :])
        if len(between) > 12 + 3 * len(numbers):
            return own
        subject = self._shorten(self.words.link.sub("", self.text.plain[low : low + at]))
        names = [name for name in NAMES.split(subject) if name]
        if len(names) < 2 or len(numbers) >= len(names) or not self._paired(start, numbers):
            return own or subject
        name = names[len(numbers)]
        measure = self.words.measure.search(names[-1])
        level = re.search("级(.{2,})", names[-1])
        if level and name in ("国家", "省", "市", "县", "省级", "市级", "县级", "国家级"):
            name += level.group(1)
        elif measure and name != names[-1] and not self.words.measure.search(name):
            name += measure.group()
        return name

    def _paired(self, start: int, numbers: list[str]) -> bool:
        """Whether the number is one of several after 分别."""
        after = AMOUNT.sub("", self.masked[start : start + 24], 1)
        return bool(numbers) or bool(re.match("(?:以上|左右)?[、,和及与][＄％＃＠＊＋＆]", after.lstrip("◇")))

    def _complete(self, right: str, end: int) -> str:
        """1个国家级、1个省级示范园: what the first leaves to the second."""
        at = end + self._suffix(end)
        head = self.masked.find(right, at, at + LONGEST)
        if head < 0 or len(right) > 8:
            return right
        joint = re.match("(?:、|和|及|以及|与)([＄％＃＠＊＋＆]◇*)", self.masked[head + len(right) : head + len(right) + 40])
        if not joint:
            return right
        sibling = self._right(head + len(right) + joint.end())
        for size in (2, 1):
            found = sibling.find(right[-size:]) if len(right) >= size else -1
            if found >= 0 and (size == 2 or right[-1] in "级类型"):
                return right + sibling[found + size :]
        share = sibling.find("的")
        return right + sibling[share + 1 :] if 0 < share < 8 and len(right) <= 6 else right

    def _turn(self, right: str) -> str:
        """企业实施改造 as 实施改造的企业."""
        match = self.words.act.fullmatch(right)
        return f"{match[2]}{match[3]}的{match[1]}" if match and "的" not in match[1] else right

    def _about(self, left: str, name: str) -> str:
        """对党员开展1次培训: what is done belongs to whom it is done for."""
        about = re.search("对([^,。、对]{2,16}?)(?:至少|每年|进行|开展|组织|实行|$)", left) if len(name) < 6 else None
        return about[1] + name if about else name

    def _with_each(self, start: int, name: str) -> str:
        """每镇…2名干部: the body of which each has so many belongs to the name."""
        index = bisect_left(self.stops, start)
        low = max(self.stops[index - 1] + 1 if index else 0, start - REACH)
        each = EACH.search(self.text.plain, low, start)
        return each.group() + name if each and "每" not in name else name

    def _topic(self, before: str) -> str:
        """What 蔬菜播种面积 speaks of."""
        before = re.sub("^全[县市区省]|^新增", "", before)
        measure = self.words.generic.search(before) or self.words.measure.search(before)
        return before[: measure.start()] if measure and measure.start() else before if len(before) < 6 else ""

    def _grant(self, start: int, left: str) -> str:
        """In a rule of support, who gets what: 企业一次性奖补, of a share also what it is a share of."""
        index = bisect_left(self.stops, start)
        stop = index
        while stop and self.masked[self.stops[stop - 1]] not in STRONG and start - self.stops[stop - 1] < 2 * REACH:
            stop -= 1
        low = max(self.stops[stop - 1] + 1 if stop else 0, start - 2 * REACH)
        high = self.stops[index] if index < len(self.stops) else len(self.masked)
        if high + 1 < len(self.masked) and self.masked[high] == "," and self.masked.startswith("给予", high + 1):
            high = high + 12
        sentence = self.text.plain[low : min(high, start + 60)]
        grants = list(self.words.grant.finditer(sentence))
        words = sentence[: start - low]
        near = GIVEN.search(words)
        if grants and GRANTED.search(sentence):
            near = min(grants, key=lambda match: abs(low + match.start() - start))
        if not near:
            return ""
        what = near.group() if grants else "支持"
        basis = re.search("(?:按照?|给予)(?:不超过|不低于|不高于|其)?([^,按]{2,24}?)的?(?:不超过|不低于|不高于)?$", words)
        subject = self._subject(words[: basis.start()] if basis else words[: near.start()])
        share = f"占{basis[1]}比例" if basis and self.masked[start] == "％" else ""
        return f"{subject}{what}{share}" if subject or share or len(what) > 3 else ""

    def _subject(self, words: str) -> str:
        """Who or what a rule of support is for: 对…的企业."""
        named = re.findall(
            "(?:对于?|支持|鼓励)([^。;]{2,60}?)(?:,|给予|(?:省|市|县|区)级(?=给|按|分别)|(?:省|市|县|区)?财政|按|最高|$)", words
        )
        subject = named[-1] if named else words.partition(",")[0]
        subject = re.sub("[0-9][^的]*元[^的]*(?=的)", "", RULED.sub("", subject))
        act = re.search("(?:实施|开展|购置)(?=.{4})", subject)
        return self._shorten(subject[act.end() if act else 0 :][-24:]) if len(subject) > 1 else ""
