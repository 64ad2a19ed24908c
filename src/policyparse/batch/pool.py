"""The engine of this machine: worker processes, watched one by one."""

import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from policyparse.batch.folder import OutputError
from policyparse.batch.work import Job, Result, Task
from policyparse.errors import PolicyparseError

AHEAD = 8
"""Tasks that a worker is given at a time, so that it never waits for the next."""
TRIES = 2
"""How often a file may lose its worker: whoever killed the first one may not have meant the file."""
STARTS = 5
"""How many workers may die one after the other before they work at all."""
STARTING = 120.0
"""Seconds that a worker has to start."""
PATIENCE = 0.5
"""Seconds between looks at the clock; on Windows Ctrl-C waits as long."""
UNSEEN = 2.0
"""Seconds between looks at the clock beyond which none counts: the computer slept, or the processes were stopped."""
FAREWELL = 2.0
"""Seconds that a worker without a task has to end."""
COMMAND = (sys.executable, "-P", "-m", "policyparse.batch.worker")
"""-P: what lies in the current folder is no module."""

Inbox = SimpleQueue[tuple["Worker", tuple[str, Any] | None]]


class Worker:
    """A worker process and what it has to do; its messages go into the inbox, and None when it has ended."""

    def __init__(self, job: Job, inbox: Inbox) -> None:
        self.tasks: deque[Task] = deque()
        """Those whose results are not read yet."""
        self.given = self.answered = 0
        """How many tasks it has got, and how many results have come from it, read or not."""
        self.ready = False
        """Whether it has started."""
        self.since = time.monotonic()
        """When it last had something to say or to begin with."""
        self.late: int | None = None
        """The number of the task that took too long."""
        try:
            self.process = subprocess.Popen(
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise PolicyparseError(f"worker processes do not start: {error.strerror or error}") from None
        self._write(job)
        threading.Thread(target=self._listen, args=(inbox,), daemon=True).start()

    def give(self, task: Task) -> None:
        """Hand over a task."""
        if self.at_hand() is None and self.ready:
            self.since = time.monotonic()
        self.tasks.append(task)
        self.given += 1
        self._write(task)

    def at_hand(self) -> Task | None:
        """The task that it is at; None where it waits for one."""
        left = self.given - self.answered
        return self.tasks[-left] if left else None

    def kill(self) -> None:
        """End it at once."""
        with suppress(OSError):
            self.process.kill()

    def dismiss(self) -> None:
        """Let it end in good order: what it has compiled of the rules is kept for the next start."""
        assert self.process.stdin
        with suppress(OSError):
            self.process.stdin.close()

    def _write(self, message: object) -> None:
        assert self.process.stdin
        with suppress(OSError, ValueError):  # it has died, as its silence will tell
            pickle.dump(message, self.process.stdin)
            self.process.stdin.flush()

    def _listen(self, inbox: Inbox) -> None:
        assert self.process.stdin
        assert self.process.stdout
        with suppress(Exception):
            while True:
                message = pickle.load(self.process.stdout)
                self.since = time.monotonic()
                self.ready = True
                self.answered += message[0] == "result"
                inbox.put((self, message))
        self.process.wait()
        with suppress(OSError):
            self.process.stdin.close()
        inbox.put((self, None))


class Pool:
    """Workers that are replaced when they die, take too long or too much. Results come as they are ready."""

    def __init__(self, job: Job, size: int) -> None:
        self.job, self.size = job, size
        self.inbox: Inbox = SimpleQueue()
        self.workers: list[Worker] = []
        self.again: deque[Task] = deque()
        self.losses: dict[int, int] = {}
        self.failed_starts = 0
        self.looked = time.monotonic()
        self.closed = False

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The result of each task, in no certain order.

        Raises OutputError where nothing can be written, PolicyparseError where workers do not start.
        """
        coming = iter(tasks)
        while not self.closed and self._feed(coming):
            try:
                worker, message = self.inbox.get(timeout=PATIENCE)
            except Empty:
                continue
            finally:
                self._stop_late()
            if message is None:
                if worker in self.workers:
                    yield from self._buried(worker)
            elif message[0] == "result":
                result: Result = message[1]
                worker.tasks.popleft()
                self.losses.pop(result.number, None)
                if result.failure == "memory":  # it ends by itself, and its next file has no part in that
                    self._part_with(worker)
                yield result
            elif message[0] == "ready":
                self.failed_starts = 0
            else:
                raise {"output": OutputError}.get(message[0], PolicyparseError)(message[1])

    def close(self) -> None:
        """End all workers: at once those that are at a file. It may come from another thread than `run`."""
        self.closed = True
        workers, self.workers = self.workers, []
        for worker in workers:
            if worker.tasks:
                worker.kill()
            else:
                worker.dismiss()
        for worker in workers:
            try:
                worker.process.wait(FAREWELL)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.process.wait()

    def _feed(self, coming: Iterator[Task]) -> bool:
        """Give every worker enough to do; False when there is nothing left to do."""
        while task := self._next(coming):
            worker = min(self.workers, key=lambda worker: len(worker.tasks), default=None)
            if len(self.workers) < self.size and (worker is None or worker.tasks):
                worker = Worker(self.job, self.inbox)
                self.workers.append(worker)
            if worker is None or len(worker.tasks) >= AHEAD:
                self.again.appendleft(task)
                break
            worker.give(task)
        return any(worker.tasks for worker in self.workers) or bool(self.again)

    def _next(self, coming: Iterator[Task]) -> Task | None:
        return self.again.popleft() if self.again else next(coming, None)

    def _stop_late(self) -> None:
        """Who has been at one file, or at starting, for too long?"""
        now = time.monotonic()
        passed = now - self.looked
        if passed < PATIENCE:
            return
        self.looked = now
        for worker in self.workers:
            if passed > UNSEEN:
                worker.since = min(worker.since + passed - UNSEEN, now)
            task, ready = worker.at_hand(), worker.ready
            if task and now - worker.since > (self.job.timeout if ready else STARTING):
                worker.late = task.number if ready else None
                worker.kill()

    def _buried(self, worker: Worker) -> Iterator[Result]:
        """A worker has died: the file it was at is to blame, or is tried again."""
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= STARTS:
                raise PolicyparseError("worker processes do not start; is there memory left?")
        elif worker.tasks:
            task = worker.tasks[0]
            self.losses[task.number] = self.losses.get(task.number, 0) + 1
            if worker.late == task.number:
                worker.tasks.popleft()
                reason = f"took longer than {self.job.timeout:g} seconds; --timeout gives it more"
                yield Result(task.number, failure="timeout", reason=reason)
            elif self.losses[task.number] >= TRIES:
                worker.tasks.popleft()
                reason = f"its worker died {TRIES} times (exit code {worker.process.returncode}); out of memory?"
                yield Result(task.number, failure="crash", reason=reason)
        self._part_with(worker)

    def _part_with(self, worker: Worker) -> None:
        """Its files go to the others."""
        with suppress(ValueError):  # the pool is just closed
            self.workers.remove(worker)
        self.again.extendleft(reversed(worker.tasks))
        worker.tasks.clear()
