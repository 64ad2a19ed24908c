"""What a number measures: the words around it that a reader would put in a table's first column.

The name stands before the number (秸秆还田率达到62%), after it (建成17座村级农机库) or on both sides
(养殖户100%建档); in a list its neighbour completes it (1个市级、2个县级示范茶园). The shapes that tell which words
belong to it stand in patterns/indicators.yaml.
"""

from collections.abc import Sequence

from policyparse.extractors.amounts import LABEL, MONEY, ONE, SHARE, SIZE, WORDED, Amount, Figures
from policyparse.extractors.grants import Grants
from policyparse.extractors.phrases import LONGEST, words
from policyparse.outline import Node
from policyparse.rulebook import Rulebook

REACH = 120
"""Characters before a number in which the rest of its clause is looked for."""
STOPS = ",。;:!?\t|"
"""What ends a clause, as does a newline."""
JOINTS = ("以及", *"、和及与")
"""Between the items of a list."""
JOINS = "以、和及与"
"""What they begin with."""
BREAKS = (",", *JOINTS, "或", "并")
"""What begins no name behind a number."""
ENDED = "、,。;:!?)\n和及"
AMONG = "其中"
BRIEF = 16
"""Characters of a clause that names but whom or what it is about."""
SIZED = ("宽", "厚", "深")
"""Behind the size of what is named: 4.5米宽产业路."""


class Namer:
    """Names the amounts of one text, in order."""

    def __init__(self, figures: Figures, rulebook: Rulebook) -> None:
        self.figures, self.plain, self.masked = figures, figures.plain, figures.masked
        self.words = words(rulebook)
        self.shapes = self.words.indicator
        self.clauses = self.masked  # with a newline for whatever ends a clause
        for stop in STOPS:
            self.clauses = self.clauses.replace(stop, "\n")
        self.grants = Grants(figures, self.words)
        self.last = 0, ""  # the end of the last amount and its name

    def name(self, amount: Amount, before: str, task: str = "", section: Node | None = None) -> str:
        """The indicator of an amount; `before` is that of the number before it in the paragraph,
        `task` what its row of a table is about: the name where its own cell says only 完成120家. The title of its
        `section` completes a name that says nothing."""
        name = self.last[1] if self._joined(amount.start) else self._named(amount, before, task, section)
        self.last = amount.end, name
        return name or self.plain[amount.start : amount.end]

    def _joined(self, start: int) -> bool:
        """Whether an amount goes on with a list of which all have one name, 30万元、20万元."""
        joined = self.last[0] == start - 1 > 0 and self.plain[start - 1] in "、和及与或"
        return joined and not self.grants.graded and self.plain.rfind("分别", max(0, start - REACH), start) < 0

    def _named(self, amount: Amount, before: str, task: str, section: Node | None) -> str:
        self.grants.graded = False
        start, end, granting = amount.start, amount.end, amount.sign in (MONEY, SHARE)
        name = self.grants.name(amount, section) if granting else ""
        granted, name = bool(name), name or self._plain_name(amount)
        if name and not granted and granting and self.grants.bare(name):
            low = max(self.plain.rfind(stop, max(0, start - REACH), start) for stop in "。;\n") + 1
            subject = self._subject(start) or self.grants.context(low, section)
            name = self._fund(low, start, end, name) or self.grants.join(subject, name)
        if task and len(name) <= 2:
            return task
        if amount.sign == SHARE and not granted:
            name = self._part(name, start, before)
        if not name and self.plain.endswith(self.words.events, 0, start):
            name = self.words.shorten(self._clause_before(start))
        if not name:
            name = before or self.words.shorten(self._after(self._suffix(end)))
            return name or self.words.shorten(self._clause_before(start))
        return self._topic(before) + name if before and self.words.topic(name) == "" else name

    def _subject(self, start: int) -> str:
        """Whom or what the clause before an amount's names in the same sentence: 高校、科研机构,补贴上限50万元."""
        end = self._clause(start) - 1
        if end < 0 or self.plain[end] != ",":
            return ""
        low = self._clause(end)
        words = "" if self.figures.between(low, end) else self.words.shorten(self.plain[low:end])
        return words if 2 < len(words) <= BRIEF and not self.grants.bare(words) else ""

    def _plain_name(self, amount: Amount) -> str:
        """The name before or behind a number, or both."""
        measures, sign = self.words.measures, amount.sign
        clause, at = self._clause(amount.start), self._suffix(amount.end)
        left, right = self._left(clause, amount.start), self._right(at)
        own = self._trim(left)
        if sign == SHARE and right.startswith("用于"):
            return own + right
        if not right or (own and self._is_predicate(right, at)):
            return self._spread(own, clause, amount.start, at)
        if sign == SHARE:
            if own.endswith(measures):
                return own
            right = self._complete(right, at)
            return right if not own or self.masked[amount.end : amount.end + 1] in "的以" else own + right
        if left.endswith(self.words.spanning):
            return left[-2:] + right.partition("的")[0]
        if left.endswith("的") and own:
            return own + "的" + right
        if (
            own
            and sign in (MONEY, SIZE)
            and (
                own.endswith(measures) or (sign == MONEY and not self._of(amount.end) and not right.endswith(measures))
            )
        ):
            return own + right if self.words.topic(own) == "" else own  # 年存栏4万头奶牛产业
        if own and right in self.words.heads:
            return own + right
        each = self.shapes["each"].search(self.plain, clause, amount.start)
        return (each[0] if each else "") + self._about(left, self._turn(self._complete(right, at)))

    def _of(self, at: int) -> bool:
        """Whether what follows an amount is told to be of it: 不低于3万元的担保函."""
        return self.masked.startswith("的", at) or self.shapes["made-of"].match(self.masked, at) is not None

    def _part(self, name: str, start: int, before: str) -> str:
        """What a share of a part measures: the number before says it, 覆盖率达到45%,其中重点人群85%."""
        measures = self.words.measures
        if not name or name.endswith(measures):
            return name
        if name.endswith("占"):
            return name + "比"
        part = before.endswith(measures) and self.plain.startswith(AMONG, self._clause(start))
        return self.grants.join(name, before) if part else name

    def _fund(self, low: int, start: int, end: int, name: str) -> str:
        """What a budget sets money aside for: 设立…专项资金,市财政每年安排5亿元."""
        if not name.endswith("财政"):
            return ""
        fund = self.shapes["fund"].search(self.plain, max(low, start - REACH), start)
        if fund:
            return self.words.shorten(fund["fund"])
        use = self.shapes["use"].search(self.plain, end, end + REACH)
        return self.words.shorten(use["use"]) + "资金" if use else ""

    # The words before a number.

    def _clause(self, start: int) -> int:
        """Where the clause of an amount begins."""
        low = max(0, start - REACH)
        stop = self.clauses.rfind("\n", low, start)
        return stop + 1 if stop >= 0 else low

    def _left(self, low: int, start: int) -> str:
        """The words of the clause before an amount, which begins at `low`, back to the number before it."""
        clause, aside = self.masked[low:start], ""
        opened, closed = clause.rfind("("), clause.find(")")
        if opened > clause.rfind(")"):
            low += opened + 1
        elif closed >= 0 and "(" not in clause[:closed]:  # the clause begins inside a bracket: go back to before it
            opened = self.masked.rfind("(", max(0, low - REACH, self.masked.rfind("\n", 0, low)), low)
            if opened >= 0:
                aside = self.plain[self._clause(opened) : opened]
                low += closed + 1
        for other in reversed(self.figures.between(low, start)):
            if not self.shapes["owned"].match(self.plain, other.end) and self.plain[other.start - 1] not in "由从每":
                low, aside = self._suffix(other.end), ""
                low += self.plain.startswith(SIZED, low)
                break
        return aside + self.plain[low:start]

    def _trim(self, left: str) -> str:
        """A name out of the words before a number."""
        shapes, words = self.shapes, self.words
        left = left.rstrip("(")
        if words.before_signs.isdisjoint(left):  # as most are
            return words.shorten(words.unlink(left))
        left = shapes["origin"].without(left)
        quantity = shapes["quantity"].ending(left)
        if quantity:
            return words.shorten(f"{words.unlink(left[: quantity.start()])}占{quantity['whole']}比例")
        left = words.unlink(left.removesuffix("的"))
        since = shapes["since"].ending(left)
        left = words.unlink(left[: since.start()]) if since else left
        for useless in ("onward", "will", "listed"):
            left = shapes[useless].without(left)
        owner = shapes["owner"].search(left)
        left = owner["owned"] if owner else left
        return words.shorten(left)

    def _spread(self, own: str, clause: int, start: int, behind: int) -> str:
        """Of 蔬菜、水果产量分别达3万吨、2万吨 the name that belongs to the number at `start`."""
        at = self.masked.rfind("分别", clause, start)
        if at < 0:
            return own
        numbers = self.figures.between(at, start)
        if start - at - sum(number.end - number.start for number in numbers) > 14 + 3 * len(numbers):
            return own
        subject = self._trim(self.plain[clause:at])
        names = [name for name in self.shapes["names"].split(subject) if name]
        if len(names) < 2 or len(numbers) >= len(names) or not (numbers or self._next(behind)):
            return own or subject
        name, last = names[len(numbers)], names[-1]
        level = self.shapes["level"].search(last)
        if level and name.removesuffix("级") in self.words.ranks:
            return name + str(level["noun"])
        shared = None if name.endswith(self.words.measures) else self.shapes["shared"].search(last)
        return name + shared[0] if shared else name

    def _clause_before(self, start: int) -> str:
        """The clause before that of an amount: of …召开会议,每年至少召开一次 the first."""
        end = self._clause(start) - 1
        if end < 0 or self.clauses[end] != "\n":
            return ""
        return self.shapes["held"].without(self.plain[max(self._clause(end), end - LONGEST) : end])

    # The words behind a number, from the end of 以上 and the like on.

    def _suffix(self, at: int) -> int:
        """Where 以上 and the like behind a number end."""
        match = self.shapes["suffix"].match(self.plain, at, at + 20)
        return match.end() if match else at

    def _next(self, at: int) -> Amount | None:
        """The amount of the next item of a list."""
        for joint in JOINTS if self.plain[at : at + 1] in JOINS else ():
            if self.plain.startswith(joint, at):
                return self.figures.at(at + len(joint))
        return None

    def _after(self, at: int) -> str:
        """The words behind an amount up to the end of its clause."""
        if self._next(at):
            return ""
        stop = self.clauses.find("\n", at, at + 2 * LONGEST)
        words = self.masked[at : stop if stop >= 0 else at + 2 * LONGEST]
        opened = words.find("(")
        if opened >= 0 and words.find(")", opened) < 0:
            words = words[:opened]
        closed = words.find(")")
        if closed >= 0 and words.find("(", 0, closed) < 0:
            words = words[:closed]
        return self.plain[at : at + len(words)]

    def _right(self, at: int) -> str:
        """The words behind an amount that may name it; none where a list goes on at once."""
        words = self._after(at)
        if not words:
            return ""
        others = self.figures.between(at, at + len(words))
        if others:
            words = self._up_to(others, at, words)
        if words.startswith(BREAKS) or self.shapes["no-thing"].match(words):
            return ""
        if others and others[0].start < at + len(words) and "的" in words:  # 容纳6-8家商户的集市
            words = words[words.rindex("的") + 1 :] or words
        words = words.removeprefix("的")
        words = (words if self.words.behind_signs.isdisjoint(words) else self._core(words)).strip("、(")
        return words if len(words) > 1 else ""

    def _core(self, words: str) -> str:
        """The words behind an amount without what only surrounds a name."""
        words = self.shapes["listed"].without(self.shapes["bracket"].without(words))
        role = self.shapes["role"].search(words)
        made_of = self.shapes["made-of"].match(words)
        words = role["role"] if role else words[made_of.end() :] if made_of else words
        words = self.shapes["becomes"].without(words)
        duty = self.shapes["duty"].search(words)
        return str(duty["name"]) if duty else words

    def _up_to(self, others: Sequence[Amount], at: int, words: str) -> str:
        """The words behind an amount up to the next, unless that only describes what comes after it."""
        if others[0].start == at and others[0].sign in (WORDED, ONE, LABEL):
            others = others[1:]
        if not others:
            return words
        end = others[0].start - at
        cut, joint = words[:end], words.find("、", 0, end)
        joined = words[max(0, end - 1) : end] in ("", *"、和及")
        if cut.endswith(self.words.spanning) or (not joined and self.shapes["owned"].match(words, others[0].end - at)):
            return words
        over = self._suffix(others[0].end)
        if 0 < joint < len(cut) - 1 and self.masked[over : over + 1] in ENDED:
            cut = cut[:joint]
        trailing = self.shapes["trailing"].ending(cut)
        return cut[: trailing.start()] if trailing else cut

    def _is_predicate(self, right: str, at: int) -> bool:
        """Whether what follows a number says what is done, not what is counted."""
        if self.masked.startswith("的", at) or (right[0] in "在对由以" and "的" in right):
            return False
        return self.words.predicate(right)

    def _complete(self, right: str, at: int) -> str:
        """1个市级、2个县级示范园: what the first leaves to the second."""
        head = self.masked.find(right, at, at + LONGEST) if len(right) <= 8 else -1
        joint = self._next(head + len(right)) if head >= 0 else None
        if not joint:
            return right
        sibling = self._right(self._suffix(joint.end))
        for size in (2, 1):
            found = sibling.find(right[-size:])
            if found >= 0 and (size == 2 or right[-1] in "级类型"):
                return right + sibling[found + size :]
        share = sibling.find("的")
        return right + sibling[share + 1 :] if 0 < share < 8 and len(right) <= 6 else right

    def _turn(self, right: str) -> str:
        """企业实施改造 as 实施改造的企业."""
        act = self.shapes["act"].fits(right)
        return f"{act['does']}{act['what']}的{act['who']}" if act and "的" not in act["who"] else right

    def _about(self, left: str, name: str) -> str:
        """对党员开展1次培训: what is done belongs to whom it is done for."""
        about = self.shapes["about"].search(left) if len(name) < 6 else None
        return about["whom"] + name if about else name

    def _topic(self, before: str) -> str:
        """What the name before speaks of, for a measure that does not say of what."""
        before = self.shapes["everywhere"].without(before)
        of = self.words.topic(before)
        of = before.removesuffix(self.words.measure(before)) if of is None else of
        return of if of != before or len(before) < 6 else ""
