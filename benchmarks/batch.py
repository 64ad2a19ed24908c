"""What a run over many files costs: `policyparse batch` against a loop in one process, for every kind of output.

    python benchmarks/batch.py [--files 10000] [--sample 1000] [--runs 3] [--kills 20] [--to KIND…] [--notices DIR…]

The files are copies of the notices, each with a serial number of its own, so that no cache helps. Seconds are of the
whole command, start and closing included. Ratios are of the sample, each run several times in turns and the best taken;
processor time is that of all processes together, and says most where others are at work on the machine. `scaling` is
what two loops side by side reach on this machine: no two workers can do better. Rate and memory are of all files.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
KINDS = ("json", "yaml", "jsonl", "csv", "sqlite", "duckdb", "parquet")
LOOP = (
    "import sys, time; from pathlib import Path; from policyparse import api; from policyparse.pipeline import parse;"
    "rules = api.load_rules(); parse(api.read(Path(sys.argv[1])), rules); start = time.perf_counter();"
    "[parse(api.read(Path(path)), rules) for path in sys.argv[1:]]; print(time.perf_counter() - start)"
)


@dataclass
class Run:
    """One run: seconds, processor seconds of all its processes, peaks of the first and of the largest worker in MB."""

    seconds: float
    processor: float
    parent: float = 0.0
    worker: float = 0.0


def copies(notices: list[Path], target: Path, count: int) -> int:
    """So many files of other names and contents; their bytes."""
    target.mkdir()
    size = 0
    for number in range(count):
        path = notices[number % len(notices)]
        content = path.read_bytes() + f"\n\n编号：{number:07}\n".encode(
            "utf-16-le" if path.read_bytes()[:2] == b"\xff\xfe" else "ascii", "ignore"
        )
        folder = target / f"{number % 97:02}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:07}-{path.name}").write_bytes(content)
        size += len(content)
    return size


def loop(paths: list[Path], processes: int = 1) -> Run:
    """The loop, in so many processes at the same time; the seconds are those of the slowest."""
    before = processor()
    running = [
        subprocess.Popen([sys.executable, "-c", LOOP, *map(str, paths)], stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    seconds = max(float(process.communicate()[0]) for process in running)
    return Run(seconds, processor() - before)


def run(source: Path, out: Path, kind: str, workers: int) -> Run:
    """One run of the command."""
    started, before = time.perf_counter(), processor()
    process = start(source, out, kind, workers)
    peaks = {"parent": 0.0, "worker": 0.0}
    watcher = threading.Thread(target=watch, args=(process, peaks))
    watcher.start()
    if process.wait() not in (0, 1):
        raise SystemExit(f"batch --to {kind} failed")
    seconds = time.perf_counter() - started
    watcher.join()
    return Run(seconds, processor() - before, **peaks)


def processor() -> float:
    """Seconds that processors have worked for the processes that this one has started and that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def best(times: int, *tasks: Callable[[int], Run]) -> list[Run]:
    """The shortest seconds and the least processor time of each, run in turns."""
    runs = [[task(number) for task in tasks] for number in range(times)]
    return [
        Run(min(run.seconds for run in found), min(run.processor for run in found)) for found in zip(*runs, strict=True)
    ]


def start(source: Path, out: Path, kind: str, workers: int) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "policyparse",
        "batch",
        source,
        "-o",
        out,
        "--to",
        kind,
        "--workers",
        workers,
        "-q",
    ]
    return subprocess.Popen([str(part) for part in command])


def watch(process: "subprocess.Popen[bytes]", peaks: dict[str, float]) -> None:
    """Take down the peaks of a process and of its children, as Linux tells them."""
    while process.poll() is None:
        peaks["parent"] = max(peaks["parent"], peak(process.pid))
        try:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        except OSError:
            children = []
        peaks["worker"] = max([peaks["worker"], *(peak(int(child)) for child in children)])
        time.sleep(0.2)


def peak(pid: int) -> float:
    """The most memory that a process has had, in MB; 0 where nobody tells."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def kills(source: Path, folder: Path, times: int) -> int:
    """How many of so many runs, killed at a random moment and taken up again, end like one that was left alone."""
    kinds = ("json", "jsonl", "csv", "sqlite")
    whole, took = {}, {}
    for kind in kinds:
        began = time.perf_counter()
        start(source, folder / f"whole.{kind}", kind, 2).wait()
        whole[kind], took[kind] = contents(folder / f"whole.{kind}"), time.perf_counter() - began
    same = 0
    for number in range(times):
        kind = kinds[number % len(kinds)]
        out = folder / f"killed-{number}.{kind}"
        process = start(source, out, kind, 2)
        time.sleep(took[kind] * random.uniform(0.1, 1.0))
        process.kill()
        process.wait()
        start(source, out, kind, 2).wait()
        same += contents(out) == whole[kind]
    return same


def contents(out: Path) -> dict[str, bytes]:
    """Every file of an output by its name, the store left out."""
    paths = sorted(out.rglob("*")) if out.is_dir() else [out]
    return {str(p.relative_to(out)): p.read_bytes() for p in paths if p.is_file() and not p.name.endswith(".batch")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--to", nargs="*", choices=KINDS, default=KINDS)
    shared = [SHARED / "corpus" / "notices", SHARED / "gold" / "notices"]
    parser.add_argument("--notices", nargs="*", type=Path, default=[path for path in shared if path.is_dir()])
    options = parser.parse_args()
    folders = options.notices or [ROOT / "samples"]
    notices = [
        path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".html", ".md")
    ]
    results: dict[str, object] = {}

    def tell(name: str, value: float, limit: str = "") -> None:
        results[name] = round(value, 3)
        print(f"{name:58} {value:9.2f}  {limit}", flush=True)

    with tempfile.TemporaryDirectory(prefix="policyparse-benchmark-") as temporary:
        work = Path(temporary)
        size = copies(notices, work / "all", options.files)
        copies(notices, work / "sample", options.sample)
        paths = sorted((work / "sample").rglob("*.*"))
        tell("files", options.files)
        tell("MB", size / 1e6)

        def runner(kind: str, workers: int) -> Callable[[int], Run]:
            return lambda number: run(work / "sample", work / f"{workers}-{number}.{kind}", kind, workers)

        for kind in options.to:
            alone, both, one, two = best(
                options.runs, lambda _: loop(paths), lambda _: loop(paths, 2), runner(kind, 1), runner(kind, 2)
            )
            tell(f"{kind}: loop in one process, files/s", len(paths) / alone.seconds)
            tell(f"{kind}: scaling, two loops at once times one", 2 * alone.seconds / both.seconds)
            tell(f"{kind}: 2 workers, times 1 worker", one.seconds / two.seconds, ">= 1.7")
            tell(f"{kind}: 1 worker, seconds over the loop's, %", (one.seconds / alone.seconds - 1) * 100, "<= 25")
            tell(f"{kind}: 1 worker, processor time over the loop's, %", (one.processor / alone.processor - 1) * 100)
            few = run(work / "sample", work / f"few.{kind}", kind, 2)
            many = run(work / "all", work / f"all.{kind}", kind, 2)
            tell(f"{kind}: all files with 2 workers, files/s", options.files / many.seconds)
            tell(f"{kind}: the same, MB/s", size / 1e6 / many.seconds)
            tell(f"{kind}: peak of the parent, MB", many.parent)
            tell(f"{kind}: the same above that of {len(paths)} files, MB", many.parent - few.parent, "< 50")
            tell(f"{kind}: peak of a worker, MB", many.worker)
        if options.kills:
            small = work / "small"
            copies(notices, small, min(500, options.files))
            tell(f"of {options.kills} runs killed and resumed, the same", kills(small, work, options.kills))
    print(json.dumps({**results, "cores": os.cpu_count()}, ensure_ascii=False))


if __name__ == "__main__":
    main()
