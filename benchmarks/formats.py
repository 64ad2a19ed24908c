"""Real files in their formats, compared with one another and with what they must give.

    python benchmarks/formats.py [--files DIR]

A line for each comparison with its figures, then `ok` or MISSED; what is not there is skipped. The exit code is 1 where
one is missed.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

import policyparse
from policyparse.clean import WIDTHS
from policyparse.document import Table
from policyparse.errors import ReadError
from policyparse.schema import Notice, Section

FILES = Path(__file__).parent.parent.parent / "shared" / "corpus" / "formats"
APART = 0.02
"""The part of the facts in which two formats of one notice may differ."""
ROWS = 0.8
"""The part of the rows that must be tasks: totals, and rows that name no unit, number or time, are none."""
YUAN = {50_000, 100_000, 120_000, 150_000, 250_000, 400_000, 600_000}
"""Amounts that 088 sets as limits."""
BRACKET = re.compile("（[^（）]{4,300}(?:负责|牵头|配合|参与|落实|指导)）")
Outcome = tuple[str, bool]
"""Figures, and whether they are good enough."""


def squashed(words: str | None) -> str:
    """Without blanks, in one width."""
    return "".join(WIDTHS.get(character, character) for character in words or "" if not character.isspace())


def sections(notice: Notice) -> Iterator[Section]:
    """All headings in order."""
    waiting = [section for part in reversed(notice.parts) for section in reversed(part.sections)]
    while waiting:
        yield (section := waiting.pop())
        waiting += reversed(section.sections)


def headings(notice: Notice) -> list[Hashable]:
    return [(section.level, squashed(section.marker), squashed(section.title)) for section in sections(notice)]


def targets(notice: Notice) -> list[Hashable]:
    found = (target for task in notice.tasks for target in task.targets)
    return [(squashed(target.indicator), target.comparator, target.low, target.high, target.unit) for target in found]


def deadlines(notice: Notice) -> list[Hashable]:
    found = (deadline for task in notice.tasks for deadline in task.deadlines)
    return [(deadline.kind, deadline.start, deadline.end, deadline.recurrence) for deadline in found]


def counts(numbers: list[int | None]) -> bool:
    """Whether headings count from 1 without a gap."""
    return numbers == list(range(1, len(numbers) + 1))


def same(first: Path, second: Path) -> Outcome:
    """Two formats of one notice: headings, targets and deadlines."""
    figures, good = [], True
    one, other = policyparse.extract(first), policyparse.extract(second)
    for name, read in (("headings", headings), ("targets", targets), ("deadlines", deadlines)):
        left, right = Counter(read(one)), Counter(read(other))
        apart = max((left - right).total(), (right - left).total())
        figures.append(f"{name} {left.total()} and {right.total()}, {apart} differ")
        good = good and apart <= APART * max(left.total(), right.total())
    return "; ".join(figures), good and bool(headings(one))


def old_word(path: Path) -> Outcome:
    """Headings, amounts and attachments of a .doc."""
    notice = policyparse.extract(path)
    body = next((part for part in notice.parts if part.kind == "body"), None)
    annexes = [part for part in notice.parts if part.kind == "annex"]
    numbers = [section.number for section in body.sections] if body else []
    listed = [section.number for part in annexes for section in part.sections]
    amounts = {target.low for task in notice.tasks for target in task.targets if target.unit == "元"} & YUAN
    named = [squashed(title) for title in notice.metadata.attachments]
    figures = (
        f"{len(numbers)} headings in the body, {len(listed)} in the annex, {len(amounts)} of {len(YUAN)} amounts, "
        f"attachments {named}, annexes {[squashed(part.title) for part in annexes]}"
    )
    good = len(numbers) == 7 and counts(numbers) and len(listed) == 21 and counts(listed) and len(amounts) == len(YUAN)
    return figures, good and named == [squashed(part.title) for part in annexes]


def scan(path: Path) -> Outcome:
    """A scan: what it is, or with the OCR its title and headings."""
    try:
        notice = policyparse.extract(path)
    except ReadError as error:
        return f"says: {error}", "policyparse[ocr]" in str(error)
    numbers = [section.number for part in notice.parts for section in part.sections]
    codes = sorted({found.code for found in notice.diagnostics})
    figures = f"title {squashed(notice.metadata.title)}, top headings {numbers}, diagnostics {codes}"
    return figures, bool(notice.metadata.title and len(numbers) > 2)


def numbered(path: Path) -> Outcome:
    """文号 and date."""
    about = policyparse.extract(path).metadata
    number = about.doc_number
    figures = f"number {number.text if number else None}, date {about.issued_on}"
    return figures, bool(number and number.year == 2011 and number.serial == 76 and about.issued_on)


def filled(table: Table) -> int:
    """Rows of a table that are no headings: those with cells over two columns or more of their own, but the first."""
    own = Counter(cell.row for cell in table.cells if cell.span[0] < cell.span[1])
    return sum(count > 1 for row, count in own.items() if row)


def rows(path: Path) -> Outcome:
    """Rows of tables as tasks with their units."""
    tables = policyparse.read(path).tables
    found = [task for task in policyparse.extract(path).tasks if task.kind == "row"]
    units = sum(bool(task.assignments) for task in found)
    wanted = sum(map(filled, tables))
    figures = f"{wanted} rows in {len(tables)} tables, {len(found)} tasks of rows, {units} with units"
    return figures, bool(units) and len(found) >= ROWS * wanted


def brackets(path: Path) -> Outcome:
    """A page whose tables only lay it out: its units stand in brackets, each of which must be read."""
    document, notice = policyparse.read(path), policyparse.extract(path)
    wanted = len(BRACKET.findall(document.text))
    ends = {document.text.find("）", unit.span[1]) for task in notice.tasks for unit in task.assignments}
    figures = f"{len(document.tables)} tables of data, {wanted} brackets of units, {len(ends)} read"
    return figures, not document.tables and len(ends) == wanted > 0


CHECKS: tuple[tuple[Callable[..., Outcome], tuple[str, ...]], ...] = (
    (same, ("090", "091")),
    (same, ("098", "099")),
    (old_word, ("088",)),
    (scan, ("092",)),
    (numbered, ("100",)),
    (rows, ("104",)),
    (brackets, ("005",)),
    (rows, ("007",)),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, default=FILES, help="the folder with the files")
    folder = parser.parse_args().files
    missed = 0
    for check, starts in CHECKS:
        paths = [next(iter(sorted(folder.glob(f"{start}_*"))), None) for start in starts]
        name = " and ".join(
            f"{path.suffix[1:]} {start}" if path else start for path, start in zip(paths, starts, strict=True)
        )
        if None in paths:
            print(f"{name}: not there")
            continue
        try:
            figures, good = check(*paths)
        except ReadError as error:
            figures, good = str(error), False
        missed += not good
        print(f"{name}: {figures}: {'ok' if good else 'MISSED'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
