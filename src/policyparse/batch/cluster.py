"""The engine of many machines: Dask distributed. Each of its workers watches over a worker process of our own.

So the limits on time and memory are the same as on one machine. Files go out in bundles by size; a bundle whose Dask
worker dies is run again by the scheduler, and a result counts once, by the number of its file.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from policyparse.batch.folder import OutputError
from policyparse.batch.pool import Pool
from policyparse.batch.work import Job, Result, Task
from policyparse.errors import PolicyparseError

BUNDLE = 1_000_000
"""Bytes of a bundle, about a second of work."""
FILES = 200
"""Files of a bundle at most."""
AHEAD = 3
"""Bundles on their way for each thread of the cluster."""
PATIENCE = 30
"""Seconds to wait for the scheduler, and for a first worker."""

Outcome = list[Result] | str
"""The results of a bundle, or why nothing can be written."""

pools: dict[int, Pool] = {}
"""Thread of a Dask worker -> its pool."""


def work(job: Job, bundle: list[Task]) -> Outcome:
    """Run on a Dask worker: the results of a bundle."""
    thread = threading.get_ident()
    pool = pools.get(thread)
    if pool is None or pool.job != job:
        if pool:
            pool.close()
        pool = pools[thread] = Pool(job, 1)
    try:
        return list(pool.run(bundle))
    except BaseException as error:
        pools.pop(thread, None)
        pool.close()
        if isinstance(error, OutputError):
            return str(error)
        raise


def leave(job: Job) -> None:
    """Run on a Dask worker: end the worker processes of a job."""
    for thread, pool in list(pools.items()):
        if pool.job == job:
            del pools[thread]
            pool.close()


class Cluster:
    """A Dask cluster: the one at an address, or without one `size` workers on this machine."""

    def __init__(self, job: Job, size: int, address: str | None) -> None:
        try:
            import distributed
        except ImportError:
            raise PolicyparseError(
                "--engine dask needs a package that is not here: pip install 'policyparse[dask]'"
            ) from None
        self.job = job
        self.dask: Any = distributed
        self.local: Any = None
        self.client: Any = None
        try:
            if address is None:
                self.local = self.dask.LocalCluster(
                    n_workers=size, threads_per_worker=1, memory_limit=None, scheduler_kwargs={"dashboard": False}
                )
            self.client = self.dask.Client(self.local or address, timeout=PATIENCE)
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except BaseException as error:
            self.close()
            if isinstance(error, (OSError, ValueError)):
                where = address or "this machine"
                raise PolicyparseError(f"{where}: no Dask scheduler with workers answers there: {error}") from None
            raise

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The result of each task, once, in no certain order.

        Raises OutputError where nothing can be written, PolicyparseError where the cluster cannot work.
        """
        coming = bundles(tasks)
        sent: dict[str, list[Task]] = {}
        done = self.dask.as_completed()

        def send(bundle: list[Task]) -> None:
            future = self.client.submit(work, self.job, bundle, pure=False)
            sent[future.key] = bundle
            done.add(future)

        def fill() -> None:
            while len(sent) < AHEAD * sum(self.client.ncores().values()) and (bundle := next(coming, None)):
                send(bundle)

        fill()
        for future in done:
            bundle = sent.pop(future.key)
            try:
                outcome: Outcome = future.result()
            except self.dask.KilledWorker:
                outcome = []
                if len(bundle) == 1:
                    outcome = [Result(bundle[0].number, failure="crash", reason="every machine that tried it died")]
                for task in bundle if len(bundle) > 1 else ():  # which of the files is to blame?
                    send([task])
            if isinstance(outcome, str):
                raise OutputError(outcome)
            yield from outcome
            fill()

    def close(self) -> None:
        """Take back what is not done."""
        if self.client:
            with suppress(Exception):  # the cluster may be gone
                self.client.run(leave, self.job, on_error="ignore")
            self.client.close()
        if self.local:
            self.local.close()


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
