"""How fast policyparse is, as ratios that hold on any machine, measured in one run.

    python benchmarks/speed.py [--notices DIR] [--quick]

Each figure stands beside its limit; the exit code is 1 where one is over it. Times are the best of several runs, taken
in turns so that a busy machine is unfair to none.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
GOLD = ROOT.parent / "shared" / "gold" / "notices"
IMPORTS = "import click, pydantic, regex, yaml"
MEGABYTE = 1_000_000


def best(times: int, *tasks: Callable[[], object]) -> list[float]:
    """The shortest time of each task, in seconds."""
    found = [float("inf")] * len(tasks)
    for _ in range(times):
        for index, task in enumerate(tasks):
            start = time.perf_counter()
            task()
            found[index] = min(found[index], time.perf_counter() - start)
    return found


def against_jieba(texts: list[str]) -> float:
    """Times as fast as jieba.cut over the same texts, in process."""
    import jieba

    import policyparse

    jieba.setLogLevel(60)
    jieba.initialize()
    rules = policyparse.load_rules()
    ours = theirs = 0.0
    for text in texts:  # text by text: what slows the machine down for a while slows both
        own, other = best(7, partial(policyparse.extract, text, rules=rules), partial(jieba.lcut, text))
        ours, theirs = ours + own, theirs + other
    return theirs / ours


def cold_start(sample: Path) -> float:
    """The command on a sample, in times of importing what it is built on."""
    command = [sys.executable, "-m", "policyparse", "extract", str(sample)]

    # modules are compiled once, as on any machine that is not told otherwise
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(arguments: list[str]) -> None:
        subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True, env=environment)

    run(command)  # once, to compile the rules, as Python does its modules
    ours, imports = best(15, lambda: run(command), lambda: run([sys.executable, "-c", IMPORTS]))
    return ours / imports


def growth(text: str, sizes: list[int]) -> list[tuple[int, float]]:
    """For each size but the first: how much longer a character takes than in texts of the size before, of which as many
    are read in turn, so that both are measured for as long."""
    import policyparse

    rules = policyparse.load_rules()

    def read(text: str, times: int) -> None:
        for _ in range(times):
            policyparse.extract(text, rules=rules)

    found = []
    for small, large in pairwise(grow(text, size) for size in sizes):
        times = len(large) // len(small)
        several, one = best(3, partial(read, small, times), partial(read, large, 1))
        found.append((len(large), (one / len(large)) / (several / (times * len(small)))))
    return found


def memory(text: str, size: int) -> float:
    """Peak memory above the interpreter's with everything loaded, in times of the text's size in UTF-8."""
    code = (
        "import resource, sys, policyparse; from pathlib import Path; text = Path(sys.argv[1]).read_text('utf-8');"
        "rules = policyparse.load_rules(); policyparse.extract('一、目标', rules=rules);"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "policyparse.extract(text, rules=rules);"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / len(text.encode()))"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.txt"
        path.write_text(grow(text, size), "utf-8")
        return float(
            subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
        )


def grow(text: str, size: int) -> str:
    """A text repeated until its UTF-8 has about so many bytes."""
    return text * max(1, round(size / len(text.encode())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=Path, default=GOLD if GOLD.is_dir() else ROOT / "samples")
    parser.add_argument("--quick", action="store_true", help="texts up to 0.5 MB, not 5 MB")
    options = parser.parse_args()
    texts = [path.read_text("utf-8-sig") for path in sorted(options.notices.glob("*.txt"))]
    every = "\n".join(texts)
    largest = MEGABYTE // 2 if options.quick else 5 * MEGABYTE
    rows: list[tuple[str, float, str, float]] = []
    if sys.platform != "win32":  # first of all: a process counts the peak of the one that started it as its own
        rows.append(("peak memory, times the text's size", memory(every, largest), "<=", 20.0))
    rows += [
        ("speed of extract, times jieba.cut", against_jieba(texts), ">=", 3.0),
        ("cold start, times the imports", cold_start(ROOT / "samples" / "qinghe-grain-2025.txt"), "<=", 2.0),
        *(
            (f"time for {size:,} characters, times a tenth of them, over 10", ratio, "<=", 1.1)
            for size, ratio in growth(texts[-1], [largest // 100, largest // 10, largest])
        ),
    ]
    fine = True
    for name, value, sign, limit in rows:
        holds = value >= limit if sign == ">=" else value <= limit
        fine = fine and holds
        print(f"{name:70} {value:6.2f}  {sign} {limit:4.1f}  {'ok' if holds else 'MISSED'}")
    print(json.dumps({name: round(value, 3) for name, value, _, _ in rows}, ensure_ascii=False))
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
