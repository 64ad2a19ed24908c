"""主送机关: to whom the notice is sent."""

from collections.abc import Sequence

from policyparse.extractors.metadata.page import Page, Reading, split
from policyparse.text import Span


def addressees(page: Page) -> Reading | None:
    """The groups in the line before the text that ends in a colon."""
    for number in range(page.top, min(page.top + 2, len(page.lines))):
        if page.is_addressed(number):
            end = page.lines[number][1] - 1
            while number and page.words(number - 1).endswith((",", "、", ";")):
                number -= 1
            groups = tuple(_groups(page, page.lines[number][0], end))
            return Reading(page.shown(groups), groups)
    return None


def _groups(page: Page, start: int, end: int) -> list[Span]:
    """The pieces between , and ; or, in a list that has neither, the bodies between 、."""
    pieces = split(page.text, start, end, ",;")
    return pieces if len(pieces) > 1 else _bodies(page, split(page.text, start, end, "、"))


def _bodies(page: Page, pieces: Sequence[Span]) -> list[Span]:
    """Pieces of a list, those that share one head noun made one again (各市、县人民政府)."""
    plain, shapes = page.text.plain, page.shapes
    joined: list[Span] = []
    begun: int | None = None
    for number, (start, end) in enumerate(pieces, 1):
        begun = start if begun is None else begun
        after = plain[slice(*pieces[number])] if number < len(pieces) else ""
        shared = after and shapes["shared"].search(plain[start:end])
        if not shared or shapes["separate"].match(after):
            joined.append((begun, end))
            begun = None
    return joined
