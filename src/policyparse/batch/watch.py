"""Runs that go on: once, and again for what arrives or changes."""

import os
from collections.abc import Iterator
from pathlib import Path

from policyparse.batch.run import Batch, Progress, run
from policyparse.errors import PolicyparseError
from policyparse.report import Summary


def watch(batch: Batch, progress: Progress) -> Iterator[Summary]:
    """Run, and run again whenever something in the folders has changed and come to rest, until Ctrl-C.

    Gives the summary of every run. Raises what `run` does.
    """
    try:
        from watchfiles import watch as changes
    except ImportError:
        raise PolicyparseError("--watch needs a package that is not here: pip install 'policyparse[watch]'") from None
    folders = batch.sources.folders()
    if not folders:
        raise PolicyparseError("--watch needs a folder to watch among the sources")
    out, store = os.path.realpath(batch.out), os.path.realpath(batch.store)
    above = {part for folder in folders for part in Path(os.path.abspath(folder)).parts}

    def matters(_: object, path: str) -> bool:
        real = os.path.realpath(path)
        if Path(real).is_relative_to(out) or real.startswith(store):  # SQLite has STORE-wal and others beside its own
            return False
        return not any(part.startswith((".", "~$")) for part in Path(path).parts if part not in above)

    arriving = changes(*folders, watch_filter=matters, yield_on_timeout=True, rust_timeout=500, raise_interrupt=False)
    next(arriving)  # from here on nothing is missed
    summary = run(batch, progress)
    yield summary
    while not summary.interrupted and (found := next(arriving, None)) is not None:
        if found:
            summary = run(batch, progress, frozenset(os.path.abspath(path) for _, path in found))
            yield summary
