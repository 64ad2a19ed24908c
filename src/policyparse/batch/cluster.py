"""The engine of many machines: Dask distributed. Each thread of its workers watches over a worker process of our own.

So the limits on time and memory are the same as on one machine. Files go out in bundles by size; a bundle whose Dask
worker dies is run again by the scheduler, and a result counts once, by the number of its file.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

from policyparse.batch.folder import OutputError
from policyparse.batch.pool import Pool
from policyparse.batch.work import Job, Result, Task, version
from policyparse.errors import PolicyparseError

BUNDLE = 1_000_000
"""Bytes of a bundle, about a second of work."""
FILES = 200
"""Files of a bundle at most."""
AHEAD = 3
"""Bundles on their way for each thread of the cluster."""
PATIENCE = 30
"""Seconds to wait for the scheduler, for a first worker, and for another one when all are gone."""
PATIENCES = (PATIENCE, 4 * PATIENCE, 16 * PATIENCE)
"""Seconds to wait for a result that is there, try by try: Dask gives up a worker that is silent after 300."""
PAUSE = 1
"""Seconds between looks at the workers while no bundle is done."""
LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")
"""Where Dask tells at length what one line of ours says."""

Outcome = list[Result] | str
"""The results of a bundle, or why nothing can be written."""

pools: dict[int, tuple[str, Pool]] = {}
"""Thread of a Dask worker -> the run that it works for, and its pool."""
left: deque[str] = deque(maxlen=100)
"""The last runs that are over. Bundles of theirs may still come: Dask cancels and calls on different ways."""


def work(run: str, job: Job, bundle: list[Task]) -> Outcome:
    """Run on a Dask worker: the results of a bundle."""
    thread = threading.get_ident()
    last, pool = pools.get(thread, ("", None))
    if pool is None or last != run:
        if pool:
            pool.close()
        pool = Pool(job, 1)
        pools[thread] = run, pool
    try:
        results = [] if run in left else list(pool.run(bundle))
    except BaseException as error:
        pools.pop(thread, None)
        pool.close()
        if isinstance(error, OutputError):
            return str(error)
        raise
    if run in left:  # the pool may have been starting a process while it was closed
        pool.close()
    return results


def leave(run: str) -> None:
    """Run on a Dask worker: end the worker processes of a run, for good."""
    left.append(run)
    for whose, pool in list(pools.values()):
        if whose == run:
            pool.close()


class Cluster:
    """A Dask cluster: the one at an address, or without one a worker of `size` threads in this process."""

    def __init__(self, job: Job, size: int, address: str | None) -> None:
        try:
            import distributed
        except ImportError:
            raise PolicyparseError(
                "--engine dask needs a package that is not here: pip install 'policyparse[dask]'"
            ) from None
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.job = job
        self.where = address or "this machine"
        self.dask: Any = distributed
        self.local: Any = None
        self.client: Any = None
        self.sent: dict[Any, list[Task]] = {}
        """Future -> its bundle."""
        self.ready: SimpleQueue[Any] = SimpleQueue()
        """Futures that are done, have failed or are cancelled."""
        try:
            if address is None:
                self.local = self._within(size)
            self.client = self.dask.Client(self.local or address, timeout=PATIENCE)
            self.client.wait_for_workers(1, timeout=PATIENCE)
            self._compare()
        except BaseException as error:
            self.close()
            if isinstance(error, Exception) and not isinstance(error, PolicyparseError):
                raise PolicyparseError(f"{self.where}: no Dask scheduler with workers answers there: {error}") from None
            raise

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The result of each task, once, in no certain order.

        Raises OutputError where nothing can be written, PolicyparseError where the cluster cannot work.
        """
        coming = bundles(tasks)
        bundle = next(coming, None)
        seen = time.monotonic()
        while bundle or self.sent:
            with self._asking():
                threads = sum(self.client.ncores().values())
            if threads:
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                raise PolicyparseError(
                    f"{self.where}: no worker was left for {PATIENCE} s; the same command goes on from here"
                )
            while bundle and len(self.sent) < AHEAD * threads:
                self._send(bundle)
                bundle = next(coming, None)
            with suppress(Empty):
                yield from self._results(self.ready.get(timeout=PAUSE))

    def close(self) -> None:
        """Take back what is not done."""
        if self.client:
            with suppress(Exception):  # the cluster may be gone
                if self.client.status == "running":
                    self.client.cancel(list(self.sent))
                    self.client.run(leave, self.client.id, on_error="ignore")
            self.client.close()
        if self.local:
            self.local.close()

    def _within(self, size: int) -> Any:
        """A cluster in this process, without the web servers of Dask: they would show it to the whole network."""
        options = {"protocol": "inproc://", "dashboard": False}
        deaf = {"start_http_server": lambda *_, **__: None}
        scheduler = type("Scheduler", (self.dask.Scheduler,), deaf)
        worker = {
            "cls": type("Worker", (self.dask.Worker,), deaf),
            "options": {**options, "nthreads": size, "memory_limit": None},
        }
        return self.dask.SpecCluster(
            scheduler={"cls": scheduler, "options": options}, worker=worker, workers={0: worker}
        )

    def _compare(self) -> None:
        """Has every worker what the run began with? Those that come later fail at their first bundle."""
        found = self.client.run(version, self.job.patterns, self.job.to, on_error="return")
        for worker, made_by in found.items():
            if made_by == self.job.made_by:
                continue
            if isinstance(made_by, OSError) and made_by.errno is None:  # Dask's own: the worker is just going
                continue
            reason = made_by if isinstance(made_by, Exception) else "its version, Python, packages or rules differ"
            raise PolicyparseError(f"{worker}: this Dask worker has not the policyparse of this machine: {reason}")

    def _send(self, bundle: list[Task]) -> None:
        with self._asking():
            future = self.client.submit(work, self.client.id, self.job, bundle, pure=False)
            self._await(future, bundle)

    def _await(self, future: Any, bundle: list[Task]) -> None:
        self.sent[future] = bundle
        future.add_done_callback(self.ready.put)

    def _results(self, future: Any) -> list[Result]:
        """The results of a bundle; without them, what is to be done again is sent again."""
        bundle = self.sent.pop(future)
        with self._asking():
            try:
                outcome = self._gathered(future)
            except PolicyparseError:
                raise
            except self.dask.KilledWorker:
                if len(bundle) == 1:
                    return [Result(bundle[0].number, failure="crash", reason="every machine that tried it died")]
                for task in bundle:  # which of the files is to blame?
                    self._send([task])
                return []
            except Exception as error:
                if future.status == "error":
                    reason = " ".join(f"{type(error).__name__}: {error}".split())[:500]
                    raise PolicyparseError(f"{self.where}: a Dask worker cannot do the work: {reason}") from None
                if not isinstance(error, TimeoutError):
                    raise
                self._await(future, bundle)  # its worker has died since, and another one is at it
                return []
        if isinstance(outcome, str):
            raise OutputError(outcome)
        return outcome

    def _gathered(self, future: Any) -> Outcome:
        """What a bundle came to. A try begins from the start, so a large result on a slow line needs a longer one.

        Raises TimeoutError where its worker has died since and the bundle is not done any more.
        """
        for patience in PATIENCES:
            try:
                outcome: Outcome = future.result(timeout=patience)
            except TimeoutError:
                if future.status != "finished":
                    raise
            else:
                return outcome
        raise PolicyparseError(f"{self.where}: a result does not come through; the same command goes on from here")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raises PolicyparseError where the scheduler does not answer any more."""
        try:
            yield
        except Exception as error:
            gone = isinstance(error, (OSError, self.dask.CancelledError)) or self.client.status != "running"
            if isinstance(error, PolicyparseError) or not gone:
                raise
            name = type(error).__name__
            raise PolicyparseError(
                f"{self.where}: the Dask scheduler is gone ({name}); the same command goes on from here"
            ) from error


def bundles(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Tasks in bundles of about the same size."""
    bundle: list[Task] = []
    size = 0
    for task in tasks:
        bundle.append(task)
        size += task.size
        if size >= BUNDLE or len(bundle) >= FILES:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle
