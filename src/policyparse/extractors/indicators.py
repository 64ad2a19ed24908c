"""What a number measures: the words around it that a reader would put in a table's first column.

The name stands before the number (秸秆还田率达到62%), after it (建成17座村级农机库) or on both sides
(养殖户100%建档); in a list its neighbour completes it (1个市级、2个县级示范茶园).
"""

import re
from bisect import bisect_left

from policyparse.extractors.grants import BARE, Grants, join
from policyparse.extractors.phrases import LONGEST, words
from policyparse.outline import Node
from policyparse.rulebook import Rulebook
from policyparse.text import Text

REACH = 120
"""Characters before a number in which the rest of its clause is looked for."""
AMOUNT = re.compile("[＄％＃＠＊＋＆]◇*")
STOPS = re.compile("[,。;:!?\n\t|]")
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
FUND = re.compile("(?:设立|安排|统筹)([^,。;]{2,30}?(?:资金|基金))")
USE = re.compile(",?(?:专项)?(?:用于|支持)([^,。;]{2,30})")
LISTED = re.compile("^[^的,]*、[^的,]*、[^的,]*(?<![高中初平同均优劣])等(?=[^级次同待效,、的][^,、])")
"""A long list before what sums it up: A、B、C等平台."""
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


class Namer:
    """Names the amounts of one text. `masked` is the text with every amount masked, at the same offsets."""

    def __init__(self, text: Text, masked: str, rulebook: Rulebook) -> None:
        self.plain, self.masked, self.words = text.plain, masked, words(rulebook)
        self.stops = [match.start() for match in STOPS.finditer(masked)]
        self.grants = Grants(text.plain, masked, self.words)
        self.last = 0, ""  # the end of the last amount and its name

    def name(self, start: int, end: int, before: str, task: str = "", section: Node | None = None) -> str:
        """The indicator of the amount at [start, end); `before` is that of the number before it in the paragraph,
        `task` what its row of a table is about: the name where its own cell says only 完成120家. The title of its
        `section` completes a name that says nothing."""
        if not self._joined(start):
            self.last = end, self._named(start, end, before, task, section)
        self.last = end, self.last[1]
        return self.last[1] or self.plain[start:end]

    def _joined(self, start: int) -> bool:
        """Whether an amount goes on with a list of which all have one name, 30万元、20万元."""
        joined = self.last[0] == start - 1 > 0 and self.plain[start - 1] in "、和及与"
        return joined and not self.grants.graded and self.plain.rfind("分别", max(0, start - REACH), start) < 0

    def _named(self, start: int, end: int, before: str, task: str, section: Node | None) -> str:
        self.grants.graded = False
        name = self.grants.name(start, end, section) if self.masked[start] in "＄％" else ""
        granted, name = bool(name), name or self._plain_name(start, end)
        if name and not granted and self.masked[start] in "＄％" and BARE.fullmatch(name):
            low = max(self.plain.rfind(stop, max(0, start - REACH), start) for stop in "。;\n") + 1
            name = self._fund(low, start, end, name) or join(self.grants.context(low, section), name)
        if task and len(name) <= 2:
            return task
        if not name and self.plain.endswith(ACTS, 0, start):
            name = self.words.shorten(self._clause_before(start))
        if not name:
            return before or self.words.shorten(self._after(end)) or self._clause_before(start)
        return self._topic(before) + name if before and self.words.topic(name) == "" else name

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

    def _fund(self, low: int, start: int, end: int, name: str) -> str:
        """What a budget sets money aside for: 设立…专项资金,市财政每年安排5亿元."""
        if not name.endswith("财政"):
            return ""
        fund = FUND.search(self.plain, max(low, start - REACH), start)
        if fund:
            return self.words.shorten(fund[1])
        use = USE.search(self.plain, end, end + REACH)
        return self.words.shorten(use[1]) + "资金" if use else ""

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
                aside = self.plain[self._clause(opened) : opened]
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
        left = self.words.unlink(ORIGIN.sub("", left.rstrip("(")).removesuffix("的"))
        left = LISTED.sub("", words.onward.sub("", SINCE.sub("", left)))
        owner = OWNER.search(left)
        left = self.words.unlink(owner[1] if owner else left)
        quantity = QUANTITY.search(left)
        if quantity:
            left = left[: quantity.start()] + left[quantity.start(1) : -1]
        return self.words.shorten(left)

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
        return name if name.endswith(self.words.measures) else name + self.words.measure(last)

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
        if JOINT.match(self.masked, at):
            return ""
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
        if inner:  # 容纳6-8家商户的集市
            words = words[words.rindex("的") + 1 :] or words
        words = LISTED.sub("", BRACKET.sub("", words.removeprefix("的")))
        role = ROLE.search(words)
        words = self.words.duty.sub("", BECOMES.sub("", role[1] if role else OF.sub("", words))).strip("、(")
        return words if len(words) > 1 else ""

    def _is_predicate(self, right: str, end: int) -> bool:
        """Whether what follows a number says what is done, not what is counted."""
        if self.masked.startswith("的", self._suffix(end)) or (right[0] in "在对由以" and "的" in right):
            return False
        return self.words.predicate(right)

    def _complete(self, right: str, end: int) -> str:
        """1个市级、2个县级示范园: what the first leaves to the second."""
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

    def _topic(self, before: str) -> str:
        """What the name before speaks of, for a measure that does not say of what."""
        before = WHOLE.sub("", before)
        of = self.words.topic(before)
        of = before.removesuffix(self.words.measure(before)) if of is None else of
        return of if of != before or len(before) < 6 else ""
