"""Runs over many files, as the tests of `batch` need them."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policyparse.batch.run import Batch, run
from policyparse.batch.sources import Sources
from policyparse.batch.work import Job, Reader, Result, Task
from policyparse.report import Summary

NOTICE = """青禾县人民政府关于做好第{number}批春耕工作的通知
青政发〔2024〕{number}号

各镇人民政府：
一、备足种子
到2024年3月底前，储备种子{number}吨。（牵头单位：县农业农村局）
二、修好水渠
修复水渠{number}公里。（责任单位：县水利局）

青禾县人民政府
2024年2月1日
"""


class Log:
    """Takes down what a run tells."""

    def __init__(self) -> None:
        self.started = 0
        self.steps: list[tuple[str, str | None]] = []

    def start(self, files: int, size: int) -> None:  # noqa: ARG002
        self.started += 1

    def step(self, name: str, size: int, reason: str | None) -> None:  # noqa: ARG002
        self.steps.append((name, reason))

    def stop(self) -> None:
        pass

    def wait(self, folder: str) -> None:
        pass


class Here:
    """An engine without other processes."""

    def __init__(self, job: Job, *_: object) -> None:
        self.reader = Reader(job)

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            yield self.reader.read(task)

    def close(self) -> None:
        pass


def make_notices(folder: Path, count: int, first: int = 1) -> None:
    """Notices of our own in two folders."""
    for number in range(first, first + count):
        path = folder / ("a", "b")[number % 2] / f"{number:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTICE.format(number=number), "utf-8")


def batch(sources: Path | Sequence[str], out: Path, to: str = "json", **options: Any) -> Batch:
    """A run with one worker, unless told otherwise."""
    given = [str(sources)] if isinstance(sources, Path) else sources
    choice = {name: options.pop(name) for name in ("include", "exclude", "listed") if name in options}
    found = Sources(given, **{"include": (), "exclude": (), **choice}, output=out)
    return replace(Batch(found, str(out), to, workers=1), **options)


def do(sources: Path | Sequence[str], out: Path, to: str = "json", **options: Any) -> Summary:
    """Run it."""
    return run(batch(sources, out, to, **options), Log())


def do_here(sources: Path | Sequence[str], out: Path, to: str = "json", **options: Any) -> Summary:
    """Run it without other processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policyparse.batch.pool.Pool", Here)
        return do(sources, out, to, **options)


def command(*arguments: str | Path, script: str | None = None, **options: Any) -> "subprocess.Popen[str]":
    """The command, as a process, or a script in its place that runs it."""
    program = ["-c", script] if script else ["-m", "policyparse"]
    return subprocess.Popen(
        [sys.executable, *program, *map(str, arguments)],
        text=True,
        encoding="utf-8",
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


STRUCK = """
import os, signal, sys
from policyparse import report
from policyparse.batch import store
from policyparse.cli import run

class Struck(report.BatchProgress):
    name, left = sys.argv.pop(1), int(sys.argv.pop(1))

    def step(self, *done):
        super().step(*done)
        self.left -= 1
        if not self.left:
            print(open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read(), flush=True)
            os.killpg(0, signal.SIGINT) if self.name == "SIGINT" else os.kill(os.getpid(), signal.SIGKILL)

report.BatchProgress = Struck
if Struck.name == "SIGKILL":
    store.PAUSE = 0  # what is told is durable
run()
"""


def struck(name: str, after: int, *arguments: str | Path) -> "subprocess.Popen[str]":
    """The command, which gets a signal as soon as so many files are done: SIGKILL, or SIGINT as a terminal sends it,
    to the workers as well. It prints the numbers of its workers. Linux only.
    """
    return command(name, str(after), *arguments, script=STRUCK, start_new_session=True)


def unprivileged() -> None:
    """For `preexec_fn`: the modes of files hold for root as for anybody. Linux only."""
    import ctypes

    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP, from the next program on


def contents(*outs: Path) -> dict[str, bytes]:
    """Every file of an output by its name, the stores left out."""
    found: dict[str, bytes] = {}
    for out in outs:
        for path in sorted(out.rglob("*")) if out.is_dir() else [out]:
            if path.is_file() and not path.name.endswith(".batch"):
                found[str(path.relative_to(out))] = path.read_bytes()
    return found


def listing(paths: Iterable[Path]) -> io.BytesIO:
    """Paths, one a line."""
    return io.BytesIO(b"".join(os.fsencode(path) + b"\n" for path in paths))
