"""Facts about the notice itself: its title, number, issuers, dates, from its head, its signature and the labels of its page."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import regex

from policyparse.dates import WRITTEN, day
from policyparse.document import Document
from policyparse.rulebook import Rulebook
from policyparse.schema import DocNumber, Metadata
from policyparse.segment import Outline
from policyparse.text import Span, Text

HEAD, TAIL, LONG = 60, 20, 60
"""Lines in which a head and a foot are looked for; characters of a line that may be a title."""
LIMIT = 600
"""Characters of a line that may be anything but text."""

NUMBER = regex.compile(
    r"(?P<agency>[\p{Han}（）()]{1,16}?)[〔\[\(【〈﹝](?P<year>(?:19|20)\d\d)年?[〕\]\)】〉﹞](?:第)?\s?(?P<serial>\d{1,5})号"
)
ORDER = regex.compile(r"(?:[\p{Han}、 ]{0,40}?(?:令|公告|通告))?\(?(?:第(?P<serial>\d{1,5})号|(?P<year>(?:19|20)\d\d)年第?(?P<serial>\d{1,5})号)\)?")
NUMBER_LINE = regex.compile(r"\(?(?P<all>[\p{Han}（）()]{1,16}?[〔\[\(【〈﹝](?:19|20)\d\d年?[〕\]\)】〉﹞]第?\s?\d{1,5}号)\)?")
HEADING = regex.compile(r"第[一二三四五六七八九十百\d]{1,4}[章条节编]|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、](?!\d)")
DATE_LINE = regex.compile(
    rf"\(?(?:{WRITTEN.pattern})\)?(?:印发|发布)?\)?"
)
SIGNED_LINE = regex.compile(rf"(?P<issuer>[\p{{Han}}()、 ]{{3,60}}?)\s?(?:{WRITTEN.pattern})(?:\(此件[^()]{{0,12}}\))?$")
SIGNER = regex.compile(r"(?<=[。!;)])(?P<issuer>[\p{Han} ]{3,30})$")
SIGNED_AFTER = regex.compile(r"\s?(?:\(此件|附件|$)|\s")
NO_SIGNER = regex.compile(r"[会在于至]$|印发")
NOTE = regex.compile(r"\([^()]{1,40}\)$|〔[^〔〕]{1,20}〕$")
TITLE_BREAK = regex.compile(r"[。;!?|>]|https?:|[,:](?![^《》]*》)(?![^()]*\))")
ABOUT = regex.compile(r"关于|印发|转发|公布|发布|批转|《")
SEAL = regex.compile(r"\((?:代|盖)?章\)$")
NAMES = regex.compile(r"[\p{Han}()、 ·]{2,80}")
ORDINAL = regex.compile(r"之[一二三四五六七八九十]$")
NAVIGATION = regex.compile(
    r"^(?:通知公告|政策文件|公示公告|公告公示|政策解读|政务公开|公告|通知|通告|函|报告|规定|意见|政策|文件通知|最新政策|规划计划|首页|标准|名单|规范性文件|其他文件|法规政策|政策法规|政府信息公开(?:指南|目录|制度|年报)?|信息公开(?:指南|目录)|工作报告|部门文件|重要公告|计划总结|总体规划|政府工作报告)$"
)
DRAFT = regex.compile(r"征求意见稿|草案|送审稿|讨论稿|征求意见|公开征集[^。]{0,30}意见|意见征集")
TRANSMITTAL = regex.compile(r"(?:通知|公告|通告|通报|函|批复|决定|意见|令|决议|公示|答复)$")
COVERING = regex.compile(r"印发|转发|批转|公布|发布|下达")
ADDRESSEE = regex.compile(
    r"[^。;!?:\n]{0,300}?(?:政府|委|局|厅|办|单位|部门|公司|企业|机构|学校|中心|院|会|社|银行|镇|乡|街道|场|村|区|市|县|处|科|部|署|省|州|组|大学|高校|所|站|队|厂|校|集团|团体|盟|师|旗|企|主体|商户|人员|同志|代表|群众|居民|市民|业主|家长|用户|医疗机构|行|店|室|库|基地|厂矿|矿|窗口|兵团|军区|委员|老师|先生|女士|作者|同胞|行社|联社|商)(?:\([^()]{1,60}\))?"
)
ADDRESSED = regex.compile(r"各|有关|相关|政府|委员会|局|厅|办公室|部门|单位|公司|学校|管委会|银行|街道|代表|部|大学|学院|医院|中心|协会|集团|人民代表大会")
NO_ADDRESSEE = regex.compile(r"附|如下|联系|地址|电话|责任单位|牵头|配合|单位[:]|来源|记者|专栏|图|表|主送|抄送|[一二三四五六七八九十]是|第[一二三四五六七八九十]")
GLUED = regex.compile(
    r"(?P<title>[^。:;!?\n]{0,60}?(?:关于|印发|转发)[^。:;!?\n]{4,150}?[的》](?:通知|意见|决定|通告|公告|通报|函|复函|批复|方案|办法|规定))"
    rf"(?P<number>\(?{NUMBER.pattern}\)?)?(?:(?P<addressees>(?:各|有关|[\p{{Han}}]{{2,16}}(?:政府|委|局|厅|部|公司))?[^。:;!?《\n]{{0,300}}):)?"
)
"""A head that runs on in one line: title, number and addressees."""
ATTACHMENT = regex.compile(r"附\s?件\s?(?P<number>[\d一二三四五六七八九十]{1,3})?\s?(?P<colon>[:.、])?\s?(?P<rest>.*)")
ITEM = regex.compile(r"(?P<number>\d{1,2})[.、,]\s?(?!\d)|\((?P<number>\d{1,2})\)")
EXTENSION = regex.compile(r"\s?(?:\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?|jpe?g|png|txt|html?|ceb))+$", regex.IGNORECASE)
SHARED = regex.compile(r"(?<!社)[市县区州省盟旗]$")
"""A piece that has its head noun from the piece after it."""
SEPARATE = regex.compile(r"各|有关|相关|[省市县区州镇乡]直|[省市县区州]政府|[省市县区]级")
OPENING = "#*>|-·•【[( "


@dataclass(slots=True)
class _Label:
    field: str
    start: int
    end: int


@dataclass(slots=True)
class _Found:
    """The values of the fields and where they were read, filled in one after another; the first to say has it."""

    text: Text
    values: dict[str, object] = field(default_factory=dict)
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def put(self, name: str, value: object, *places: Span) -> None:
        if value and name not in self.values:
            self.values[name] = value
            self.evidence[name] = tuple(self.text.span(*place) for place in places)


def metadata(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> Metadata:
    """Read the notice's own facts: from its print first, then from the labels of its page, then from the file's format."""
    lines = list(_lines(text.plain))
    found = _Found(text)
    labels = _labels(text, lines, rulebook)
    values = dict(_values(text, lines, labels))
    labelled = {label.start for label in labels}
    labelled_lines = {start for start, end in lines if any(start <= at < end for at in labelled)}
    reader = _Reader(text, lines, labelled_lines, rulebook, found)
    reader.head()
    reader.glued()
    reader.number(values)
    reader.title(values.get("title"), document, outline)
    reader.addressees()
    reader.signature()
    reader.attachments()
    _labelled(text, values, found)
    for name in ("publisher", "index_number"):
        found.put(name, document.metadata.get(name))
    for name in ("issued_on", "published_on"):
        found.put(name, day(document.metadata.get(name, "")))
    title = str(found.values.get("title") or "")
    if DRAFT.search(title):
        found.values["status"] = "draft"
        found.evidence["status"] = found.evidence.get("title", ())
    return Metadata(**found.values, evidence=found.evidence)  # type: ignore[arg-type]


def _lines(plain: str) -> Iterator[Span]:
    at = 0
    for line in plain.split("\n"):
        if line:
            yield at, at + len(line)
        at += len(line) + 1


def _gap(text: Text, at: int) -> bool:
    """Whether blanks stand before a kept character in the source, or a line begins there."""
    if at == 0 or at >= len(text):
        return True
    return text.plain[at - 1] in " \n" or text.origins[at] - text.origins[at - 1] > 1


def _labels(text: Text, lines: Sequence[Span], rulebook: Rulebook) -> list[_Label]:
    """The labels in the head and the foot of the page, in order, none inside another."""
    found: list[tuple[int, int, str]] = []
    rules = rulebook.kind("metadata")
    for edge in (lines[:HEAD], lines[max(HEAD, len(lines) - TAIL) :]):
        if not edge:
            continue
        base = edge[0][0]
        starts = [start for start, _ in edge]
        for _, match in rules.candidates(text.plain[base : edge[-1][1]]):
            begin, stop = base + match.start, base + match.end
            start, end = edge[bisect_right(starts, begin) - 1]
            if end - start <= LIMIT and _is_label(text, begin, stop, _first(text, start, end), end):
                found.append((begin, -stop, match.rule.set["field"]))
    labels: list[_Label] = []
    for begin, minus, name in sorted(found):
        if not labels or begin >= labels[-1].end:
            labels.append(_Label(name, begin, -minus))
    return labels


def _first(text: Text, start: int, end: int) -> int:
    """Where the words of a line begin, signs of markdown and menus left out."""
    while start < end and text.plain[start] in OPENING:
        start += 1
    return start


def _is_label(text: Text, start: int, end: int, first: int, last: int) -> bool:
    plain = text.plain
    after = end
    while after < last and plain[after] in " *】]":
        after += 1
    colon = after < last and plain[after] in ":："
    before = start == first or _gap(text, start) or not plain[start - 1].isalpha()
    if colon:
        return before
    return start == first and before and (end == last or _gap(text, end) or plain[end] in "】]") or (_gap(text, start) and end < last and _gap(text, end))


def _values(text: Text, lines: Sequence[Span], labels: Sequence[_Label]) -> Iterator[tuple[str, Span]]:
    """Field and interval of each labelled value; where a label ends its line, the next line is its value."""
    ends = {start: end for start, end in lines}
    starts = [start for start, _ in lines]
    seen: set[str] = set()
    begins = {label.start for label in labels}
    for index, label in enumerate(labels):
        line = starts[bisect_right(starts, label.start) - 1]
        stop = ends[line]
        if index + 1 < len(labels) and labels[index + 1].start < stop:
            stop = labels[index + 1].start
        start, end = _bare(text, label.end, stop)
        if start >= end and stop == ends[line]:
            number = bisect_right(starts, line)
            if number < len(lines) and not any(lines[number][0] <= at < lines[number][1] for at in begins):
                start, end = _bare(text, *lines[number])
        if start < end and label.field not in seen and label.field != "other":
            if _fits(label.field, text.plain[start:end]):
                seen.add(label.field)
                yield label.field, (start, end)


def _bare(text: Text, start: int, end: int) -> Span:
    while start < end and text.plain[start] in ":： *】]|·":
        start += 1
    while end > start and text.plain[end - 1] in " *|[【·":
        end -= 1
    return start, end


def _fits(name: str, value: str) -> bool:
    if name in ("issued_on", "published_on", "time"):
        return WRITTEN.match(value) is not None
    if name == "doc_number":
        return NUMBER.search(value) is not None or ORDER.fullmatch(value) is not None
    if name == "index_number":
        return regex.match(r"[A-Za-z0-9][\w/.\- ]{3,60}", value) is not None
    if name in ("publisher", "source", "issuers"):
        return regex.fullmatch(r"[\p{Han}()、,; ·“”]{2,60}", value) is not None and value not in ("本站", "互联网", "网络", "原创", "无", "转载", "本网")
    return 4 <= len(value) <= 200


def _labelled(text: Text, values: dict[str, Span], found: _Found) -> None:
    """What only the labels of the page say."""
    for name in ("issued_on", "published_on", "time"):
        if name in values:
            target = "published_on" if name == "time" else name
            found.put(target, day(text.plain[slice(*values[name])]), values[name])
    if "index_number" in values:
        start, end = values["index_number"]
        match = regex.match(r"[\w/.\-]+", text.plain, pos=start, endpos=end)
        if match:
            found.put("index_number", text.shown[match.start():match.end()], match.span())
    for name in ("publisher", "source"):
        if name in values:
            found.put("publisher", text.shown[slice(*values[name])], values[name])
    if "issuers" in values:
        pieces = _split(text, *values["issuers"], "、,;")
        found.put("issuers", tuple(text.shown[start:end] for start, end in pieces), *pieces)


def _split(text: Text, start: int, end: int, signs: str) -> list[Span]:
    """The pieces between separators that stand in no bracket, and between blanks of the source that divide long names."""
    pieces, depth, begun = [], 0, start
    for at in range(start, end):
        character = text.plain[at]
        depth += character in "(〔" 
        depth -= character in ")〕"
        if depth <= 0 and character in signs:
            pieces.append((begun, at))
            begun = at + 1
    pieces.append((begun, end))
    trimmed = (text.trim(*piece) for piece in pieces)
    return [piece for piece in trimmed if piece[0] < piece[1]]


@dataclass(slots=True)
class _Reader:
    """Reads the print of the notice: its head, its addressees, its signature, its list of attachments."""

    text: Text
    lines: list[Span]
    labelled: set[int]
    rulebook: Rulebook
    found: _Found
    top: int = 0
    """How many lines the head has: up to the addressees, the first heading or the first text."""
    endings: tuple[str, ...] = field(init=False)
    agencies: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.endings = tuple(self.rulebook.words("title_endings"))
        self.agencies = tuple(self.rulebook.words("agency_endings"))

    def is_agency(self, words: str) -> bool:
        """Whether words are the name of a body, or of several in one line."""
        words = SEAL.sub("", words.strip())
        return words.endswith(self.agencies) and NAMES.fullmatch(words) is not None

    def words(self, line: Span) -> str:
        return self.text.plain[line[0]:line[1]]

    def head(self) -> None:
        """Find where the head ends."""
        for index, line in enumerate(self.lines[:HEAD]):
            if line[0] in self.labelled:
                continue
            words = self.words(line).lstrip(OPENING)
            if HEADING.match(words) or self.is_addressee(line) or (len(words) >= 40 and "。" in words):
                self.top = index
                return
        self.top = min(len(self.lines), HEAD)

    def is_addressee(self, line: Span) -> bool:
        words = self.words(line)
        return (
            words.endswith(":") and 3 < len(words) <= 400 and ADDRESSEE.fullmatch(words[:-1]) is not None
            and ADDRESSED.search(words) is not None and not NO_ADDRESSEE.match(words) and not HEADING.match(words)
        )

    def number(self, values: dict[str, Span]) -> None:
        """The document number: its own line in the head, its label, glued into the head, or before the title in a link below."""
        plain = self.text.plain
        for start, end in self.lines[: self.top + 3]:
            match = NUMBER_LINE.fullmatch(plain, start, end)
            if match and start not in self.labelled:
                return self.put_number(*match.span("all"))
        if "doc_number" in values:
            start, end = values["doc_number"]
            match = NUMBER.search(plain, start, end)
            return self.put_number(*(match.span() if match else (start, end)))
        for start, end in self.lines[: self.top + 1]:
            match = ORDER.fullmatch(plain, start, end)
            if match:
                return self.put_number(start, end)
        for start, end in self.lines[max(self.top, len(self.lines) - TAIL):]:
            match = regex.match(rf"(?:原文\w{{0,6}}[:]?|附件[:]?|[\-\[ ]){{0,3}}({NUMBER.pattern})(?=[^)）。]{{4,120}}(?:{'|'.join(('通知', '意见', '公告', '函', '决定'))}))", plain, pos=start, endpos=end)
            if match:
                return self.put_number(*match.span(1))
        return None

    def put_number(self, start: int, end: int) -> None:
        while start < end and self.text.plain[start] in "( ":
            start += 1
        written = "".join(self.text.shown[start:end].split())
        if written.endswith((")", "）")) and not written.startswith(("(", "（")):
            written = written[:-1]
        match = NUMBER.fullmatch(self.text.plain[start:end]) or ORDER.fullmatch(self.text.plain[start:end])
        if not match:
            return
        groups = match.groupdict()
        year, serial = groups.get("year"), groups.get("serial")
        value = DocNumber(text=written, agency=groups.get("agency"), year=int(year) if year else None,
                          serial=int(serial) if serial else None)
        self.found.put("doc_number", value, (start, end))

    def is_plain(self, index: int) -> bool:
        """Whether a line of the head may be a piece of a title."""
        line = self.lines[index]
        words = self.words(line)
        return (
            line[0] not in self.labelled and 2 <= len(words) <= 120 and not NUMBER_LINE.fullmatch(words)
            and not DATE_LINE.fullmatch(words) and not TITLE_BREAK.search(words) and not NAVIGATION.match(words.strip(OPENING))
        )

    def complete(self, words: str) -> bool:
        words = words.strip()
        while words.endswith((")", "〕")) and (shorter := NOTE.sub("", words)) != words:
            words = shorter
        words = ORDINAL.sub("", words) if words.endswith(tuple("一二三四五六七八九十")) else words
        return len(words) >= 6 and words.rstrip("》”\"").endswith(self.endings)

    def is_marked(self, index: int) -> bool:
        """Whether a line is the first and markdown calls it the title of the page."""
        start = self.text.origins[self.lines[index][0]]
        return index == 0 and self.text.source[max(0, start - 2) : start] == "# " and self.lines[0][1] - self.lines[0][0] >= 4

    def titles(self) -> Iterator[tuple[int, int]]:
        """First and last line of each title printed in the head."""
        taken = -1
        for last in range(self.top):
            if self.is_marked(last):
                taken = last
                yield last, last
            if taken == last or not self.is_plain(last) or not self.complete(self.words(self.lines[last])):
                continue
            first = last
            joined = self.words(self.lines[last])
            while first - 1 > taken and last - first < 4 and self.is_plain(first - 1):
                above = self.words(self.lines[first - 1])
                balanced = joined.count("《") == joined.count("》") and joined.count("(") == joined.count(")")
                if self.complete(above) and balanced:
                    break
                if above.endswith(("关于", "的", "和", "及", "与", "、", "印发", "转发", "批转", "做好", "推进", "加强")):
                    pass
                elif balanced and regex.match(r"关于|印发|转发|批转", joined):
                    if not self.is_agency(above):
                        break
                elif balanced and ABOUT.search(joined):
                    break
                elif balanced and not any(ABOUT.search(self.words(self.lines[at])) and self.is_plain(at)
                                          for at in range(max(taken + 1, first - 3), first)):
                    break
                joined = above + joined
                first -= 1
            taken = last
            yield first, last

    def title(self, labelled: Span | None, document: Document, outline: Outline) -> None:
        """The printed title of the notice, that of the transmittal where there is one; else what a label says."""
        printed = [(first, last, self.joined(first, last)) for first, last in self.titles()]
        wanted = _core(self.text.plain[slice(*labelled)]) if labelled else None
        best: tuple[int, int, str] | None = None
        if wanted:
            same = [title for title in printed if _core(title[2]) in (wanted, wanted.rstrip("."))]
            best = same[-1] if same else None
            if best is None and labelled and self.complete(self.text.plain[slice(*labelled)]):
                start, end = labelled
                self.found.put("title", EXTENSION.sub("", self.text.shown[start:end]), labelled)
                return
        if best is None and printed:
            covering = [title for title in printed if TRANSMITTAL.search(NOTE.sub("", title[2]))]
            best = (covering or printed)[0]
            for later in printed:
                if later[0] > best[0] and _core(best[2]).endswith(_core(later[2])) and len(later[2]) > 8:
                    best = later
        if best:
            first, last, _ = best
            start = self.lines[first][0]
            while self.text.plain[start] in OPENING and self.text.plain[start] != "(":
                start += 1
            value = self.text.shown[start:self.lines[last][1]].replace("\n", "").rstrip("* ")
            self.found.put("title", EXTENSION.sub("", value), (start, self.lines[last][1]))
            return
        if labelled:
            self.found.put("title", self.text.shown[slice(*labelled)], labelled)
        self.found.put("title", document.metadata.get("title"))
        for part in outline.parts:
            if part.title:
                at = self.text.plain.find(part.title[:8], part.start)
                self.found.put("title", part.title, (at, at + len(part.title)) if at >= 0 else (part.start, part.start))

    def joined(self, first: int, last: int) -> str:
        return self.text.plain[self.lines[first][0]:self.lines[last][1]].replace("\n", "").lstrip(OPENING)

    def glued(self) -> None:
        """A head that runs on into the text: 关于…的通知青政发〔2023〕1号各镇人民政府:…"""
        for start, end in self.lines[self.top : self.top + 1]:
            match = GLUED.match(self.text.plain, start, min(end, start + 700))
            if not match or not (match["number"] or match["addressees"]) or regex.match(r"根据|为|按照|依据|现将|各", match["title"]):
                continue
            if match["addressees"] and not ADDRESSEE.fullmatch(match["addressees"]):
                continue
            first, last = match.span("title")
            self.found.put("title", self.text.shown[first:last], (first, last))
            if match["number"]:
                self.put_number(*match.span("number"))
            if match["addressees"]:
                self.put_addressees(*match.span("addressees"))

    def addressees(self) -> None:
        """主送机关: the line before the text that ends in a colon, or what runs on into it."""
        plain = self.text.plain
        for index in range(self.top, min(self.top + 2, len(self.lines))):
            if self.is_addressee(self.lines[index]):
                start, end = self.lines[index]
                while start and index and self.text.plain[start - 2] in ",、;" and self.lines[index - 1][1] == start - 1:
                    index -= 1
                    start = self.lines[index][0]
                return self.put_addressees(start, end - 1)
        if self.top >= len(self.lines):
            return None
        start, end = self.lines[self.top]
        stop = plain.find(":", start, min(end, start + 300))
        if stop > start and ADDRESSEE.fullmatch(plain, start, stop) and regex.match(r"各|有关|[\p{Han}]{2,20}(?:政府|委员会|局|厅|公司)", plain[start:stop]) and not NO_ADDRESSEE.match(plain[start:stop]):
            self.put_addressees(start, stop)
        return None

    def put_addressees(self, start: int, end: int) -> None:
        pieces = _split(self.text, start, end, ",;")
        if len(pieces) == 1:
            pieces = self.bodies(_split(self.text, start, end, "、"))
        values = tuple(self.text.shown[first:last].replace("\n", "") for first, last in pieces)
        self.found.put("addressees", values, *pieces)

    def bodies(self, pieces: Sequence[Span]) -> list[Span]:
        """Pieces of a list, those that share one head noun made one again (各市、县人民政府)."""
        joined: list[Span] = []
        begun: int | None = None
        for index, (start, end) in enumerate(pieces):
            begun = start if begun is None else begun
            after = self.words(pieces[index + 1]) if index + 1 < len(pieces) else ""
            if after and SHARED.search(self.words((start, end))) and not SEPARATE.match(after):
                continue
            joined.append((begun, end))
            begun = None
        return joined

    def signature(self) -> None:
        """Who signed, and when: the date that stands alone after text, with the names above it."""
        plain = self.text.plain
        begun = False
        for index, (start, end) in enumerate(self.lines):
            length = end - start
            if index >= self.top and not begun:
                begun = length > 15
                if length <= 40:
                    continue
            if not begun or start in self.labelled:
                continue
            if length <= 24 and plain[end - 1] in "日)发布" or length <= 12:
                match = DATE_LINE.fullmatch(plain, start, end)
                if match:
                    signed = self.signers(index)
                    if signed or "issued_on" not in self.found.values:
                        self.put_signature(signed, match)
                    if signed:
                        return
                    continue
            if length > LONG:
                if self.signed_within(start, end):
                    return
            elif "日" in plain[max(start, end - 16) : end]:
                match = SIGNED_LINE.fullmatch(plain, start, end)
                if match and self.is_agency(match["issuer"]) and not NO_SIGNER.search(match["issuer"]):
                    return self.put_signature(self.divided(*match.span("issuer")), match)

    def signed_within(self, start: int, end: int) -> bool:
        """A signature that runs on after the text: …贯彻执行。青禾县人民政府2023年5月16日(此件公开发布)"""
        plain = self.text.plain
        for match in WRITTEN.finditer(plain, start, end):
            name = SIGNER.search(plain, max(start, match.start() - 40), match.start())
            if name and SIGNED_AFTER.match(plain, match.end(), end) and self.is_agency(name["issuer"]):
                self.put_signature(self.divided(*name.span("issuer")), match)
                return True
        return False

    def signers(self, index: int) -> list[Span]:
        """The names in the lines above a date."""
        signed: list[Span] = []
        for at in range(index - 1, max(self.top - 1, index - 16), -1):
            line = self.lines[at]
            words = self.words(line)
            if len(words) > 80 or not self.is_agency(words):
                break
            if line[0] in self.labelled or words.endswith(("附件",)) or HEADING.match(words):
                break
            signed[:0] = self.divided(*line)
        return signed

    def divided(self, start: int, end: int) -> list[Span]:
        """The names in one line: blanks of the source, or the signs of a list, stand between them."""
        cuts = [at for at in range(start + 1, end) if self.text.plain[at] == " " or self.text.origins[at] - self.text.origins[at - 1] > 1]
        pieces, begun = [], start
        for cut in [*cuts, end]:
            pieces.append(self.text.trim(begun, cut))
            begun = cut
        if all(last - first >= 3 for first, last in pieces):
            return pieces
        return [self.text.trim(start, end)]

    def put_signature(self, signed: Sequence[Span], match: "regex.Match[str]") -> None:
        first = match.start("year")
        self.found.put("issued_on", day(self.text.plain[first:match.end("day")]), (first, match.end()))
        names = tuple(SEAL.sub("", "".join(self.text.shown[start:end].split())) for start, end in signed)
        self.found.put("issuers", names, *signed)

    def attachments(self) -> None:
        """The list under 附件: items on one line or on several, titles only."""
        for index, (start, end) in enumerate(self.lines):
            if end - start > LIMIT or self.text.plain[start] != "附":
                continue
            match = ATTACHMENT.fullmatch(self.text.plain, start, end)
            if not match or not (match["colon"] or match["rest"].startswith("1.")):
                continue
            items = [(item, self.item(*item)) for item in self.items(index, match)]
            items = [(item, title) for item, title in items if regex.search(r"\p{Han}{2}", title)]
            if items:
                self.found.put("attachments", tuple(title for _, title in items), *(item for item, _ in items))
                return

    def items(self, index: int, match: "regex.Match[str]") -> Iterator[Span]:
        start, end = match.span("rest")
        if match["number"]:  # 附件1:… 附件2:…, each with its own word
            while match and match["rest"].strip():
                yield match.span("rest")
                index += 1
                if index >= len(self.lines):
                    return
                match = ATTACHMENT.fullmatch(self.text.plain, *self.lines[index])
            return
        number = 1
        while True:
            cuts = []
            for found in ITEM.finditer(self.text.plain, start, end):
                if int(found["number"]) == number and (found.start() == start or not self.text.plain[found.start() - 1].isdigit()):
                    cuts.append(found)
                    number += 1
            if not cuts and number > 1:
                return
            if not cuts:
                if start < end:
                    yield start, end
                    return
            for place, cut in enumerate(cuts):
                stop = cuts[place + 1].start() if place + 1 < len(cuts) else end
                yield self.text.trim(cut.end(), stop)
            index += 1
            if index >= len(self.lines) or self.lines[index][1] - self.lines[index][0] > 160:
                return
            start, end = self.lines[index]
            if not ITEM.match(self.text.plain, start, end):
                return

    def item(self, start: int, end: int) -> str:
        words = self.text.shown[start:end].strip().rstrip("。;；,， ")
        words = EXTENSION.sub("", words)
        return regex.sub(r"^附件\s?\d{0,2}[:：.、\s]?(?=\S)", "", words)


def _core(title: str) -> str:
    return regex.sub(r"[\s“”\"*#()-]|[—–~]|…+|\.{3}", "", title)


