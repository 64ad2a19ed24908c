"""The metadata block of a page (索引号, 发文机关, 成文日期 …): which words are labels, and a table that holds them.

What the labels are stands in the built-in rules of kind label; the text layer does not depend on a user's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from policyparse.readers.layer import Slot
from policyparse.rulebook import load

LONGEST = 24
"""Characters in which a label and its colon stand."""
SHARE = 0.4
"""Of the cells of a metadata block so many are labels, at least."""

VALUE = re.compile(r"[:：].*\S")
NOTICE = frozenset(("index_number", "doc_number", "issuers", "issued_on"))
"""Of these at least one is in a metadata block that has its labels in a row; a table of files has titles and dates."""

Row = Mapping[int, Slot]


def squash(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def label(text: str) -> str | None:
    """What a line or cell announces that is or begins with a label and a colon (索引号:), by the names of the rules."""
    words = squash(text[: 4 * LONGEST])[:LONGEST].replace("：", ":")
    found = load().kind("label").match(words, 0, len(words))
    whole = found and (found.end == len(words) or words[found.end] == ":")
    return found.setting("field") if found and whole else None


def block(rows: Sequence[Row]) -> list[str]:
    """The lines of a metadata block, each label with what stands beside or below it; none where a table is no such."""
    texts = [slot.text for row in rows for slot in row.values() if slot.text]
    labels = sum(label(text) is not None for text in texts)
    if not labels or labels < SHARE * len(texts):
        return []
    first = rows[0]
    if len(first) < 2 or not all(label(slot.text) and not VALUE.search(slot.text) for slot in first.values()):
        return [line for row in rows for line in _pairs(row)]
    if len(rows) == 2 and NOTICE & {label(slot.text) for slot in first.values()}:
        return [f"{slot.text} {rows[1][column].text}" for column, slot in first.items() if column in rows[1]]
    return []


def _pairs(row: Row) -> Iterator[str]:
    """The lines of a row: each label with what follows it."""
    line: list[str] = []
    for slot in row.values():
        if line and label(slot.text) is not None:
            yield " ".join(line)
            line = []
        if slot.text:
            line.append(slot.text)
    if line:
        yield " ".join(line)
