"""What people read: the outline of a notice, the progress and summary of a run over many."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from policyparse.schema import Notice, Part, Section

if TYPE_CHECKING:
    from rich.progress import Progress

KINDS = {"cover": "印发通知", "body": "正文", "annex": "附件"}
BEGINNING = 20
"""Characters that stand for the title of a section that has none."""
COUNTED = {"assignments": "责任单位", "targets": "目标", "deadlines": "时限"}


def outline(notice: Notice) -> str:
    """The heading tree, two blanks a level, each heading with the number of its facts."""
    counts = _counts(notice)
    return "".join(f"{'  ' * depth}{label}{_tail(note)}\n" for depth, label, note in _walk(notice, counts))


def print_tree(notice: Notice) -> None:
    """The same as a tree, for a terminal."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Text(notice.metadata.title or notice.source.path or "", style="bold"), guide_style="dim")
    branches = [root]
    for depth, label, note in _walk(notice, _counts(notice)):
        del branches[depth + 1 :]
        text = Text(label, style="bold cyan" if depth == 0 else "")
        branches.append(branches[-1].add(text.append(_tail(note), style="dim")))
    Console().print(root)


def _tail(note: str) -> str:
    return f"  [{note}]" if note else ""


def _beginning(text: str) -> str:
    """The first words of a section without a title."""
    return text if len(text) <= BEGINNING else text[:BEGINNING] + "…"


def _counts(notice: Notice) -> dict[str, Counter[str]]:
    """How many facts of each kind stand in each section, by its id."""
    counts: dict[str, Counter[str]] = {}
    for task in notice.tasks:
        for group in COUNTED:
            counts.setdefault(task.section, Counter())[group] += len(getattr(task, group))
    return counts


def _walk(notice: Notice, counts: dict[str, Counter[str]]) -> Iterator[tuple[int, str, str]]:
    """Every part and section in order: depth, marker and title, and what is counted in it."""
    open_nodes: list[tuple[int, Part | Section]] = [(0, part) for part in reversed(notice.parts)]
    while open_nodes:
        depth, node = open_nodes.pop()
        if isinstance(node, Part):
            label = f"{KINDS[node.kind]}：{node.title or '（无标题）'}"
        else:
            label = node.marker + (node.title or _beginning(node.text))
        found = counts.get(node.id, Counter())
        yield depth, label, " ".join(f"{name}{found[group]}" for group, name in COUNTED.items() if found[group])
        open_nodes += [(depth + 1, child) for child in reversed(node.sections)]


@dataclass(slots=True)
class Summary:
    """What a run has come to. `seconds` and `done` are of this run, all else of all its files."""

    planned: int = 0
    skipped: int = 0
    done: int = 0
    bytes_done: int = 0
    unchanged: int = 0
    seconds: float = 0.0
    formats: list[tuple[str, int, int]] = field(default_factory=list)
    """Format, files, bytes."""
    facts: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[str, int]] = field(default_factory=list)
    """Kind of failure, files."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Name and reason of the first failures."""
    interrupted: bool = False

    @property
    def failure_count(self) -> int:
        """How many files have no result."""
        return sum(count for _, count in self.failures)


class BatchProgress:
    """How a run over many files goes, on standard error: a bar on a terminal, else a line now and then.

    Where standard error is closed or full the run goes on in silence.
    """

    EVERY = 10.0
    """Seconds between lines."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.bar: Progress | None = None

    def start(self, files: int, size: int) -> None:
        """So many files and bytes there are to do."""
        self.files, self.size = files, size
        self.done = self.bytes_done = self.failed = 0
        self.began = self.told = time.monotonic()
        if self.quiet:
            return
        if sys.stderr and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            console = Console(stderr=True)
            self.bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True)
            with _telling():
                self.bar.start()
            self.task = self.bar.add_task(self._line(), total=size or None)
        else:
            self.tell(f"policyparse: {_files(files)}, {_megabytes(size)}")

    def step(self, name: str, size: int, reason: str | None) -> None:
        """A file is done, or has failed for a reason."""
        self.done += 1
        self.bytes_done += size
        if reason is not None:
            self.failed += 1
            if not self.quiet:
                self.tell(f"policyparse: {one_line(name)}: {one_line(reason)}")
        if self.bar:
            self.bar.update(self.task, completed=self.bytes_done, description=self._line())
        elif not self.quiet and time.monotonic() - self.told > self.EVERY:
            self.told = time.monotonic()
            self.tell(f"policyparse: {self._line()}")

    def wait(self, folder: str) -> None:
        """A folder that is watched is gone, and is waited for."""
        self.tell(f"policyparse: {one_line(folder)}: no such folder any more; waiting for it to come back")

    def stop(self) -> None:
        """No more is to come."""
        if self.bar:
            with _telling():
                self.bar.stop()
            self.bar = None

    def tell(self, text: str) -> None:
        """Lines to read."""
        with _telling():
            if self.bar:
                self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
            elif sys.stderr:
                print(text, file=sys.stderr, flush=True)

    def _line(self) -> str:
        seconds = max(time.monotonic() - self.began, 0.001)
        left = (self.size - self.bytes_done) * seconds / self.bytes_done if self.bytes_done else 0
        return (
            f"{self.done:,} of {_files(self.files)}, {_megabytes(self.bytes_done)}, "
            f"{self.done / seconds:,.0f} files/s, {_duration(left)} left, {self.failed:,} failed"
        )


@contextmanager
def _telling() -> Iterator[None]:
    """What cannot be told, and what comes after it, is lost, and stops nothing."""
    try:
        yield
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def batch_summary(summary: Summary, out: str, again: bool = False) -> str:
    """What a run over many files has come to, for people; of one that was made `again` by itself, a line."""
    rate = f"{summary.done / max(summary.seconds, 0.001):,.1f} files/s"
    speed = f"{_megabytes(round(summary.bytes_done / max(summary.seconds, 0.001)))}/s"
    lines = [
        f"{summary.done:,} of {_files(summary.planned)} in {_duration(summary.seconds)} ({rate}, {speed}), "
        f"{summary.unchanged:,} of them unchanged, {summary.failure_count:,} failed; "
        f"{_files(summary.skipped, 'other ')} left out"
    ]
    if not again:
        rows = [
            (f"format {format or 'unknown'}", f"{_files(count)}, {_megabytes(size)}")
            for format, count, size in summary.formats
        ]
        rows += [(kind, f"{count:,}") for kind, count in summary.facts.items()]
        rows += [(f"failed: {kind}", _files(count)) for kind, count in summary.failures]
        width = max((len(name) for name, _ in rows), default=0)
        lines += [f"  {name:<{width}}  {value}" for name, value in rows]
        lines += [f"  {one_line(name)}: {one_line(reason)}" for name, reason in summary.failed]
        if summary.failure_count > len(summary.failed):
            lines.append(f"  … and {summary.failure_count - len(summary.failed):,} more")
    if summary.interrupted:
        lines.append("Interrupted. The same command goes on from here.")
    elif not again:
        lines.append(f"Results: {one_line(out)}")
    return "\n".join(lines)


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[object]], width: int | None) -> bytes:
    """The answer to a query, as wide as the terminal or as `width` says."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        shown.add_column(Text(one_line(column)), overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_cell(value), justify=_side(value)) for value in row))
    text = StringIO()
    Console(file=text, width=width or Console().width).print(shown)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().strip("\n").split("\n")).encode("utf-8", "replace")


def _cell(value: object) -> str:
    return "" if value is None else one_line(str(value))


def _side(value: object) -> Literal["left", "right"]:
    return "right" if isinstance(value, int | float) else "left"


def one_line(text: str) -> str:
    """A text as people can see it in one line: control characters and bytes that are no text with a backslash."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown.encode("utf-8", "backslashreplace").decode()


def _files(count: int, other: str = "") -> str:
    return f"{count:,} {other}{'file' if count == 1 else 'files'}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} KB"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
