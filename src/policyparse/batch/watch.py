"""Runs that go on: once, and again for what arrives or changes."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from policyparse.batch.run import Batch, Progress, run
from policyparse.errors import PolicyparseError
from policyparse.report import Summary

PAUSE = 1.0
"""Seconds between looks for a folder that is gone."""


def watch(batch: Batch, progress: Progress) -> Iterator[Summary]:
    """Run, and run again whenever something in the folders has changed and come to rest, until Ctrl-C.

    While one of the folders is gone, as a share that is not connected, nothing is run: what was made of it stays.
    Gives the summary of every run. Raises what `run` does.
    """
    if find_spec("watchfiles") is None:
        raise PolicyparseError("--watch needs a package that is not here: pip install 'policyparse[watch]'")
    folders = batch.sources.folders()
    if not folders:
        raise PolicyparseError("--watch needs a folder to watch among the sources")
    out, store = os.path.realpath(batch.out.removeprefix("file://")), os.path.realpath(batch.store)

    def matters(_: object, path: str) -> bool:
        real = os.path.realpath(path)
        if Path(real).is_relative_to(out) or real.startswith(store):  # SQLite has STORE-wal and others beside its own
            return False
        if os.path.isdir(real) and any(Path(own).is_relative_to(real) for own in (out, store)):
            return False  # Windows tells of the folder as well as of what was written there
        return not _is_hidden(path, folders)

    for found in _arriving(folders, matters, progress):
        if found is None or found:
            try:
                summary = run(batch, progress, found)
            except PolicyparseError:
                if None in _places(folders):
                    progress.stop()
                    continue  # it is waited for
                raise
            batch = replace(batch, force=False)
            yield summary
            if summary.interrupted:
                return


def _is_hidden(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is hidden below each of the folders that hold it."""
    whole = Path(os.path.abspath(path))
    holding = [folder for folder in map(os.path.abspath, folders) if whole.is_relative_to(folder)]
    below = [whole.relative_to(folder).parts for folder in holding]
    return bool(below) and all(any(part.startswith((".", "~$")) for part in parts) for parts in below)


def _arriving(
    folders: Sequence[str], matters: Callable[[object, str], bool], progress: Progress
) -> Iterator[frozenset[str] | None]:
    """The paths that changed, none at all twice a second; None where anything may have: first, and after a folder was
    gone.
    """
    from watchfiles import watch as changes

    own = frozenset(map(os.path.realpath, folders))
    while True:
        _wait_for(folders, progress)
        places = _places(folders)
        try:
            arriving = changes(
                *folders,
                watch_filter=matters,
                yield_on_timeout=True,
                rust_timeout=500,
                ignore_permission_denied=True,
            )
            next(arriving)  # from here on nothing is missed
        except FileNotFoundError:
            continue
        except (OSError, RuntimeError) as error:
            raise PolicyparseError(f"{', '.join(folders)}: cannot be watched: {error}") from None
        yield None
        for found in arriving:
            paths = frozenset(os.path.realpath(path) for _, path in found)
            if paths & own or _places(folders) != places:  # what is watched is not there any more
                break
            yield paths


def _wait_for(folders: Sequence[str], progress: Progress) -> None:
    """Until all folders are there; says which one is not."""
    told: set[str] = set()
    while gone := [folder for folder, place in zip(folders, _places(folders), strict=True) if place is None]:
        for folder in gone:
            if folder not in told:
                progress.wait(folder)
        told.update(gone)
        time.sleep(PAUSE)


def _places(folders: Sequence[str]) -> list[tuple[int, int] | None]:
    """Device and number of each folder, None where there is none."""
    found: list[tuple[int, int] | None] = []
    for folder in folders:
        try:
            state = os.stat(os.path.join(folder, "."))  # which a file has not
        except OSError:
            found.append(None)
        else:
            found.append((state.st_dev, state.st_ino))
    return found
