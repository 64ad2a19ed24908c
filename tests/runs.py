"""Runs over many files, as the tests of `batch` need them."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policyparse.batch.run import Batch, run
from policyparse.batch.sources import Sources
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


def command(*arguments: str | Path, **options: Any) -> "subprocess.Popen[str]":
    """The command, as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "policyparse", *map(str, arguments)],
        text=True,
        encoding="utf-8",
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


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
