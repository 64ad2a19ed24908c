"""What a worker does: one file in, one result out."""

import os
import stat
import sys
import zlib
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Literal

import policyparse
from policyparse import api, readers
from policyparse.batch.folder import OutputError, folder
from policyparse.document import Document
from policyparse.errors import PolicyparseError, ReadError
from policyparse.pipeline import parse
from policyparse.rulebook import Rulebook, built_in
from policyparse.writers import write
from policyparse.writers.sinks import SINKS, sink
from policyparse.writers.tables import rows

FailureKind = Literal["unreadable", "timeout", "memory", "crash", "output"]
"""Why a file has no result: unreadable, too slow, too large, its worker died twice, its output cannot be written."""

COUNTED = ("sections", "tasks", "assignments", "targets", "deadlines", "citations", "diagnostics")
"""The kinds that the summary counts."""

READING = (
    *("ahocorasick-rs", "charset-normalizer", "jieba", "lxml", "pydantic", "pypdfium2"),
    *("pyyaml", "regex", "selectolax"),
    *("rapidocr", "onnxruntime", "numpy", "opencv-python", "opencv-python-headless", "pillow"),
)
"""The packages that decide what is read in a file and how it is written; those of the last line need not be there."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run must know. `timeout` is in seconds and `memory` in bytes, for one file.

    `out` is the folder that gets a file for each notice, None where results go to a sink.
    """

    to: str
    out: str | None
    patterns: tuple[str, ...]
    made_by: str
    timeout: float
    memory: int


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read: `name` is what it is called in the result, `output` the name of its own output file.

    `sha256` and `written` say what the result that is at hand was made from and how long its own output file is.
    """

    number: int
    path: str
    name: str
    output: str | None
    size: int
    sha256: str | None = None
    written: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What has become of a file: `payload` for the sink, or `written` bytes in its own file, or a failure."""

    number: int
    unchanged: bool = False
    sha256: str | None = None
    format: str | None = None
    counts: tuple[int, ...] = (0,) * len(COUNTED)
    payload: bytes | None = None
    written: int | None = None
    failure: FailureKind | None = None
    reason: str | None = None


def version(patterns: tuple[str, ...], to: str) -> str:
    """A hash of what results depend on beside the file: program, Python, packages, rules, kind of output."""
    package = Path(policyparse.__file__).parent
    code = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
    own = [path.read_bytes() for folder in patterns for path in sorted(Path(folder).glob("*.yaml"))]
    reading = [sys.version_info[:3], *map(_installed, READING)]
    return sha256(repr((policyparse.__version__, to, code, reading, built_in(), own)).encode()).hexdigest()


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


class Reader:
    """Does the work, with the rules loaded once."""

    def __init__(self, job: Job) -> None:
        if version(job.patterns, job.to) != job.made_by:
            raise PolicyparseError(
                "a worker has another version of policyparse, its packages or its rules than the run began with"
            )
        self.job = job
        self.rules: Rulebook = api.load_rules(*job.patterns)
        parse(Document("一、目标"), self.rules)  # what is made once is not charged to the first file
        self.sink = sink(job.to) if job.to in SINKS else None
        self.folder = folder(job.out) if job.out is not None else None

    def read(self, task: Task) -> Result:
        """The result of one file. Whatever is wrong with the file is a failure of it; OutputError ends the run."""
        try:
            return self._read(task)
        except ReadError as error:
            return _failed(task, "unreadable", str(error).removeprefix(f"{task.name}: "))
        except MemoryError:
            return _failed(task, "memory", f"needs more than {self.job.memory >> 20} MB of memory")
        except OutputError:
            raise
        except OSError as error:
            return _failed(task, "unreadable", f"cannot be read: {error.strerror or error}")
        except Exception as error:
            return _failed(task, "crash", f"a fault of the program: {type(error).__name__}: {error}")

    def _read(self, task: Task) -> Result:
        raw = content(task.path)
        digest = sha256(raw).hexdigest()
        output = task.output or ""
        if digest == task.sha256 and (self.folder is None or self.folder.size(output) == task.written):
            return Result(task.number, unchanged=True)
        document = readers.read(raw, task.name)
        notice = parse(document, self.rules)
        found = list(rows(notice))
        counts = Counter(table for table, _ in found)
        payload = written = None
        if self.sink:
            payload = zlib.compress(self.sink.encode(notice, found), 1)
        if self.folder:
            text = b"".join(write([notice], self.job.to))
            written = len(text)
            try:
                self.folder.write(output, [text])
            except OSError as error:
                return _failed(task, "output", f"its output cannot be written: {error.strerror or error}")
        return Result(
            task.number,
            sha256=digest,
            format=document.format,
            counts=tuple(counts[kind] for kind in COUNTED),
            payload=payload,
            written=written,
        )


def _failed(task: Task, kind: FailureKind, reason: str) -> Result:
    """A failure, its reason one line of text that can be kept: what is quoted in it from a file may be anything."""
    line = " ".join(reason.split())[:500]
    return Result(task.number, failure=kind, reason=line.encode("utf-8", "backslashreplace").decode())


def content(path: str) -> bytes:
    """The bytes of a file, if it has an end and is not too large.

    Raises ReadError.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise ReadError("this is no file")
            if state.st_size > api.LARGEST:
                raise ReadError(f"larger than {api.LARGEST >> 20} MB, which no notice is; divide it")
            return file.read(api.LARGEST)
    except FileNotFoundError:
        raise ReadError("no such file") from None
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ReadError(f"this is no path: {error}") from None


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to would keep us waiting."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
