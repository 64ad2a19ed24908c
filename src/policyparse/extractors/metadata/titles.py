"""标题: the title printed in the head."""

from collections.abc import Iterable, Iterator

from policyparse.extractors.metadata.page import OPENING, Page, Reading
from policyparse.text import Span

MOST = 5
"""Lines of the longest title."""


def title(page: Page, labelled: Span | None) -> Reading | None:
    """The printed title of the notice, that of the transmittal where there is one; else what a label says."""
    places = ((page.lines[first][0], page.lines[last][1]) for first, last in _printed(page))
    cores = {place: core for place in places if (core := _core(page.text.plain[slice(*place)]))}
    if labelled and page.shapes.is_title(page.text.plain[slice(*labelled)]):
        wanted = _core(page.text.plain[slice(*labelled)])
        same = [place for place, core in cores.items() if core == wanted]
        return _read(page, *(same[-1] if same else labelled))
    if cores:
        return _read(page, *list(cores)[_chosen(page, list(cores.values()))])
    return _read(page, *labelled) if labelled else None


def _chosen(page: Page, cores: list[str]) -> int:
    """The first title of a transmittal, else the first; printed twice, perhaps with its issuer, the last of them."""
    ends = (page.shapes.without_note(core).rstrip("》").endswith(page.shapes.coverings) for core in cores)
    first = next((at for at, covers in enumerate(ends) if covers), 0)
    wanted = cores[first]

    def is_same(core: str) -> bool:
        issued = core.endswith(wanted) and page.shapes.is_agency(core.removesuffix(wanted))
        return issued or wanted.endswith(core)

    return max(at for at in range(first, len(cores)) if is_same(cores[at]))


def _core(title: str) -> str:
    """What two printings of one title have in common."""
    return "".join(sign for sign in title.strip() if sign not in ' \n“”"*#()|>-—~…').removesuffix(".")


def _read(page: Page, start: int, end: int) -> Reading:
    while start < end and page.text.plain[start] in OPENING.replace("(", ""):
        start += 1
    value = page.text.shown[start:end].replace("\n", "").rstrip("* ")
    return Reading(page.shapes["extension"].sub("", value), ((start, end),))


def _printed(page: Page) -> Iterator[tuple[int, int]]:
    """First and last line of each title printed in the head."""
    taken = -1
    for last in range(page.top):
        if _is_marked(page, last):
            taken = last
            yield last, last
        elif _may_be_title(page, last) and page.shapes.is_title(page.words(last)):
            first = _beginning(page, last, taken)
            taken = last
            yield first, last


def _is_marked(page: Page, number: int) -> bool:
    """Whether the line is the first, and markdown calls it the title of the page."""
    start = page.text.origin(page.lines[number][0])
    return number == 0 and page.text.source[max(0, start - 2) : start] == "# " and len(page.words(0)) >= 4


def _may_be_title(page: Page, number: int) -> bool:
    """Whether a line of the head may be a title or a piece of one."""
    words, shapes = page.words(number), page.shapes
    return (
        number not in page.labelled
        and 2 <= len(words) <= 120
        and words.strip(OPENING) not in shapes.navigation
        and not shapes["no-title"].search(words)
        and not shapes["number-line"].match(words)
        and not shapes["date-line"].match(words)
    )


def _beginning(page: Page, last: int, taken: int) -> int:
    """The line in which a title begins that ends in a line."""
    first, joined = last, page.words(last)
    while first - 1 > taken and last - first + 1 < MOST and _may_be_title(page, first - 1):
        above = page.words(first - 1)
        if not _goes_on(page, above, joined, range(max(taken + 1, first - 3), first)):
            break
        first, joined = first - 1, above + joined
    return first


def _goes_on(page: Page, above: str, joined: str, lines_above: Iterable[int]) -> bool:
    """Whether a title that is read from below goes on in the line above it."""
    shapes = page.shapes
    if joined.count("《") != joined.count("》") or joined.count("(") != joined.count(")"):
        return True
    if shapes.is_title(above):
        return False
    if shapes["title-unfinished"].search(above):
        return True
    if shapes["title-verb"].match(joined):
        return shapes.is_agency(above)
    word = shapes["title-word"]
    return not word.search(joined) and any(
        _may_be_title(page, number) and word.search(page.words(number)) for number in lines_above
    )
