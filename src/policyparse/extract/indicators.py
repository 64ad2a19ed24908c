"""What a number measures: the words around it that a reader would put in a table's first column.

The name stands before the number (农膜回收率达到80%), after it (建成62座生活垃圾中转站) or on both sides
(适龄儿童100%入学); in a list its neighbour completes it (1个国家级、1个省级产业示范园). Which words lead in, link or
name a measure is said by the lists in patterns/targets.yaml.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from policyparse.extract.amounts import Longest
from policyparse.rulebook import Rulebook
from policyparse.text import Text

LINK = 12
"""Characters at the end of a name in which 达到 and the like are looked for."""
LONGEST = 40
"""Characters of the longest name; a longer run of words is cut at its front."""
REACH = 120
"""Characters before a number in which the rest of its clause is looked for; twice as many for its sentence."""
AMOUNT = re.compile("[＄％＃＠＊＋＆]◇*")
STOPS = re.compile("[,。;:!?\n\t]")
SENTENCE = "。;!?\n\t"
JOINT = re.compile("(?:、|和|及|以及|与)([＄％＃＠＊＋＆]◇*)")
ENDED = re.compile("[、,。;:!?)\n和及]|$")
SUFFIX = re.compile(r"(?:\([^()\n]{1,8}\))?(?:及?以[上下内]|左右|上下|之内|之间)?(?:\(含[^()\n]{0,8}\))?")
"""Right behind a number: how it compares."""
OWNED = re.compile("(?:及?以[上下内])?的|及?以[上下][^、,和及与]")
"""Behind a number that only describes what comes next: 10万元以上的村50个."""
NO_THING = re.compile("的?(?:标准(?!化|厂房|件|体系)|比例|额度|基础上|目标|要求)(?:[^的]|$)")
"""Behind a number, and no name: 按每年600万元的标准给予."""
TRAILING = re.compile("(?:、(?:打造|培育|建设|新建|引进|发展|支持|创建|推广|完成|组织))?(?:以及|[、和及与或并])?$")
"""The start of the next item, at the end of a name."""
BRACKET = re.compile(r"\([^()]*\)?$")
BECOMES = re.compile("(?<=..)(?:打造成|打造为|建设成|(?<![合兼])并(?![网联购重举轨行]..)).*")
SPANNING = ("覆盖", "带动", "辐射")
"""Between two numbers of which the second describes what the first counts: 一个覆盖3个村的片区."""
OF = re.compile("^(?:组成|人民币)的")
ROLE = re.compile("(?:作为|担任)(.{2,})")
QUANTITY = re.compile("(?:不低于|不少于|不超过|不高于|达到?|占)([^,]{2,14}的)$")
"""不少于新增岗位的10%: the whole belongs to the name."""
ORIGIN = re.compile("[由从][0-9.]+.*")
SINCE = re.compile("(?:同?比|较)[^,、]{1,12}[年末期初]$")
OWNER = re.compile("[0-9].*的(.{4,})$")
BACK_TO = re.compile("[、,的]")
LEVEL = re.compile("级(.{2,})")
RANKS = ("国家", "省", "市", "县", "国家级", "省级", "市级", "县级")
NAMES = re.compile("、|(?<![普涉以])及(?![时格率])|和(?!谐|平)|(?<![参给])与")
"""Between the names of a list."""
ABOUT = re.compile("对([^,。、对]{2,16}?)(?:至少|每年|进行|开展|组织(?![书部委者机])|实行|$)")
EACH = re.compile(
    "每(?:个|名|家|支|所|位)?(?![0-9年月季周半日次])[^,、每月季]{1,20}?"
    "(?=不|至少|都|应|要|须|必须|配备|确定|有|建|设|引进|对接|储备|培育|选|发展|拥有|具有|形成|原则上|每|结对|$)"
)
WHOLE = re.compile("^全[县市区省]|^新增")
HELD = re.compile("^.*(?:召开|开展|组织|举办|建立)(?=..)")
ACTS = ("召开", "开展", "组织", "举办", "进行", "集中")
GRANTING = re.compile("给予|予以|最高|按|(?:奖|补)[励助贴补]?[0-9]")
GIVEN = re.compile("给予(?:最高|不超过)*$")
BASIS = re.compile(
    "(?:按照?|给予)(?:不超过|不低于|不高于|其)?([^,按0-9]{2,24}?)的?(?:不超过|不低于|不高于)?(?:[0-9.]+[%‰]、)*$"
)
"""按项目投资额的30%: what a grant is a share of."""
GRANTEE = re.compile(
    "(?:对于?|支持|鼓励)([^。;]{2,60}?)(?:,|给予|[省市县区]级(?=给|按|分别)|[省市县区]?财政|按|最高|$)"
)
RULED = re.compile(
    "(?:按照?|根据|依照).*(?:规定|情况|要求).*|(?:并|再)?(?:分阶段|每年)?给予.*|(?:一次性)?分别$|[0-9][^的]*元[^的]*(?=的)"
)
"""Of no use in the name of who gets a grant."""
DOING = re.compile("(?:实施|开展|购置)(?=.{4})")
PAYEE = re.compile("每(?:家|个|户|人|名|村|亩|项)(?=.{0,6}$)")
TIME = (
    r"(?:到|至|自|从)?(?:\d{4}年|“?十[三四五六]五”?|[0-9]{1,2}年内|今年|明年|本年|\d{1,2}月)(?:\d{1,2}月)?"
    "(?:上半|下半)?(?:年?底|末|初)?(?:之?前|以前|期间|时期|内|起|度)?"
)
NOT_BEYOND = "(?:应|须|宜|要)?(?:不(?:得|应|宜|能|可)?|禁止|严禁)(?:低于|少于|超过|高于|大于|小于|多于)"
OFTEN = "(?:每(?:半?年|月|季度|周|日|[0-9]年|两年|人|户|亩|名|次)(?:至少)?|至少)(?:召开|开展|举办|组织|安排|进行)?"
OPENING = re.compile(f"(?:{TIME}|[、,和及与的:)(]|[-—]{{1,2}}|[\\d一二三四五六七八九十]{{1,2}}[.、)](?!\\d))+")
"""A time or a mark at the front of a name, to be dropped."""
CLOSING = re.compile(f"(?:{NOT_BEYOND}|{OFTEN})$")
"""Behind a name, to be dropped: how it compares, and how often."""
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

        self.lead = Longest(words("lead"))  # at the front, to be dropped: 力争, 全年, 完成
        self.link = Longest(words("link"))  # at the end, to be dropped: 达到, 不低于
        self.generic = Longest(words("generic"))  # a measure that does not say of what: 产量, 比例
        self.measures = tuple(sorted(words("measure"), key=len, reverse=True))  # ends of a name: 率, 比例, 产量
        self.predicates = words("predicate")  # begin a verb phrase: 实施, 用于
        self.onward = re.compile(  # up to which the words before a number are of no use: 组织开展
            f"^.*{either(words('onward'))}(?!率|比例|区)(?=..)|^[^,、]{{2,10}}将(?=..)", re.S
        )
        self.duty = re.compile(f"(?<=...){either(words('duty'))}.*", re.S)  # ends the name of a body: 领导联系
        self.act = re.compile(f"(.{{1,16}}?)({either(words('act'))})(.{{2,}})", re.S)  # splits 企业实施改造
        self.grant = re.compile(either(words("grant")))  # 奖补, 补贴


@lru_cache(maxsize=8)
def _words(rulebook: Rulebook) -> Words:
    return Words(rulebook)


class Namer:
    """Names the amounts of one text. `masked` is the text with every amount masked, at the same offsets."""

    def __init__(self, text: Text, masked: str, rulebook: Rulebook) -> None:
        self.plain, self.masked, self.words = text.plain, masked, _words(rulebook)
        self.stops = [match.start() for match in STOPS.finditer(masked)]

    def name(self, start: int, end: int, before: str) -> str:
        """The indicator of the amount at [start, end); `before` is that of the number before it in the paragraph."""
        name = self._grant(start) if self.masked[start] in "＄％" else ""
        name = name or self._plain_name(start, end)
        if not name and self.plain.endswith(ACTS, 0, start):
            name = self._shorten(self._clause_before(start))
        if not name:
            name = before or self._shorten(self._after(end)) or self._clause_before(start)
        elif before and self._topic_of(name) == "":
            name = self._topic(before) + name
        return name or self.plain[start:end]

    def _plain_name(self, start: int, end: int) -> str:
        """The name before or behind a number, or both."""
        measures, sign = self.words.measures, self.masked[start]
        left, right = self._left(start), self._right(end)
        own = self._trim(left)
        if sign == "％" and right.startswith("用于"):
            return own + right
        if not right or (own and self._is_predicate(right, end)):
            return self._spread(own, start)
        if sign == "％":
            if own.endswith(measures):
                return own
            right = self._complete(right, end)
            return right if not own or self.masked[end : end + 1] in "的以" else own + right
        if left.endswith(SPANNING):
            return left[-2:] + right.partition("的")[0]
        if left.endswith("的") and own:
            return own + "的" + right
        if own and sign in "＄＠" and (own.endswith(measures) or (sign == "＄" and not right.endswith(measures))):
            return own
        return self._each(start) + self._about(left, self._turn(self._complete(right, end)))

    # The words before a number.

    def _clause(self, start: int) -> int:
        """Where the clause of an amount begins."""
        index = bisect_left(self.stops, start)
        return max(self.stops[index - 1] + 1 if index else 0, start - REACH)

    def _left(self, start: int) -> str:
        """The words of the clause before an amount, back to the number before it."""
        low = self._clause(start)
        clause, aside = self.masked[low:start], ""
        opened, closed = clause.rfind("("), clause.find(")")
        if opened > clause.rfind(")"):
            low += opened + 1
        elif closed >= 0 and "(" not in clause[:closed]:  # the clause begins inside a bracket: go back to before it
            opened = self.masked.rfind("(", max(0, low - REACH, self.masked.rfind("\n", 0, low)), low)
            if opened >= 0:
                aside = self.plain[max(self._clause(opened), opened - LONGEST) : opened]
                low += closed + 1
        for match in reversed(list(AMOUNT.finditer(self.masked, low, start))):
            if not OWNED.match(self.masked, match.end()) and self.masked[match.start() - 1] not in "由从":
                low, aside = self._suffix(match.end()), ""
                low += self.masked.startswith(("宽", "厚", "深"), low)  # 4.5米宽产业路
                break
        return aside + self.plain[low:start]

    def _trim(self, left: str) -> str:
        """A name out of the words before a number."""
        words = self.words
        left = self._unlink(ORIGIN.sub("", left.rstrip("(")).removesuffix("的"))
        left = words.onward.sub("", SINCE.sub("", left))
        owner = OWNER.search(left)
        left = self._unlink(owner[1] if owner else left)
        quantity = QUANTITY.search(left)
        if quantity:
            left = left[: quantity.start()] + left[quantity.start(1) : -1]
        return self._shorten(left)

    def _unlink(self, words: str) -> str:
        """The words without 达到 and the like at their end."""
        while True:
            link = CLOSING.search(words, max(0, len(words) - LINK))
            size = len(link[0] if link else self.words.link.before(words))
            if not size:
                return words
            words = words[:-size]

    def _unlead(self, name: str) -> str:
        """The name without 力争 and the like at its front."""
        at = size = 0
        while True:
            opening = OPENING.match(name, at)
            size = len(opening[0] if opening else self.words.lead.at(name, at))
            if not size or (not opening and name.startswith(NO_LEAD, at + size)):
                return name[at:]
            at += size

    def _shorten(self, name: str) -> str:
        name = self._unlead(name)
        if len(name) > LONGEST:
            name = name[-LONGEST:]
            cut = BACK_TO.search(name, 0, LONGEST // 2)
            name = name[cut.end() :] if cut else name
        return name.strip("、,(")

    def _spread(self, own: str, start: int) -> str:
        """Of 蔬菜、水果产量分别达3万吨、2万吨 the name that belongs to the number at `start`."""
        low = self._clause(start)
        at = self.masked.rfind("分别", low, start)
        numbers = AMOUNT.findall(self.masked, at, start) if at >= 0 else []
        if at < 0 or len(AMOUNT.sub("", self.masked[at:start])) > 14 + 3 * len(numbers):
            return own
        subject = self._trim(self.plain[low:at])
        names = [name for name in NAMES.split(subject) if name]
        amount = AMOUNT.match(self.masked, start)
        paired = numbers or (amount and JOINT.match(self.masked, self._suffix(amount.end())))
        if len(names) < 2 or len(numbers) >= len(names) or not paired:
            return own or subject
        name, last = names[len(numbers)], names[-1]
        level = LEVEL.search(last)
        if level and name in RANKS:
            return name + level[1]
        return name if name.endswith(self.words.measures) else name + self._measure(last)

    def _measure(self, name: str) -> str:
        """The measure at the end of a name, 产量 of 水果产量."""
        return next((measure for measure in self.words.measures if name.endswith(measure)), "")

    def _clause_before(self, start: int) -> str:
        """The clause before that of an amount: of …召开会议,每年至少召开一次 the first."""
        index = bisect_left(self.stops, start)
        low = self.stops[index - 2] + 1 if index > 1 else 0
        return HELD.sub("", self.plain[low : self.stops[index - 1]][-LONGEST:]) if index else ""

    # The words behind a number.

    def _suffix(self, at: int) -> int:
        """Where 以上 and the like behind a number end."""
        match = SUFFIX.match(self.masked, at, at + 20)
        return match.end() if match else at

    def _after(self, end: int) -> str:
        """The words after an amount up to the end of its clause."""
        at = self._suffix(end)
        index = bisect_left(self.stops, at)
        stop = self.stops[index] if index < len(self.stops) else len(self.masked)
        words = self.masked[at : min(stop, at + 2 * LONGEST)]
        opened = words.find("(")
        if opened >= 0 and words.find(")", opened) < 0:
            words = words[:opened]
        closed = words.find(")")
        if closed >= 0 and words.find("(", 0, closed) < 0:
            words = words[:closed]
        return self.plain[at : at + len(words)]

    def _right(self, end: int) -> str:
        """The words after an amount that may name it; none where a list goes on at once."""
        at = self._suffix(end)
        words = self.masked[at : at + len(self._after(end))]
        following = AMOUNT.match(words)
        following = AMOUNT.search(words, following.end() if following and following[0][0] in "＊＋＆" else 0)
        joined = following and words[following.start() - 1 : following.start()] in "、和及"
        spanning = following and words[: following.start()].endswith(SPANNING)
        if following and not spanning and (joined or not OWNED.match(words, following.end())):
            cut, joint = words[: following.start()], words.find("、", 0, following.start())
            if 0 < joint < len(cut) - 1 and ENDED.match(self.masked, self._suffix(at + following.end())):
                cut = cut[:joint]
            words = TRAILING.sub("", cut)
        inner = bool(AMOUNT.search(words)) and "的" in words
        words = self.plain[at : at + len(words)]
        if words.startswith(("、", ",", "和", "及", "与", "或", "以及", "并")) or NO_THING.match(words):
            return ""
        if inner:  # 覆盖3-5个行政村的示范片区
            words = words[words.rindex("的") + 1 :] or words
        words = BRACKET.sub("", words.removeprefix("的"))
        role = ROLE.search(words)
        words = self.words.duty.sub("", BECOMES.sub("", role[1] if role else OF.sub("", words))).strip("、(")
        return words if len(words) > 1 else ""

    def _is_predicate(self, right: str, end: int) -> bool:
        """Whether what follows a number says what is done, not what is counted."""
        if self.masked.startswith("的", self._suffix(end)) or (right[0] in "在对由以" and "的" in right):
            return False
        return right.startswith(self.words.predicates)

    def _complete(self, right: str, end: int) -> str:
        """1个国家级、1个省级示范园: what the first leaves to the second."""
        at = self._suffix(end)
        head = self.masked.find(right, at, at + LONGEST)
        joint = JOINT.match(self.masked, head + len(right)) if head >= 0 and len(right) <= 8 else None
        if not joint:
            return right
        sibling = self._right(joint.end())
        for size in (2, 1):
            found = sibling.find(right[-size:])
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
        about = ABOUT.search(left) if len(name) < 6 else None
        return about[1] + name if about else name

    def _each(self, start: int) -> str:
        """每镇…2名干部: the body of which each has so many belongs to the name."""
        each = EACH.search(self.plain, self._clause(start), start)
        return each[0] if each else ""

    def _topic_of(self, name: str) -> str | None:
        """蔬菜 of 蔬菜播种面积: a name without its measure; None where it ends in none that speaks of another."""
        measure = self.words.generic.before(name)
        return OF_ALL.sub("", name[: -len(measure)]) if measure else None

    def _topic(self, before: str) -> str:
        """What the name before speaks of, for a measure that does not say of what."""
        before = WHOLE.sub("", before)
        of = self._topic_of(before)
        of = before.removesuffix(self._measure(before)) if of is None else of
        return of if of != before or len(before) < 6 else ""

    # Rules of support.

    def _grant(self, start: int) -> str:
        """In a rule of support, who gets what: 企业一次性奖补, of a share also what it is a share of."""
        index = stop = bisect_left(self.stops, start)
        while stop and self.masked[self.stops[stop - 1]] not in SENTENCE and start - self.stops[stop - 1] < 2 * REACH:
            stop -= 1
        low = max(self.stops[stop - 1] + 1 if stop else 0, start - 2 * REACH)
        high = self.stops[index] if index < len(self.stops) else len(self.masked)
        if self.masked.startswith(",给予", high):
            high += 12
        sentence, words = self.plain[low : min(high, start + REACH // 2)], self.plain[low:start]
        grants = list(self.words.grant.finditer(sentence)) if GRANTING.search(sentence) else []
        near = min(grants, key=lambda match: abs(low + match.start() - start)) if grants else GIVEN.search(words)
        if not near:
            return ""
        what = near[0] if grants else "支持"
        basis = BASIS.search(words) if self.masked[start] == "％" else None
        subject = self._grantee(words[: basis.start()] if basis else words[: near.start()])
        share = f"占{basis[1]}比例" if basis else ""
        return f"{subject}{what}{share}" if subject or share or len(what) > 3 else ""

    def _grantee(self, words: str) -> str:
        """Who or what a rule of support is for: 对…的企业."""
        named = GRANTEE.findall(words)
        subject = RULED.sub("", named[-1] if named else words.partition(",")[0])
        doing = DOING.search(subject)
        payee = PAYEE.search(words)
        subject = self._shorten(subject[doing.end() if doing else 0 :])
        cut = BACK_TO.search(subject, max(0, len(subject) - 30)) if len(subject) > 30 else None
        return subject[cut.end() if cut else 0 :] or (payee[0] if payee else "")
