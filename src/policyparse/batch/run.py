"""A run from beginning to end: plan, work, output."""

import os
import sqlite3
import time
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from policyparse.batch.folder import OutputError, folder, is_url
from policyparse.batch.sources import Sources
from policyparse.batch.store import Kept, Store, damaged, is_damage
from policyparse.batch.work import Job, Result, Task, version
from policyparse.errors import PolicyparseError
from policyparse.report import Summary
from policyparse.writers.sinks import SINKS, Sink, sink

SUFFIXES = {"json": ".json", "yaml": ".yaml"}
"""Formats with a file for each notice -> what its name ends with."""
FORMATS = (*SUFFIXES, *SINKS)
MEMORY = 2 << 30
"""Bytes of memory that a worker may take."""
AHEAD = 16
"""Results that wait in memory for the sink; the others wait in the store."""
PIECE = 1 << 20
"""Bytes of an output that are sent elsewhere at a time."""
TOLD = 20
"""Failures that the summary names."""


class Engine(Protocol):
    """Who does the work."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The result of each task, once, in no certain order."""

    def close(self) -> None:
        """End at once."""


class Progress(Protocol):
    """Who tells how it goes."""

    def start(self, files: int, size: int) -> None:
        """The plan is made."""

    def step(self, name: str, size: int, reason: str | None) -> None:
        """A file is done, or has failed for a reason."""

    def stop(self) -> None:
        """No more is to come."""

    def wait(self, folder: str) -> None:
        """A folder that is watched is gone, and is waited for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run is to do. `out` is a path or a URL, `timeout` in seconds for each file."""

    sources: Sources
    out: str
    to: str = "json"
    patterns: tuple[str, ...] = ()
    workers: int | None = None
    timeout: float = 60.0
    memory: int = MEMORY
    force: bool = False
    engine: str = "local"
    scheduler: str | None = None

    @property
    def folder(self) -> bool:
        """Whether the output is a folder of files."""
        return self.to in SUFFIXES or sink(self.to).folder

    @property
    def store(self) -> Path:
        """Where results are kept: in an output folder, beside an output file, here where the output is elsewhere."""
        if is_url(self.out):
            url = self.out.rstrip("/")
            name = url.rpartition("/")[2] or "output"
            return Path(f"{name}-{sha256(url.encode()).hexdigest()[:8]}.batch")  # others may end alike
        out = Path(self.out)
        return out / ".policyparse.batch" if self.folder else out.with_name(out.name + ".batch")


def run(batch: Batch, progress: Progress, changed: frozenset[str] | None = None) -> Summary:
    """Do it, or go on with it. `changed`: only these files, and what is in these folders, can
    have changed since the last run; paths without links.

    Raises PolicyparseError where it cannot begin, OutputError where the output cannot be written. Ctrl-C ends it with
    what there is: the summary says so.
    """
    _check(batch)
    summary, began = Summary(), time.monotonic()
    try:
        with closing(Store(batch.store, version(batch.patterns, batch.to), batch.force)) as store:
            try:
                _work(batch, store, progress, changed, summary)
            except KeyboardInterrupt:
                summary.interrupted = True
            store.commit()
            summary.seconds = time.monotonic() - began
            store.summary(summary, TOLD)
    except zlib.error:
        raise damaged(batch.store) from None
    except sqlite3.Error as error:
        if is_damage(error):
            raise damaged(batch.store) from None
        raise OutputError(f"{batch.out}: cannot be written: {error}") from None
    except OSError as error:
        raise OutputError(f"{error.filename or batch.out}: cannot be written: {error.strerror or error}") from None
    return summary


def _check(batch: Batch) -> None:
    if batch.out in ("", "-"):
        raise PolicyparseError(f"-o {batch.out!r}: results of many notices go to a file or a folder; give it a name")
    batch.sources.check()
    if is_url(batch.out):
        return
    out = Path(batch.out)
    if batch.folder and out.exists() and not out.is_dir():
        raise PolicyparseError(f"{out}: this is a file, and --to {batch.to} writes a folder; give it another name")
    if not batch.folder and out.is_dir():
        raise PolicyparseError(f"{out}: this is a folder, and --to {batch.to} writes a file; name the file")
    if batch.to in SINKS and not batch.store.exists() and not batch.force:
        for path in sink(batch.to).paths(out):
            if path.exists():
                raise PolicyparseError(
                    f"{path}: there is such a file, and not from here; give another name, or --force to replace it"
                )


def _work(batch: Batch, store: Store, progress: Progress, changed: frozenset[str] | None, summary: Summary) -> None:
    suffix = SUFFIXES.get(batch.to)
    store.plan(batch.sources, suffix, absolute=batch.engine != "local")
    summary.planned, size = store.total()
    summary.skipped = batch.sources.skipped
    progress.start(summary.planned, size)
    elsewhere = batch.engine != "local"  # workers that stand in other folders
    out = os.path.abspath(batch.out) if elsewhere and not is_url(batch.out) else batch.out
    own = folder(out) if suffix else None
    job = Job(
        to=batch.to,
        out=out if suffix else None,
        patterns=tuple(map(os.path.abspath, batch.patterns)) if elsewhere else batch.patterns,
        made_by=store.made_by,
        timeout=batch.timeout,
        memory=batch.memory,
    )
    if own:
        own.clean()
    with closing(Output(batch, store)) as output, closing(_engine(batch, job)) as engine:
        for result in _results(store, engine, batch.force, changed):
            settled = store.settle(result)
            if own and settled.stale:
                own.remove(settled.stale)
            summary.done += 1
            summary.bytes_done += settled.size
            summary.unchanged += result.unchanged
            progress.step(settled.name, settled.size, result.reason)
            output.follow(settled.new)
        if summary.done < summary.planned:
            raise PolicyparseError("the workers ended before all files were done; the same command goes on from here")
        output.finish()
    store.forget()
    if own:
        own.clean()


def _results(store: Store, engine: Engine, force: bool, changed: frozenset[str] | None) -> Iterator[Result]:
    real = cache(os.path.realpath)

    def is_known(task: Task) -> bool:
        if changed is None or task.sha256 is None:
            return False
        folder, name = os.path.split(task.path)
        path = Path(real(folder), name)
        path = path.resolve() if path.is_symlink() else path
        return changed.isdisjoint(map(str, (path, *path.parents)))

    yield from store.problems()
    known = {task.number for task in store.tasks(force) if is_known(task)} if changed is not None else frozenset[int]()
    yield from (Result(number, unchanged=True) for number in sorted(known))
    yield from engine.run(task for task in store.tasks(force) if task.number not in known)


class Output:
    """An output that is one whole, made anew from the store as soon as anything in it is not as it was.

    Its sink has a thread of its own, so that no worker waits for work while an index is written.
    """

    def __init__(self, batch: Batch, store: Store) -> None:
        self.store, self.url = store, batch.out if is_url(batch.out) else None
        self.kind = sink(batch.to) if batch.to in SINKS else None
        self.sink: Sink | None = None
        self.thread = ThreadPoolExecutor(1)
        self.given: deque[Future[None]] = deque()
        self.last = 0
        self.elsewhere = TemporaryDirectory(prefix="policyparse-") if self.url else None
        self.out = Path(self.elsewhere.name, batch.out.rpartition("/")[2]) if self.elsewhere else Path(batch.out)
        self.target = folder(batch.out if batch.folder else os.path.dirname(batch.out) or ".")
        if self.kind and store.finished() != self._state(self.kind):
            self.begin(self.kind)

    def begin(self, kind: type[Sink]) -> None:
        """From now on the output that is there is out of date."""
        self.store.finish(None)
        self.sink = kind(self.out)

    def follow(self, new: bool) -> None:
        """Take what is settled, in order; `new`: something has changed."""
        if new and self.kind and not self.sink:
            self.begin(self.kind)
        if self.sink:
            while self.given and self.given[0].done():
                self.given.popleft().result()
            while len(self.given) < AHEAD and (kept := self.store.settled(self.last + 1)):
                self.given.append(self.thread.submit(_add, self.sink, kept))
                self.last += 1

    def finish(self) -> None:
        """Put the output in place."""
        if self.sink:
            self.follow(False)
            while self.given:
                wait([self.given[0]])
                self.follow(False)
            self.sink.finish()
            if self.url:
                for path in self.sink.outputs:
                    with path.open("rb") as file:
                        self.target.write(path.name, iter(partial(file.read, PIECE), b""))
            self.store.finish(self._state(type(self.sink)))
            self.sink = None

    def close(self) -> None:
        """Leave what is there as it is, if this is not finished."""
        self.thread.shutdown(cancel_futures=True)
        if self.sink:
            self.sink.abandon()
        if self.elsewhere:
            self.elsewhere.cleanup()

    def _state(self, kind: type[Sink]) -> str:
        """What the output is of, and how long its files are: shorter ones were cut off, others changed by hand."""
        return f"{self.store.fingerprint()} {[self.target.size(name) for name in kind.names(self.out)]}"


def _add(sink: Sink, kept: Kept) -> None:
    if kept.payload is None:
        sink.add(sink.encode_failure(kept.name, kept.failure, kept.reason))
    else:
        sink.add(zlib.decompress(kept.payload))


def _engine(batch: Batch, job: Job) -> Engine:
    if batch.engine == "dask":
        from policyparse.batch.cluster import Cluster

        return Cluster(job, batch.workers or cores(), batch.scheduler)
    from policyparse.batch.pool import Pool

    return Pool(job, batch.workers or cores())


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
