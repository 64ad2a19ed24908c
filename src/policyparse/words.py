"""The organisation lexicon, and jieba behind it for names that the lexicon alone cannot part."""

import re
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from policyparse.rulebook import Rulebook
from policyparse.shapes import shapes
from policyparse.text import Span

if TYPE_CHECKING:
    import jieba

CLOSING = frozenset(")〕〉")
LONGEST = 40
"""No organisation's name is longer."""
CONJUNCTION = re.compile("以及|[和及]|[与暨]")
HAN = r"[^\W\d_a-zA-Z]"
"""A Chinese character; [一-龥] takes `re` 3 ms to compile wherever it stands, and three that are named take one."""
GOVERNMENTS = ("政府", "人民政府")


class Lexicon:
    """What is known of organisations' names: full forms, how a name ends and begins, where run-together ones part."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.full: dict[str, str] = {}
        for organisation in reversed(rulebook.organisations):  # a user's own come first and win
            self.full.update(dict.fromkeys(organisation.short, organisation.name))
        for organisation in rulebook.organisations:
            self.full[organisation.name] = organisation.name
        self._find = lru_cache(maxsize=4096)(self._known)  # the same names come again and again
        self.organisation = lru_cache(maxsize=4096)(self._organisation)
        self._lengths = sorted({len(name) for name in self.full}, reverse=True)
        self._endings = _by_length(rulebook.words("organisation_endings"))
        self._common = _by_length(rulebook.words("common_endings"))
        self._starts = rulebook.words("level_starts")
        self._run_starts = rulebook.words("run_starts")
        self._generic = rulebook.words("generic_starts")
        self._nouns = frozenset(rulebook.words("generic_nouns"))
        self._no_starts = rulebook.words("level_start_exceptions")
        self._levels = frozenset(rulebook.words("levels"))
        self._level_ends = frozenset(level[-1] for level in self._levels) | frozenset("])〕〉")
        self._owners = rulebook.words("owner_ends")
        self._national = rulebook.words("national_starts")
        self._unnamed = frozenset(rulebook.words("generic_followers"))
        self._shapes = shapes(rulebook, "organisations")

    def shared(self, text: str, start: int, stop: int, end: int) -> int:
        """Where pieces that share one head noun end, if the one up to `stop` is the first of such; else `start`.

        Levels share one (各市、县政府), and so do places (青禾、白石县政府), fields (财政、教育部门), and 党委、政府.
        """
        if text[stop - 1] in self._level_ends and (whole := self._shapes["levels"].match(text, start, end)):
            return int(whole.end())
        if text.startswith("党委", stop - 2) and text.startswith(GOVERNMENTS, stop + 1, end):
            return text.index("政府", stop, end) + 2
        if self.organisation(text[start:stop]):
            return start
        for name, is_body in (("places", self.organisation), ("fields", self.certain)):
            whole = self._shapes[name].match(text, start, end)
            if whole and not any(map(is_body, whole["others"].split("、"))):
                return int(whole.end())
        return start

    def without_others(self, text: str, start: int, end: int) -> int:
        """Where the names end that 等部门 or the like follows."""
        others = self._shapes["others"].search(text, start, end)
        return others.start() if others else end

    def canonical(self, name: str) -> str:
        """The full form of a name where it is known, else the name itself."""
        found = self._find(name)
        return name[: found[0]] + found[1] if found else name

    def known(self, name: str) -> bool:
        """Whether a name is a known kind of organisation, with or without its place."""
        return self._find(name) is not None

    def _known(self, name: str) -> tuple[int, str] | None:
        for length in self._lengths:
            at = len(name) - length
            if at < 0:
                continue
            full = self.full.get(name[at:])
            if full and (at == 0 or self._placed(name, at, full)):
                shared = next((n for n in (4, 2) if name[:at].endswith(full[:n])), 0)  # 国家 + 国家统计局
                return at - shared, full
        return None

    def _placed(self, name: str, at: int, full: str) -> bool:
        """Whether what stands before a kind of organisation is its place; a short form of a national body has none."""
        if full.startswith(self._national) and name[at:] != full:  # 县人行 is no 中国人民银行
            return full.startswith(name[:at])
        return name[:at].endswith(self._owners)

    def generic(self, name: str) -> bool:
        """Whether a name stands for any body of a kind: 各镇, 有关单位."""
        return name.startswith(self._generic) and len(name) <= 20 and name[-1] not in self._unnamed

    def _organisation(self, name: str) -> bool:
        """Whether a name ends as organisations do, or is a known one."""
        bare = _without_note(name)
        return 1 < len(bare) <= LONGEST and (_ends(bare, self._endings) or self._find(bare) is not None)

    def certain(self, name: str) -> bool:
        """Whether a name is an organisation even where nothing else says so."""
        if self.known(name):
            return True
        return self.organisation(name) and (name.startswith(self._starts) or not _ends(name, self._common))

    def parts(self, text: str, start: int, end: int) -> list[Span]:
        """The names in a piece without hard separators: parted at 和, 及, 以及 and where names run together."""
        spans: list[Span] = []
        at = start
        for found in CONJUNCTION.finditer(text, start, end):
            left, right = text[at : found.start()], text[found.end() : end]
            if found.start() > at and not self._whole(text, at, found.end(), end) and self._parted(left, right):
                spans += self._run(text, at, found.start())
                at = found.end()
        return spans + self._run(text, at, end)

    def _parted(self, left: str, right: str) -> bool:
        if CONJUNCTION.split(right, maxsplit=1)[0] in self._nouns or not (self.organisation(left) or "等" in left):
            return False
        return right.startswith(self._starts) or self.organisation(right) or "等" in right

    def _run(self, text: str, start: int, end: int) -> list[Span]:
        """Names run together: 县委编办县林业局 is two."""
        spans: list[Span] = []
        at = start
        for place in range(start + 2, end - 1):
            if (
                text.startswith(self._run_starts, place)
                and not text.startswith(self._no_starts, place)
                and _ends(text[max(at, place - 4) : place], self._endings)
                and text[place - 1] not in "省市县区州各"
                and place - at > 1
                and text[place - 1 : place + 1] not in self._levels
                and text.count("(", at, place) == text.count(")", at, place)
                and self.certain(text[at:place])
                and not self._whole(text, at, place, end)
            ):
                spans.append((at, place))
                at = place
        spans.append((at, end))
        return self._cut(text, start, end) if len(spans) == 1 and self._runs(text[start:end]) else spans

    def _whole(self, text: str, at: int, place: int, end: int) -> bool:
        """Whether a known name lies across a place, so that nothing parts there (农业|农村部)."""
        for length in self._lengths:
            for begin in range(max(at, place - length + 1), place):
                if begin + length <= end and begin + length > place and text[begin : begin + length] in self.full:
                    return True
        return False

    def _runs(self, name: str) -> bool:
        """Whether a name ends in two known ones: only then is it worth cutting."""
        last = self._last(name)
        return last > 0 and self._last(name[:-last]) > 0

    def _last(self, name: str) -> int:
        """The length of the known name at the end, 0 if none."""
        return next((length for length in self._lengths if name[-length:] in self.full and length <= len(name)), 0)

    def _cut(self, text: str, start: int, end: int) -> list[Span]:
        """Known names one after another, 财政局|水利局; after a place the second is an office of the first."""
        spans = []
        at = start
        for word in _tokenizer(frozenset(self.full)).cut(text[start:end], HMM=False):
            if word not in self.full:
                return [(start, end)]
            spans.append((at, at + len(word)))
            at += len(word)
        return spans


@lru_cache(maxsize=4)
def lexicon(rulebook: Rulebook) -> Lexicon:
    """The lexicon of a rulebook, built once."""
    return Lexicon(rulebook)


@lru_cache(maxsize=4)
def _tokenizer(names: frozenset[str]) -> "jieba.Tokenizer":
    """jieba over the organisations alone: its own dictionary takes seconds to load and knows them badly."""
    import jieba

    tokenizer = jieba.Tokenizer()
    lines = "".join(f"{name} {10 ** min(len(name), 9)}\n" for name in sorted(names))
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(BytesIO(lines.encode()))
    tokenizer.initialized = True
    return tokenizer


def _without_note(name: str) -> str:
    """A name without the note in brackets behind it, 各镇(街道)."""
    at = max(map(name.rfind, "(〔〈")) if name[-1:] in CLOSING else -1
    return name[:at] if at >= 0 and CLOSING.isdisjoint(name[at:-1]) else name


def _by_length(words: tuple[str, ...]) -> dict[int, frozenset[str]]:
    lengths = sorted({len(word) for word in words}, reverse=True)
    return {length: frozenset(word for word in words if len(word) == length) for length in lengths}


def _ends(name: str, endings: dict[int, frozenset[str]]) -> bool:
    return any(name[-length:] in words for length, words in endings.items() if len(name) >= length)
