"""What a run over many files costs: `policyparse batch` against a loop in one process, for every kind of output.

    python benchmarks/batch.py [--files 10000] [--sample 1000] [--runs 3] [--kills 20] [--dask]
                               [--to KIND…] [--notices DIR…]

The files are copies of the notices, each with a serial number of its own, so that no cache helps. Seconds are of the
whole command, start and closing included. Ratios are of the sample, each run several times in turns and the best taken;
processor time is that of all processes together, and says most where others are at work on the machine. `scaling` is
what two loops side by side reach on this machine: no two workers can do better. Rate and memory are of all files.
"""

import argparse
import json
import os
import random
import shutil
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
STORE = ".policyparse.batch"
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


def run(source: Path, out: Path, kind: str, workers: int, *options: str) -> Run:
    """One run of the command."""
    started, before = time.perf_counter(), processor()
    process = start(source, out, kind, workers, *options)
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


def start(source: Path, out: Path, kind: str, workers: int, *options: str) -> "subprocess.Popen[bytes]":
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
        *options,
    ]
    return subprocess.Popen([str(part) for part in command])


def program(name: str, *options: str) -> "subprocess.Popen[bytes]":
    """A program of Dask."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--no-dashboard", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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
        time.sleep(took[kind] * random.uniform(0.1, 0.9))
        process.kill()
        process.wait()
        start(source, out, kind, 2).wait()
        same += contents(out) == whole[kind]
    return same


def contents(out: Path) -> dict[str, bytes]:
    """Every file of an output by its name, the store left out."""
    paths = sorted(out.rglob("*")) if out.is_dir() else [out]
    return {str(p.relative_to(out)): p.read_bytes() for p in paths if p.is_file() and not p.name.endswith(".batch")}


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder but its store."""
    files = [file for file in path.rglob("*") if file.name != STORE] if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


class Benchmark:
    """The figures of all kinds, told as they come."""

    def __init__(self, notices: list[Path], work: Path, files: int, sample: int, runs: int) -> None:
        self.notices, self.work, self.files, self.runs = notices, work, files, runs
        self.results: dict[str, float] = {}
        self.megabytes = copies(notices, work / "all", files) / 1e6
        copies(notices, work / "sample", sample)
        self.sample = sorted((work / "sample").rglob("*.*"))
        self.tell("files", files)
        self.tell("MB", self.megabytes)

    def tell(self, name: str, value: float, limit: str = "") -> None:
        self.results[name] = round(value, 3)
        print(f"{name:58} {value:9.2f}  {limit}", flush=True)

    def compare(self, kind: str) -> None:
        """The sample: loops against one worker and two."""
        alone, both, one, two = best(
            self.runs,
            lambda _: loop(self.sample),
            lambda _: loop(self.sample, 2),
            lambda number: run(self.work / "sample", self.work / f"one-{number}.{kind}", kind, 1),
            lambda number: run(self.work / "sample", self.work / f"two-{number}.{kind}", kind, 2),
        )
        self.tell(f"{kind}: loop in one process, files/s", len(self.sample) / alone.seconds)
        self.tell(f"{kind}: scaling, two loops at once times one", 2 * alone.seconds / both.seconds)
        self.tell(f"{kind}: 2 workers, times 1 worker", one.seconds / two.seconds, ">= 1.7")
        self.tell(f"{kind}: 1 worker, seconds over the loop's, %", (one.seconds / alone.seconds - 1) * 100, "<= 25")
        more = one.processor / alone.processor - 1
        self.tell(f"{kind}: 1 worker, processor time over the loop's, %", more * 100)

    def whole(self, kind: str) -> None:
        """All files: rate, memory, disk."""
        few = run(self.work / "sample", self.work / f"few.{kind}", kind, 2)
        out = self.work / f"all.{kind}"
        many = run(self.work / "all", out, kind, 2)
        store = out / STORE if out.is_dir() else out.with_name(f"{out.name}.batch")
        self.tell(f"{kind}: all files with 2 workers, files/s", self.files / many.seconds)
        self.tell(f"{kind}: the same, MB/s", self.megabytes / many.seconds)
        self.tell(f"{kind}: peak of the parent, MB", many.parent)
        self.tell(f"{kind}: the same above that of {len(self.sample)} files, MB", many.parent - few.parent, "< 50")
        self.tell(f"{kind}: peak of a worker, MB", many.worker)
        self.tell(f"{kind}: output, KB a notice", size(out) / 1000 / self.files)
        self.tell(f"{kind}: kept for the next run, KB a notice", size(store) / 1000 / self.files)
        shutil.rmtree(out) if out.is_dir() else out.unlink()

    def dask(self) -> None:
        """What a cluster of two workers adds to a run with two workers."""
        tenth = len(self.sample) // 10
        copies(self.notices, self.work / "tenth", tenth)
        place = self.work / "scheduler.json"
        cluster = [program("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))]
        try:
            while cluster[0].poll() is None and not (place.exists() and place.read_text().endswith("}")):
                time.sleep(0.1)
            address = json.loads(place.read_text())["address"]
            cluster += [program("worker", address, "--nthreads", "1") for _ in range(2)]
            self.beside(address, tenth)
        finally:
            for process in cluster:
                process.terminate()
                process.wait()

    def beside(self, address: str, tenth: int) -> None:
        """The cluster at an address against two workers without it, over the sample and over a tenth of it."""

        def runner(source: str, engine: str, *options: str) -> Callable[[int], Run]:
            return lambda number: run(
                self.work / source, self.work / f"{source}-{engine}-{number}.jsonl", "jsonl", 2, *options
            )

        many, few, many_here, few_here = best(
            self.runs,
            *(runner(source, "dask", "--scheduler", address) for source in ("sample", "tenth")),
            *(runner(source, "local") for source in ("sample", "tenth")),
        )
        more = (many.seconds - few.seconds) - (many_here.seconds - few_here.seconds)
        self.tell("dask: seconds of two workers besides, ms a notice", 2000 * more / (len(self.sample) - tenth))
        self.tell(f"dask: seconds besides for {tenth} files", few.seconds - few_here.seconds)

    def kills(self, times: int) -> None:
        """Runs that are killed and taken up again."""
        copies(self.notices, self.work / "small", min(500, self.files))
        self.tell(f"of {times} runs killed and resumed, the same", kills(self.work / "small", self.work, times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--to", nargs="*", choices=KINDS, default=KINDS)
    shared = [SHARED / "corpus" / "notices", SHARED / "gold" / "notices"]
    parser.add_argument("--notices", nargs="*", type=Path, default=[path for path in shared if path.is_dir()])
    options = parser.parse_args()
    folders = options.notices or [ROOT / "samples"]
    notices = [
        path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".html", ".md")
    ]
    with tempfile.TemporaryDirectory(prefix="policyparse-benchmark-") as temporary:
        benchmark = Benchmark(notices, Path(temporary), options.files, options.sample, options.runs)
        for kind in options.to:
            benchmark.compare(kind)
            benchmark.whole(kind)
        if options.dask:
            benchmark.dask()
        if options.kills:
            benchmark.kills(options.kills)
    print(json.dumps({**benchmark.results, "cores": os.cpu_count()}, ensure_ascii=False))


if __name__ == "__main__":
    main()
