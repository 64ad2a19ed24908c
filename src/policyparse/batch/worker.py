"""A worker process: `python -m policyparse.batch.worker`, with a job and tasks on its input and results on its output.

Messages are pickles: ("ready", None), ("result", Result), ("output", why nothing can be written), ("unfit", why it
cannot work). It ends when its input does, so that none outlives the process that started it.
"""

import gc
import os
import pickle
import signal
import threading
import time
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO

from policyparse.batch.folder import OutputError
from policyparse.batch.work import Job, Reader, Task
from policyparse.errors import PolicyparseError

GRACE = 5.0
"""Seconds beyond the limit after which the system ends a worker that nobody watches any more."""


def main() -> None:
    """Work until there is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process at the terminal; the first one decides
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a library prints must not get among the messages
    job: Job = pickle.load(inward)
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(inward, tasks), daemon=True).start()
    try:
        _limit_memory(job.memory)
        reader = Reader(job)
    except PolicyparseError as error:
        _send(outward, "unfit", str(error))
        return
    except Exception as error:
        _send(outward, "unfit", f"worker processes do not start: {type(error).__name__}: {error}")
        return
    try:
        gc.freeze()  # the rules stay: no need to look through them again
        _send(outward, "ready", None)
        while True:
            task = tasks.get()
            if task is None:
                return
            _limit_time(job.timeout + GRACE)
            result = reader.read(task)
            _limit_time(0)
            _send(outward, "result", result)
            if result.failure == "memory":
                os._exit(0)  # what is left of it may be in any state
    except OutputError as error:
        _send(outward, "output", str(error))


def _receive(inward: BinaryIO, tasks: "SimpleQueue[Task | None]") -> None:
    """Take in tasks; when no more can come, end in good order, or in the midst of a file after a second."""
    with suppress(Exception):
        while True:
            tasks.put(pickle.load(inward))
    tasks.put(None)
    time.sleep(1)
    os._exit(0)


def _send(outward: BinaryIO, kind: str, content: object) -> None:
    try:
        pickle.dump((kind, content), outward, pickle.HIGHEST_PROTOCOL)
        outward.flush()
    except OSError:  # nobody listens any more
        os._exit(0)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    highest = resource.getrlimit(resource.RLIMIT_AS)[1]
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (size if highest < 0 else min(size, highest), highest))


def _limit_time(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
