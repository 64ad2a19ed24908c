"""Names for what rules of support grant: 对新认定的示范企业,给予最高45万元奖励 is 新认定的示范企业奖励.

A name says who or what it is granted for, for each of whom (每家), and what: 补助; of a share also what it is of. The
shapes that tell these apart stand in patterns/grants.yaml.
"""

from collections.abc import Sequence

import regex

from policyparse.extractors.amounts import MONEY, SHARE, Amount, Figures
from policyparse.extractors.phrases import Words
from policyparse.outline import Node
from policyparse.text import Span

REACH = 320
"""Characters before an amount in which its sentence is looked for."""
AHEAD = 60
"""Characters behind an amount in which the grant is looked for."""
LONGEST = 30
"""Characters of who or what a grant is for; of more the last words are taken."""
BRIEF = 14
"""Characters of what is put before 单个企业: of more only the head, which says enough by itself, or nothing."""
SENTENCE = "。;!?\n\t"
STOPS = ",。;:!?)\n\t"
JOINTS = "、和及"


class Grants:
    """Names the grants of one text."""

    def __init__(self, figures: Figures, words: Words) -> None:
        self.figures, self.plain, self.masked = figures, figures.plain, figures.masked
        self.words, self.shapes = words, words.grant
        self.graded = False  # whether the last amount had a grade to itself

    def name(self, amount: Amount, section: Node | None = None) -> str:
        """Who gets what by an amount of a section, empty where it is no grant."""
        start, end = amount.start, amount.end
        before = self.masked[max(0, start - REACH) : start]
        low = start - len(before) + max(map(before.rfind, SENTENCE)) + 1
        grants = [grant.span() for grant in self.shapes["what"].each(self.plain, low, end + 2 * AHEAD)]
        if not grants and "予" not in self.plain[low:start]:
            return ""
        clause = self._clause(low, start)
        ahead = self.masked[end : end + AHEAD]
        close = end + min((at for at in map(ahead.find, STOPS) if at >= 0), default=len(ahead))
        own = self.plain[clause:start]
        give = self.shapes["give"].search(own)
        if amount.sign == SHARE and not give:
            return ""
        share = self.shapes["basis"].search(own) if amount.sign == SHARE else None
        what = self._what(grants, low, start, close, ahead=share is not None)
        if not what or not (give or self._is_cap(own) or self.shapes["give"].search(self.plain, end, close)):
            return ""
        others = self.figures.between(clause, start)
        front = give.start() if give else others[0].start - clause if others else len(own)
        each = "" if share else self._each(clause + (give.end() if give else len(own)), start)
        who = self._who(low, clause, clause + front, start, close, section)
        grade = self.shapes["own-grade"].match(self.plain, end)
        name = self.join(self.join((grade[1] if grade and grade[1] not in who else "") + who, each), what)
        return name + (f"占{share[1]}比例" if share else "") if len(name) > len(what) or share or len(what) > 3 else ""

    def context(self, low: int, section: Node | None) -> str:
        """Whom the sentences before in the paragraph name, 对…的企业, else what the section's title speaks of."""
        line = max(self.plain.rfind("\n", 0, low) + 1, low - REACH)
        for named in reversed(list(self.shapes["for"].each(self.plain, line, low))):
            subject = (
                self._subject(named.start("whom"), named.end("whom"), low) if self.plain[named.start()] == "对" else ""
            )
            if not self.bare(subject):
                return subject.removesuffix("的")
        return self.topic(section)

    def topic(self, section: Node | None) -> str:
        """What the title of a section or one above it speaks of: 科学仪器产业 of 培育科学仪器产业."""
        while section and section.level:
            title = self.words.object(self.shapes["title-end"].without((section.title or "").rstrip("。")))
            if 2 < len(title) <= LONGEST and not self.shapes["untold"].search(title):
                return title
            section = section.parent
        return ""

    def bare(self, words: str) -> bool:
        """Whether words say nothing of who or what a grant is for: 第一年, 单个企业, 市财政."""
        return not words or self.shapes["bare"].fits(words) is not None

    def _is_cap(self, words: str) -> bool:
        """Whether a clause says no more than 单个企业总额 before its amount."""
        words = self.words.unlink(words)
        return not words or self.shapes["cap"].fits(words) is not None

    def _clause(self, low: int, start: int) -> int:
        """Where the words of an amount begin, behind a comma or inside a bracket."""
        comma, opened = self.masked.rfind(",", low, start), self.masked.rfind("(", low, start)
        return max(low, comma + 1, 0 if self.masked.find(")", opened, start) >= 0 else opened + 1)

    def _what(self, grants: Sequence[Span], low: int, start: int, close: int, *, ahead: bool) -> str:
        """What is granted: the nearest word for a grant in the sentence, of a share also in the next clause."""
        told = [grant for grant in grants if grant[1] <= close]
        if told:
            return self.plain[slice(*min(told, key=lambda grant: abs(grant[0] - start)))]
        later = self.shapes["what"].search(self.plain[close : close + AHEAD].split("。")[0]) if ahead else None
        if later:
            return str(later[0])
        given = self.shapes["given"].search(self.plain, low, close if ahead else start)
        return "支持" if given else ""

    def _each(self, low: int, start: int) -> str:
        """For each of whom, or what grade: 每家, 一等奖; what stands between 给予 and the amount."""
        before = self.figures.between(low, start)
        words = self.plain[before[-1].end if before else low : start].removeprefix("规定")
        for useless in ("aside", "most"):
            words = self.shapes[useless].without(words)
        words = self.words.unlead(words)
        for useless in ("what", "sum"):
            words = self.shapes[useless].without(words)
        return words if len(words) <= 10 else ""

    def _who(self, low: int, clause: int, front: int, start: int, close: int, section: Node | None) -> str:
        """Who or what a grant is for."""
        named = self.shapes["for"].search(self.plain, start, close) or self._last_for(clause, front)
        if named:
            return self._subject(named.start("whom"), named.end("whom"), start)
        words = self._subject(clause, front, start)
        own = self.shapes["sum"].without(self._tail(words))
        if len(own) > 2 and not own.endswith("的") and not self.shapes["each"].fits(own) and not self.bare(own):
            return own
        named = self._last_for(low, clause)
        if not named:
            who = self._before(low, clause, start) if own or not words else ""
            return self.join(self.context(low, section) if self.bare(who + own) else who, own)
        who = self._subject(named.start("whom"), named.end("whom"), start)
        head = who.removesuffix("的").rpartition("的")[2]
        if own and len(who) > BRIEF and self.bare(own) and self.shapes["halves"].match(own):
            who = head if 3 < len(head) <= BRIEF else ""
            if not who:
                return own
        condition = self._subject(named.end(), clause - 1, start) if self.plain[clause - 2 : clause] == "的," else ""
        if condition and named.end() < clause:
            who = condition + who.rpartition("的")[2]
        if own.endswith("的"):
            return own + who.removesuffix("的")
        return self.join(who.removesuffix("的") if own else who, own)

    def _last_for(self, low: int, high: int) -> "regex.Match[str] | None":
        """The last 对…的企业 between two places."""
        named = [match for match in self.shapes["for"].each(self.plain, low, high) if not self.bare(match["whom"])]
        return named[-1] if named else None

    def _before(self, low: int, clause: int, start: int) -> str:
        """The last clause before that of the amount that may say who gets a grant."""
        high = clause - 1
        while high > low:
            begin = self.masked.rfind(",", low, high) + 1 or low
            give = self.shapes["give"].search(self.plain, begin, high)
            counted = self._counted(begin, high)
            end = min(counted.start if counted else self._paid(begin, high), give.start() if give else high)
            others = self.figures.between(begin, end) if counted else ()
            subject = self._tail(self._subject(others[-1].end if others else begin, end, start))
            if len(subject) > 3:
                return subject
            high = begin - 1
        return ""

    def _counted(self, low: int, high: int) -> Amount | None:
        """The number of what is granted for that a clause ends with: 改造冷库15座,每座补助…"""
        amounts = self.figures.between(low, high)
        return amounts[-1] if amounts and amounts[-1].end == high and amounts[-1].sign not in (MONEY, SHARE) else None

    def _paid(self, low: int, high: int) -> int:
        """Where in a clause an amount begins that tells nothing of who gets the next; its end if there is none."""
        for amount in self.figures.between(low, high):
            if amount.sign in (MONEY, SHARE) and self.plain.find("的", amount.end, high) < 0:
                head = self.shapes["per-head"].ending(self.plain[low : amount.start])
                return low + head.start() if head else amount.start
        return high

    def _tail(self, words: str) -> str:
        """单个企业年度补助金额 without what is granted."""
        grants = [grant.span() for grant in self.shapes["what"].each(words)]
        return words[: grants[-1][0]] if grants and len(words) - grants[-1][1] < 4 else words

    def _subject(self, low: int, high: int, start: int) -> str:
        """A name out of the words [low, high): of grades only the amount's own, of a long list only what sums it up."""
        shapes = self.shapes
        words = self._grade(low, high, start) or shapes["sized"].without(self.plain[low:high])
        words = shapes["useless"].without(self.words.unlink(shapes["most"].without(words)))
        words = shapes["listed"].without(words) if len(words) > LONGEST else words
        doing = shapes["doing"].search(words)
        words = words[doing.end() :] if doing else words
        head = words.removesuffix("的").rpartition("的")[2]
        alone = len(words) > LONGEST and len(head) > 4 and head not in self.words.heads
        return self.words.shorten(head if alone else words, LONGEST)

    def _grade(self, low: int, high: int, start: int) -> str:
        """The words [low, high) with only that of their grades which the amount is for; empty where they list none."""
        told = self.plain.rfind("分别", high, start)
        begin = max(told, high)
        run = self._run(begin, start)
        if not run:
            return ""
        order = len(self.figures.between(begin if told >= 0 else run[0].start, start))
        count = order + len(self.figures.between(start, run[-1].end))
        if count < 2 and told < 0:
            return ""
        grades = self.shapes["grades"].search(self.masked, low, high)
        pieces = [piece.span() for piece in self.shapes["piece"].each(self.masked, *grades.span())] if grades else []
        if not grades or order >= len(pieces) or (told < 0 and len(pieces) != count):
            grades = self.shapes["quotes"].search(self.plain, low, high)
            pieces = [piece.span() for piece in self.shapes["quote"].each(self.plain, *grades.span())] if grades else []
            if len(pieces) != count:
                grades = None
        if grades:
            self.graded = True
            piece = self.plain[slice(*pieces[order])]
            piece += "级" if piece in self.words.ranks and self.plain[pieces[-1][1] - 1] == "级" else ""
            return self.plain[low : grades.start()] + piece + self.plain[grades.end() : high]
        names = [name[0] for name in self.shapes["piece"].each(self.plain, low, high)]
        if len(names) != count or count < 2 or min(map(len, names)) < 3:
            return ""
        self.graded = True
        front = self.shapes["front"].match(names[0])
        shared = order and front and not self.shapes["front"].match(names[order].partition("的")[0])
        tail = "".join(names[-1].partition("的")[1:]) if order < count - 1 else ""
        return (str(front[0]) if front and shared else "") + str(names[order]) + tail

    def _run(self, low: int, start: int) -> Sequence[Amount]:
        """The amounts of one list, 50万元、30万元, of which one begins at `start`, from a place on."""
        amounts = self.figures.between(low, start + AHEAD)
        first = last = next((at for at, amount in enumerate(amounts) if amount.start == start), 0)
        while first and self._joined(amounts[first - 1], amounts[first]):
            first -= 1
        while last + 1 < len(amounts) and self._joined(amounts[last], amounts[last + 1]):
            last += 1
        return amounts[first : last + 1]

    def _joined(self, first: Amount, second: Amount) -> bool:
        return second.start - first.end == 1 and self.plain[first.end] in JOINTS

    def join(self, first: str, second: str) -> str:
        """Two parts of a name as one in which no word stands twice."""
        halves = self.shapes["halves"].match(second)
        noun = halves["noun"] if halves else ""
        if halves and first.endswith(("的" + noun, "项目")) and first.endswith(noun):
            first = first.removesuffix(noun)
        elif halves and first.endswith(noun):
            second = halves["each"] + second[halves.end() :]
        shared = next((size for size in range(min(len(first), len(second)), 1, -1) if first.endswith(second[:size])), 0)
        return first + second[shared:]
