"""Names for what rules of support grant: 对新认定的示范企业,给予最高45万元奖励 is 新认定的示范企业奖励.

A name says who or what it is granted for, for each of whom (每家), and what: 补助; of a share also what it is of.
"""

import re

from policyparse.extractors.phrases import Words
from policyparse.outline import Node

REACH = 320
"""Characters before an amount in which its sentence is looked for."""
AHEAD = 60
"""Characters behind an amount in which the grant is looked for."""
LONGEST = 30
"""Characters of who or what a grant is for; of more the last words are taken."""
BRIEF = 14
"""Characters of what is put before 单个企业: of more only the head, which says enough by itself, or nothing."""
CAP = re.compile(
    "(?:其中|累计|合计|年度|全年|第[一二三四五]年|[首次]年|原则上|一般|每年|(?:单|每).{1,3}|补贴|补助|奖[补励]|资助|金额|总额|额度|标准|上限)*"
)
"""A clause that says no more than 单个企业总额 before its amount."""
SENTENCE = "。;!?\n\t"
AMOUNT = re.compile("[＄％＃＠＊＋＆]◇*")
STOP = re.compile("[,。;:!?)\n\t]")
GIVE = re.compile(
    "给予|予以|提供(?=.{0,6}[补奖])|发放|(?:奖励|奖补|补助|补贴|资助|[奖补])(?=[0-9最]|$)|可?按(?!时|期)照?"
    "|最高(?!标准|层|人民|水平|[^,。补]{0,6}奖(?!励|补))"
)
"""Begins the part of a clause that tells how much."""
GIVEN = re.compile("(?:给予|予以)[^,]*$")
MOST = re.compile("最高(?!标准|层|人民|科)|(?:一般|累计|合计|原则上)?不(?:得)?(?:超过|低于|高于)|再?给予|予以|可|按")
"""Of no use in the middle of a name."""
BASIS = re.compile(
    "(?:按照?|给予)(?:不超过|不低于|不高于|最高|其)?(?!照|不|最高|规定|要求)((?:(?!给予|可?按)[^,]){2,40}?)的?"
    "(?:不超过|不低于|不高于|不少于|最高)?(?:[0-9.]+[%‰]、)*$"
)
"""按项目投资额的30%: what a grant is a share of."""
FOR = re.compile(
    "(?:(?<![应面针核绝相比校反])对于?(?!外(?![地商资来籍])|[内接口应照比标])|(?<!的)支持(?!力度|计划|作用|政策|方向|范围)|鼓励)([^。;]{2,120}?)"
    "(?:,|给予|予以|(?<=的)分别|[省市县区]级(?=给|按|分别)|[省市县区]?财政|可?按(?!时|期)|最高(?!科)"
    "|每[家人个户](?=补|奖|给|最高|[0-9])|$)"
)
LISTED = re.compile(
    "(?<=获批|认定|获得|入选|列入|创建|评为|建设|引进|通过|承担|开展|属于|.的)[^,的]*、[^,的]*等(?=[^级次,、待])"
)
"""新获批A、B、C等平台: only the last says what the others are."""
USELESS = re.compile(
    "(?:按照?|根据|依照|依据|参照|参考).*(?:规定|情况|要求|标准|数额|政策|程序).*"
    "|(?:经|除|符合)[^,]*(?:后|外|的|认定|批准|评审|备案)$"
    "|(?:并|再)?(?:分阶段|每年)?(?:给予|予以).*|(?:一次性)?分别$|(?:由|从)?(?:各级|省|市|县|区|中央)*级?财政.*"
    "|^(?:省|市|县|区)级?$|^(?:其中|另|再|可|共|各|每年|一次性|由|将|并|且|凡|经|分(?:[一二三两]年|阶段|期))+$"
)
"""Of no use in the name of who gets a grant."""
SIZED = re.compile("[^,的]*[0-9][^,的]*(?:元|%|人|亩|万)[^,的]*的(?=.{4})")
"""Tells only the size of who gets a grant: 年营业额不超过700万元的."""
DOING = re.compile("(?:实施|开展|购置)(?=.{4})")
EACH = re.compile("每[^年月]{1,2}|每.*[0-9].*")
"""For each of whom, 每家: who it is stands elsewhere."""
BARE = re.compile(
    "(?:给予|予以|提供|规定|按照?|一次性|累计|合计|分别|年度|全年|每年|其中|单[个家项户位](?:[^的]{0,4})|每[^年月的0-9]{1,5}|其"
    "|(?:第[一二三四五0-9]|首|次|当)年|(?:各级|中央|[省市县区])?级?财政|(?:省|市|县|区)级?|奖[励补]|补[助贴]|资助|支持)*"
)
"""Says nothing of who or what a grant is for: 第一年, 单个企业, 市财政."""
HALVES = re.compile("(?P<each>每[家个户名项所]|单[个家户项])(?P<noun>合作社|[^的]{2})")
"""单个企业: with 迁入的企业 it is 迁入的单个企业."""
GENERAL = ("企业", "单位", "企事业单位", "机构", "项目", "个人", "团队", "人才", "平台")
"""Heads of a name that say nothing by themselves."""
CLOSING = re.compile("的?(?:(?:加快|又好又快|高质量|快速|健康|创新|融合|集聚|可持续)*发展|力度|步伐|水平)$")
"""At the end of a title, of no use in a name."""
UNTOLD = re.compile(
    "[,。;:]|(?:措施|政策|机制|保障|要求|方式|方法|办法|标准|原则|对象|范围|条件|内容|程序|任务|目标|事项|附则|奖励|奖补|补助|补贴"
    "|支持|扶持|资金|经费|投入|服务|环境)$"
)
"""In a title that does not say what is supported."""
SUM = re.compile("(?:金额|总额|额度|额|标准|上限|资金)$")
GRADE = "(?:[＄％＃＠＊]◇*|全[国省市县区]|(?:国家|省|市|县|区)级?|[一二三特]等奖|[金银铜]奖)"
GRADES = re.compile(f"{GRADE}(?:[、和及]{GRADE})+")
"""Of 国家级、省级, 分别给予50万元、20万元 each amount is for one."""
PAID = re.compile("(?:每.{1,2}(?:补贴|补助|奖励))?[＄％]◇*(?!◇|[^,]*的)")
"""An amount in the clause before that tells nothing of who gets the next."""
QUOTES = re.compile("“[^”]{1,20}”(?:[、和及]?“[^”]{1,20}”)+")
"""Grades in quotation marks, with or without a mark between them."""
QUOTE = re.compile("“[^”]*”")
RUN = re.compile("[＄％＃＠＊＋＆]◇*(?:[、和及][＄％＃＠＊＋＆]◇*)*")
"""Amounts of one list."""
RANK = ("国家", "省", "市", "县", "区")
FRONT = re.compile("^.*(?:的|认定|获批|获得|入选|列入|通过|评为|建设|引进|承担|完成|制定|取得|参与|创建)(?=..)")
"""What the first name of a list shares with the others."""
PIECE = re.compile("[^、和及]+")
ASIDE = re.compile(r"\([^()]*\)?|[、和及,)]")
OWN_GRADE = re.compile(r"\(([^()0-9含]{2,8})\)")
"""Right behind an amount, whom it is for: 500万元(国家级)."""


class Grants:
    """Names the grants of one text. `masked` is the text with every amount masked, at the same offsets."""

    def __init__(self, plain: str, masked: str, words: Words) -> None:
        self.plain, self.masked, self.words = plain, masked, words
        self.graded = False  # whether the last amount had a grade to itself

    def name(self, start: int, end: int, section: Node | None = None) -> str:
        """Who gets what by the amount at [start, end) of a section, empty where it is no grant."""
        low = max(0, start - REACH, *(self.masked.rfind(stop, max(0, start - REACH), start) + 1 for stop in SENTENCE))
        clause = self._clause(low, start)
        following = STOP.search(self.masked, end, end + AHEAD)
        close = following.start() if following else min(end + AHEAD, len(self.plain))
        own = self.plain[clause:start]
        give = GIVE.search(own)
        share = BASIS.search(own) if self.masked[start] == "％" else None
        what = self._what(low, start, close, ahead=share is not None)
        told = give or GIVE.search(self.plain, end, close) or CAP.fullmatch(self.words.unlink(own))
        if not what or not told or (self.masked[start] == "％" and not give):
            return ""
        before = AMOUNT.search(self.masked, clause, start)
        front = own[: give.start()] if give else own[: before.start() - clause] if before else own
        each = "" if share else self._each(clause + (give.end() if give else len(own)), start)
        who = self._who(low, clause, clause + len(front), start, close, section)
        grade = OWN_GRADE.match(self.plain, end)
        name = join(join((grade[1] if grade and grade[1] not in who else "") + who, each), what)
        return name + (f"占{share[1]}比例" if share else "") if len(name) > len(what) or share or len(what) > 3 else ""

    def context(self, low: int, section: Node | None) -> str:
        """Whom the sentences before in the paragraph name, 对…的企业, else what the section's title speaks of."""
        line = max(self.plain.rfind("\n", 0, low) + 1, low - REACH)
        for named in reversed(list(FOR.finditer(self.plain, line, low))):
            subject = self._subject(*named.span(1), low) if self.plain[named.start()] == "对" else ""
            if not BARE.fullmatch(subject):
                return subject.removesuffix("的")
        return self.topic(section)

    def topic(self, section: Node | None) -> str:
        """What the title of a section or one above it speaks of: 科学仪器产业 of 培育科学仪器产业."""
        while section and section.level:
            title = self.words.object(CLOSING.sub("", (section.title or "").rstrip("。")))
            if 2 < len(title) <= LONGEST and not UNTOLD.search(title):
                return title
            section = section.parent
        return ""

    def _clause(self, low: int, start: int) -> int:
        """Where the words of an amount begin, behind a comma or inside a bracket."""
        comma, opened = self.masked.rfind(",", low, start), self.masked.rfind("(", low, start)
        return max(low, comma + 1, 0 if self.masked.find(")", opened, start) >= 0 else opened + 1)

    def _what(self, low: int, start: int, close: int, *, ahead: bool) -> str:
        """What is granted: the nearest word for a grant in the sentence, of a share also in the next clause."""
        grants = list(self.words.grant.finditer(self.plain, low, close))
        if grants:
            return min(grants, key=lambda grant: abs(grant.start() - start))[0]
        later = self.words.grant.search(self.plain[close : close + AHEAD].split("。")[0]) if ahead else None
        if later:
            return later[0]
        return "支持" if GIVEN.search(self.plain, low, start) else ""

    def _each(self, low: int, start: int) -> str:
        """For each of whom, or what grade: 每家, 一等奖; what stands between 给予 and the amount."""
        amounts = list(AMOUNT.finditer(self.masked, low, start))
        words = self.plain[amounts[-1].end() if amounts else low : start].removeprefix("规定")
        words = SUM.sub("", self.words.grant.sub("", self.words.unlead(MOST.sub("", ASIDE.sub("", words)))))
        return words if len(words) <= 10 else ""

    def _who(self, low: int, clause: int, front: int, start: int, close: int, section: Node | None) -> str:
        """Who or what a grant is for."""
        named = FOR.search(self.plain, start, close) or self._last_for(clause, front)
        if named:
            return self._subject(*named.span(1), start)
        words = self._subject(clause, front, start)
        own = SUM.sub("", self._tail(words))
        if len(own) > 2 and not own.endswith("的") and not EACH.fullmatch(own) and not BARE.fullmatch(own):
            return own
        named = self._last_for(low, clause)
        if not named:
            who = self._before(low, clause, start) if own or not words else ""
            return join(self.context(low, section) if BARE.fullmatch(who + own) else who, own)
        who = self._subject(*named.span(1), start)
        head = who.removesuffix("的").rpartition("的")[2]
        if own and len(who) > BRIEF and BARE.fullmatch(own) and HALVES.match(own):
            who = head if 3 < len(head) <= BRIEF else ""
            if not who:
                return own
        condition = self._subject(named.end(), clause - 1, start) if self.plain[clause - 2 : clause] == "的," else ""
        if condition and named.end() < clause:
            who = condition + who.rpartition("的")[2]
        return own + who.removesuffix("的") if own.endswith("的") else join(who.removesuffix("的") if own else who, own)

    def _last_for(self, low: int, high: int) -> "re.Match[str] | None":
        """The last 对…的企业 between two places."""
        named = [match for match in FOR.finditer(self.plain, low, high) if not BARE.fullmatch(match[1])]
        return named[-1] if named else None

    def _before(self, low: int, clause: int, start: int) -> str:
        """The last clause before that of the amount that may say who gets a grant."""
        high = clause - 1
        while high > low:
            begin = self.masked.rfind(",", low, high) + 1 or low
            told = PAID.search(self.masked, begin, high), GIVE.search(self.plain, begin, high)
            end = min((found.start() for found in told if found), default=high)
            subject = self._tail(self._subject(begin, end, start))
            if len(subject) > 3:
                return subject
            high = begin - 1
        return ""

    def _tail(self, words: str) -> str:
        """单个企业年度补助金额 without what is granted."""
        grants = list(self.words.grant.finditer(words))
        return words[: grants[-1].start()] if grants and len(words) - grants[-1].end() < 4 else words

    def _subject(self, low: int, high: int, start: int) -> str:
        """A name out of the words [low, high): of grades only the amount's own, of a long list only what sums it up."""
        words = self._grade(low, high, start) or SIZED.sub("", self.plain[low:high])
        words = USELESS.sub("", self.words.unlink(MOST.sub("", words)))
        words = LISTED.sub("", words) if len(words) > LONGEST else words
        doing = DOING.search(words)
        words = words[doing.end() :] if doing else words
        head = words.removesuffix("的").rpartition("的")[2]
        alone = len(words) > LONGEST and len(head) > 4 and head not in GENERAL
        return self.words.shorten(head if alone else words, LONGEST)

    def _grade(self, low: int, high: int, start: int) -> str:
        """The words [low, high) with only that of their grades which the amount is for; empty where they list none."""
        told = self.plain.rfind("分别", high, start)
        begin = max(told, high)
        run = next((run for run in RUN.finditer(self.masked, begin, start + AHEAD) if run.end() > start), None)
        if run is None:
            return ""
        order = len(AMOUNT.findall(self.masked, begin if told >= 0 else run.start(), start))
        count = order + len(AMOUNT.findall(self.masked, start, run.end()))
        if count < 2 and told < 0:
            return ""
        grades = GRADES.search(self.masked, low, high)
        pieces = list(PIECE.finditer(self.masked, *grades.span())) if grades else []
        if not grades or order >= len(pieces) or (told < 0 and len(pieces) != count):
            grades = QUOTES.search(self.plain, low, high)
            pieces = list(QUOTE.finditer(self.plain, *grades.span())) if grades else []
            if len(pieces) != count:
                grades = None
        if grades:
            self.graded = True
            piece = self.plain[slice(*pieces[order].span())]
            piece += "级" if piece in RANK and pieces[-1][0].endswith("级") else ""
            return self.plain[low : grades.start()] + piece + self.plain[grades.end() : high]
        names = PIECE.findall(self.plain, low, high)
        if len(names) != count or count < 2 or min(map(len, names)) < 3:
            return ""
        self.graded = True
        front = FRONT.match(names[0])
        shared = order and front and not FRONT.match(names[order].partition("的")[0])
        tail = "".join(names[-1].partition("的")[1:]) if order < count - 1 else ""
        return (str(front[0]) if front and shared else "") + str(names[order]) + tail


def join(first: str, second: str) -> str:
    """Two parts of a name as one in which no word stands twice."""
    halves = HALVES.match(second)
    if halves and first.endswith(("的" + halves["noun"], "项目")) and first.endswith(halves["noun"]):
        first = first[: -len(halves["noun"])]
    elif halves and first.endswith(halves["noun"]):
        second = halves["each"] + second[halves.end() :]
    shared = next((size for size in range(min(len(first), len(second)), 1, -1) if first.endswith(second[:size])), 0)
    return first + second[shared:]
