"""SOURCE… -> the files that are meant."""

import glob
import locale
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from heapq import heappop, heappush
from pathlib import Path, PurePath

from policyparse import readers
from policyparse.errors import PolicyparseError

OWN = {"", ".batch", ".batch-wal", ".batch-shm", ".batch-journal", ".batch.damaged"}
"""What is added to the name of an output that is a file, for what is kept beside it."""
Place = tuple[int, int]
"""Device and number of a folder: the same by any path."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: `place` is its path below the output folder, `problem` why it cannot be tried at all."""

    path: str
    place: str
    size: int
    problem: str | None = None


@dataclass(slots=True)
class Sources:
    """The files of SOURCE…: folders are walked, patterns expanded, and `listed` has a path a line in place of `-`.

    In a folder those files are taken that a reader knows by their suffix, or with `include` those that match one of
    its patterns; hidden files, lock files of Office and what matches `exclude` are not. `skipped` counts them.
    Files come in no certain order, and are not held.
    """

    given: Sequence[str]
    include: Sequence[str]
    exclude: Sequence[str]
    output: Path
    listed: Iterable[bytes] = ()
    skipped: int = 0

    def __post_init__(self) -> None:
        self.include, self.exclude = (
            [PurePath(pattern).as_posix() for pattern in patterns]  # ./drafts/ is drafts
            for patterns in (self.include, self.exclude)
        )

    def check(self) -> None:
        """Raises PolicyparseError where a SOURCE is nothing at all, or the output itself."""
        for name in self.given:
            if name == "-":
                continue
            if not os.path.lexists(name) and not (glob.has_magic(name) and next(_matching(name), "")):
                raise PolicyparseError(f"{name}: no such file or folder, and no pattern that a file matches")
            if os.path.exists(name) and os.path.exists(self.output) and os.path.samefile(name, self.output):
                raise PolicyparseError(f"{name}: this is the output and a source at once; give the output another name")

    def folders(self) -> list[str]:
        """The folders among SOURCE…"""
        return [name for name in self.given if os.path.isdir(name)]

    def __iter__(self) -> Iterator[tuple[int, Source]]:
        """Each file with its rank: those of the first SOURCE (or line) come before those of the next."""
        rank = self.skipped = 0
        for name in self.given:
            for paths in self._named(name):
                rank += 1
                for path in paths:
                    for source in self._walk(path) if os.path.isdir(path) else [_single(path)]:
                        yield rank, source

    def _named(self, name: str) -> Iterator[Iterable[str]]:
        """The paths that are meant, those together that have no order among them."""
        if name == "-":
            yield from ([_path(line)] for line in map(_bare, self.listed) if line)
        elif glob.has_magic(name) and not os.path.lexists(name):
            yield (path for path in _matching(name) if not self._is_own(path))
        else:
            yield [name]

    def _walk(self, top: str) -> Iterator[Source]:
        """The files below a folder. Each folder is read once, by its own path before any link that leads to it."""
        seen = {_place(os.stat(self.output))} if os.path.exists(self.output) else set()
        folders, links = [""], list[str]()
        while folders or links:
            relative = folders.pop() if folders else heappop(links)
            folder = os.path.join(top, relative) if relative else top
            try:
                here = _place(os.stat(folder))
                if here in seen:
                    continue
                seen.add(here)
                with os.scandir(folder) as entries:
                    for entry in entries:
                        inside = os.path.join(relative, entry.name)
                        try:
                            if self._excluded(inside) or self._is_own(entry.path):
                                self.skipped += 1
                            elif entry.is_dir():
                                heappush(links, inside) if entry.is_symlink() else folders.append(inside)
                            elif self._included(inside) and _is_file(entry):
                                yield Source(str(PurePath(entry.path)), PurePath(inside).as_posix(), _size(entry))
                            else:
                                self.skipped += 1
                        except OSError as error:  # a link to itself
                            yield Source(entry.path, inside, 0, f"cannot be read: {error.strerror or error}")
            except OSError as error:
                yield Source(folder, relative or ".", 0, f"this folder cannot be listed: {error.strerror or error}")

    def _excluded(self, relative: str) -> bool:
        name = os.path.basename(relative)
        return name.startswith((".", "~$")) or _matches(relative, self.exclude)

    def _is_own(self, path: str) -> bool:
        """Whether it is the output, or what is kept beside it."""
        folder, name = os.path.split(path)
        own = name.startswith(self.output.name) and name[len(self.output.name) :] in OWN
        return own and os.path.realpath(folder) == os.path.realpath(self.output.parent)

    def _included(self, relative: str) -> bool:
        return _matches(relative, self.include) if self.include else readers.is_readable(relative)


def _matching(pattern: str) -> Iterator[str]:
    """The paths that fit a pattern, hidden ones only where it names them; ** follows no link, which may lead back.

    A folder stands for all that is in it, so that ** at the end says nothing more.
    """
    whole = PurePath(pattern)
    parts = [*whole.relative_to(whole.anchor).parts]
    while parts and parts[-1] == "**":
        del parts[-1]
    fixed = next((number for number, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    top, below = Path(whole.anchor, *parts[:fixed]), parts[fixed:]
    if not below:
        yield from [str(top)] if top.exists() else []
        return
    hidden = any(part.startswith(".") for part in below)
    if any("**" in part and part != "**" for part in below):
        raise PolicyparseError(f"{pattern}: no pattern of files: ** stands for folders, between / and /")
    try:
        for path in top.glob("/".join(below)):
            if hidden or not any(part.startswith(".") for part in path.relative_to(top).parts):
                yield str(path)
    except (OSError, ValueError) as error:
        raise PolicyparseError(f"{pattern}: no pattern of files: {error}") from None


def _bare(line: bytes) -> bytes:
    return line.removeprefix(BOM_UTF8).rstrip(b"\r\n")


def _path(line: bytes) -> str:
    try:
        return os.fsdecode(line)
    except UnicodeDecodeError:  # on Windows, where programs may write in the system's code page
        return line.decode(locale.getencoding(), "replace")


def _single(path: str) -> Source:
    """A file that is named itself keeps its path below the output, without what leads out of it, as tar does."""
    pure = PurePath(path)
    inside = [part for part in pure.parts if part not in (pure.anchor, "..", ".")]
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        size = 0
    return Source(str(pure), "/".join(inside), size)


def _matches(relative: str, patterns: Iterable[str]) -> bool:
    """Whether the path below the folder, or the name alone, fits one of the patterns."""
    path = PurePath(relative).as_posix()
    return any(fnmatch(path, pattern) or fnmatch(os.path.basename(path), pattern) for pattern in patterns)


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file, or a link that leads nowhere, which is to be told of; pipes and devices are neither."""
    return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return entry.stat().st_size
    except OSError:  # it is gone by now; its reader will tell
        return 0


def _place(found: os.stat_result) -> Place:
    return found.st_dev, found.st_ino
