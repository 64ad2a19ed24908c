"""What can go wrong in a run over many files: each file fails for itself, and nothing that was done is lost."""

import json
import os
import re
import signal
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from policyparse import readers
from policyparse.batch import folder, pool, work, worker
from policyparse.batch.run import run
from policyparse.batch.store import output_name
from policyparse.batch.work import Job, Task, version
from policyparse.errors import PolicyparseError, ReadError
from runs import NOTICE, Log, batch, command, contents, do, do_here, make_notices, struck, unprivileged

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    make_notices(folder, 6)
    return folder


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that die, hang or eat memory where a file's name says so."""
    script = str(Path(__file__).with_name("poisoned_worker.py"))
    monkeypatch.setattr(pool, "COMMAND", (sys.executable, script))


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("stuck", "timeout", "took longer than 6 seconds; --timeout gives it more"),
        ("deadly", "crash", "its worker died 2 times"),
        pytest.param("greedy", "memory", "needs more than 1024 MB of memory", marks=LINUX),
    ],
)
def test_a_file_that_ruins_its_worker(notices: Path, tmp_path: Path, name: str, kind: str, reason: str) -> None:
    (notices / "a" / f"0003-{name}.txt").write_text(NOTICE.format(number=3), "utf-8")
    summary = do(notices, tmp_path / "out", timeout=6.0 if kind == "timeout" else 60.0, memory=1 << 30)
    assert summary.failures == [(kind, 1)]
    assert reason in summary.failed[0][1]
    assert len(contents(tmp_path / "out")) == 6


@pytest.mark.usefixtures("poison")
def test_nothing_but_such_files(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    for number, name in enumerate(["deadly", "stuck"] * 2):
        (tmp_path / "notices").mkdir(exist_ok=True)
        (folder / f"{number}-{name}.txt").write_text("一、目标", "utf-8")
    summary = do(folder, tmp_path / "out.jsonl", "jsonl", timeout=6.0, workers=4)
    assert dict(summary.failures) == {"crash": 2, "timeout": 2}


@LINUX
@pytest.mark.usefixtures("poison")
def test_a_file_is_not_charged_with_the_memory_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    for name in ("1-greedy.txt", "2-shaky.txt"):
        (tmp_path / "notices" / name).write_text("一、目标", "utf-8")
    assert do(tmp_path / "notices", tmp_path / "out.jsonl", "jsonl").failures == [("memory", 1)]


def test_what_lies_in_the_current_folder_is_not_run(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ahocorasick_rs.py").write_text("open('ran', 'w')\nraise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert do(notices, tmp_path / "out").failures == []
    assert not (tmp_path / "ran").exists()


def test_workers_that_do_not_start(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "COMMAND", (sys.executable, "-c", "raise SystemExit"))
    with pytest.raises(PolicyparseError, match="do not start"):
        do(notices, tmp_path / "out")


def test_a_program_for_workers_that_is_not_there(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "COMMAND", (str(tmp_path / "python"),))
    with pytest.raises(PolicyparseError, match=r"^worker processes do not start: No such file"):
        do(notices, tmp_path / "out")


def test_a_worker_that_hangs_while_it_starts_is_replaced(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"""
import os, time
try:
    os.mkdir({str(tmp_path / "hung")!r})
except FileExistsError:
    from policyparse.batch import worker
    worker.main()
else:
    time.sleep(60)
"""
    made: list[pool.Worker] = []
    start = pool.Worker.__init__

    def earlier(self: pool.Worker, *arguments: object) -> None:
        start(self, *arguments)  # type: ignore[arg-type]
        if not made:
            while not (tmp_path / "hung").exists() and self.process.poll() is None:
                time.sleep(0.01)
            self.since = time.monotonic() - pool.STARTING
        made.append(self)

    monkeypatch.setattr(pool.Worker, "__init__", earlier)
    monkeypatch.setattr(pool, "COMMAND", (sys.executable, "-c", script))
    assert do(notices, tmp_path / "out").done == 6
    assert len(made) == 2
    assert made[0].process.returncode != 0  # it was ended, and did not end


def test_what_a_worker_cannot_start_with_is_said(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "from policyparse.batch import worker; worker.Reader = lambda job: 1 / 0; worker.main()"
    monkeypatch.setattr(pool, "COMMAND", (sys.executable, "-c", script))
    with pytest.raises(PolicyparseError, match="do not start: ZeroDivisionError"):
        do(notices, tmp_path / "out")


def test_a_damaged_result_in_the_store(notices: Path, tmp_path: Path) -> None:
    do_here(notices, tmp_path / "out", "jsonl")
    with closing(sqlite3.connect(tmp_path / "out.batch", isolation_level=None)) as database:
        database.execute("UPDATE results SET payload = x'00ff00ff'")
    make_notices(notices, 1, first=7)
    with pytest.raises(PolicyparseError, match=r"out\.batch: damaged, .*; --force "):
        do_here(notices, tmp_path / "out", "jsonl")
    assert do_here(notices, tmp_path / "out", "jsonl", force=True).failures == []


@POSIX
def test_a_system_that_limits_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    def refused(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refused)
    worker._limit_memory(1 << 30)


def test_a_worker_that_somebody_kills_costs_nothing(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[pool.Worker] = []
    start = pool.Worker.__init__

    def noted(self: pool.Worker, *arguments: object) -> None:
        start(self, *arguments)  # type: ignore[arg-type]
        made.append(self)

    class Killer(Log):
        def step(self, name: str, size: int, reason: str | None) -> None:
            super().step(name, size, reason)
            if len(self.steps) == 10:
                made[0].kill()

    monkeypatch.setattr(pool.Worker, "__init__", noted)
    make_notices(notices, 60)
    log = Killer()
    summary = run(batch(notices, tmp_path / "out", workers=2), log)
    assert (summary.failures, summary.done, len(contents(tmp_path / "out"))) == ([], 60, 60)
    assert len(made) == 3
    assert len({name for name, _ in log.steps}) == 60


@pytest.mark.parametrize("files", [pool.AHEAD, 20], ids=["nothing more to do", "more to do"])
def test_a_worker_whose_results_wait_to_be_read_is_not_late(tmp_path: Path, files: int) -> None:
    make_notices(tmp_path, files)
    paths = map(str, sorted(tmp_path.rglob("*.txt")))
    coming = (Task(number, path, path, None, 0) for number, path in enumerate(paths))
    workers = pool.Pool(Job("json", None, (), version((), "json"), timeout=60.0, memory=1 << 30), 1)
    results = workers.run(coming)
    try:
        read = [next(results)]
        first = workers.workers[0]
        while first.at_hand():
            time.sleep(0.01)
        assert first.tasks
        first.since = time.monotonic() - 1000  # whoever reads the results was busy for so long
        workers.looked -= pool.PATIENCE
        read.extend(results)
        assert (workers.workers, first.late) == ([first], None)
    finally:
        workers.close()
    assert [result.number for result in read] == list(range(files))


def test_time_in_which_nobody_looked_is_not_charged_to_a_file() -> None:
    workers = pool.Pool(Job("json", None, (), "", timeout=5.0, memory=1 << 30), 1)
    slow = Slow()
    workers.workers = [slow]  # type: ignore[list-item]
    workers.looked = slow.since = time.monotonic() - 1000  # all processes were stopped for so long
    workers._stop_late()
    assert not slow.killed
    for _ in range(5):  # the run is too busy to look often
        workers.looked -= 3.0
        slow.since -= 3.0
        workers._stop_late()
    assert slow.killed


class Slow:
    """A worker that is at a file for good."""

    ready, killed, late, since = True, False, None, 0.0

    def at_hand(self) -> Task:
        return Task(0, "a.txt", "a.txt", None, 1)

    def kill(self) -> None:
        self.killed = True


def test_a_file_that_vanishes_and_one_that_is_too_large(notices: Path, tmp_path: Path) -> None:
    with (notices / "large.txt").open("wb") as file:
        file.truncate(2 << 30)

    class Remover(Log):
        def start(self, files: int, size: int) -> None:  # noqa: ARG002
            (notices / "a" / "0002.txt").unlink()

    summary = run(batch(notices, tmp_path / "out"), Remover())
    assert summary.failed == [
        (str(notices / "a" / "0002.txt"), "no such file"),
        (str(notices / "large.txt"), "larger than 200 MB, which no notice is; divide it"),
    ]


@POSIX
@pytest.mark.parametrize("to", ["json", "csv", "sqlite", "duckdb", "jsonl"])
def test_odd_names(tmp_path: Path, to: str) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    long = "长" * 83
    names = ["a\n'b\"c.txt", "😀.txt", f"{long}12.txt", f"{long}13.txt", "=1+1.txt", os.fsdecode(b"\xff\xfe.txt")]
    assert max(len(os.fsencode(name)) for name in names) == 255
    for name in names:
        (folder / name).write_text(NOTICE.format(number=1), "utf-8")
    (tmp_path / "'quoted\n'").mkdir()
    out = tmp_path / "'quoted\n'" / "out 😀"
    summary = do(folder, out, to)
    assert (summary.failures, summary.done) == ([], len(names))
    assert do_here(folder, out, to).unchanged == len(names)
    if to == "json":
        assert len(contents(out)) == len(names)
        assert (out / "a\n'b\"c.txt.json").exists()
    if to == "jsonl":
        paths = {json.loads(line)["source"]["path"] for line in out.open(encoding="utf-8")}
        assert {f"{folder}/a\n'b\"c.txt", f"{folder}/\\udcff\\udcfe.txt"} < paths


def test_long_names_are_cut_and_stay_apart() -> None:
    long = "长" * 83 + "12"
    found = {output_name(f"a/{long}{end}", ".json") for end in (".txt", ".htm")}
    assert len(found) == 2
    assert all(len(os.fsencode(name)) <= 2 + 255 and name.startswith("a/长") for name in found)
    assert output_name("a/b.txt", ".json") == "a/b.txt.json"


@LINUX
def test_what_may_not_be_read(notices: Path, tmp_path: Path) -> None:
    (notices / "secret.txt").write_text("一、目标", "utf-8")
    (notices / "secret.txt").chmod(0)
    (notices / "b").chmod(0)
    try:
        process = command("batch", notices, "-o", tmp_path / "out", preexec_fn=unprivileged)
        _, err = process.communicate(timeout=300)
    finally:
        (notices / "b").chmod(0o755)
    assert process.returncode == 1, err
    assert f"  {notices}/b: this folder cannot be listed: Permission denied\n" in err
    assert f"  {notices}/secret.txt: cannot be read: Permission denied\n" in err
    assert len(contents(tmp_path / "out")) == 3


def test_a_folder_that_cannot_be_listed(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(path: str) -> object:
        if path == str(notices / "b"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    listed = os.scandir
    monkeypatch.setattr("policyparse.batch.sources.os.scandir", scandir)
    summary = do(notices, tmp_path / "out")
    assert summary.failed == [(str(notices / "b"), "this folder cannot be listed: Permission denied")]
    assert len(contents(tmp_path / "out")) == 3


@pytest.mark.parametrize("to", ["json", "sqlite"])
def test_an_output_that_cannot_be_written(notices: Path, tmp_path: Path, to: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PolicyparseError, match=r"file.*: cannot be written: "):
        do(notices, tmp_path / "file" / "out", to)
    assert (tmp_path / "file").read_text() == ""


@LINUX
@pytest.mark.parametrize("to", ["json", "csv", "sqlite"])
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_an_output_that_is_read_only(notices: Path, tmp_path: Path, to: str, again: bool) -> None:
    place = tmp_path / "results"
    place.mkdir()
    out = place / "out.db" if to == "sqlite" else place
    if again:
        do_here(notices, out, to)
        make_notices(notices, 1, first=7)
    before = contents(place)
    place.chmod(0o555)
    process = command("batch", notices, "-o", out, "--to", to, "-q", preexec_fn=unprivileged)
    _, err = process.communicate(timeout=300)
    place.chmod(0o755)
    assert (process.returncode, err.count("\n")) == (2, 1), err
    assert ": cannot be written: " in err
    assert contents(place) == before


@LINUX
def test_a_folder_of_the_output_that_is_read_only(notices: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "a").mkdir(parents=True)
    (out / "a").chmod(0o555)
    process = command("batch", notices, "-o", out, preexec_fn=unprivileged)
    _, err = process.communicate(timeout=300)
    (out / "a").chmod(0o755)
    assert process.returncode == 1, err
    assert err.count(": its output cannot be written: Permission denied\n") == 2 * 3  # as it comes, and at the end
    assert len(contents(out)) == 3


@pytest.mark.parametrize("times", [4, 5])
def test_an_output_that_another_program_has_open(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    left, replace = [times], os.replace

    def locked(source: str, target: str) -> None:
        if target.endswith("0002.txt.json") and left[0]:
            left[0] -= 1
            raise PermissionError(13, "Permission denied", source, None, target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", locked)
    monkeypatch.setattr(folder, "TRIES", 5)  # as on Windows
    monkeypatch.setattr(folder, "PAUSE", 0)
    summary = do_here(notices, tmp_path / "out")
    assert left == [0]
    assert summary.done == 6
    kept = times < 5
    assert summary.failures == ([] if kept else [("output", 1)])
    assert [reason for _, reason in summary.failed] == (
        [] if kept else ["its output cannot be written: Permission denied"]
    )
    assert len(contents(tmp_path / "out")) == (6 if kept else 5)


def test_no_place_for_what_a_reader_puts_down(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        tempfile.mkdtemp(dir=tmp_path / "nowhere")

    monkeypatch.setattr(readers, "read", read)
    summary = do_here([str(notices / "a" / "0002.txt")], tmp_path / "out.jsonl", "jsonl")
    assert summary.failures == [("unreadable", 1)]
    assert summary.failed[0][1] == "cannot be read: No such file or directory"


@pytest.mark.parametrize("error", [ReadError, ValueError])
def test_a_reason_that_is_no_text(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def read(*_: object) -> None:
        raise error("no part \ud800\n of it")

    monkeypatch.setattr(readers, "read", read)
    summary = do_here(notices, tmp_path / "out.db", "sqlite")
    assert len(summary.failed) == 6
    assert all(reason.endswith("no part \\ud800 of it") for _, reason in summary.failed)


def test_the_packages_that_read_count_in_the_version() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["ocr"]]
    assert {re.split("[<>=~!]", package)[0] for package in needed} - set(work.READING) == {"click", "rich"}


@LINUX
@pytest.mark.parametrize("stderr", ["closed", "full"])
def test_what_cannot_be_told_stops_nothing(notices: Path, tmp_path: Path, stderr: str) -> None:
    (notices / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    with open("/dev/full", "w") as full:
        aside = {"stderr": full} if stderr == "full" else {"stderr": None, "preexec_fn": lambda: os.close(2)}
        process = command("batch", notices, "-o", tmp_path / "out", **aside)
        out, _ = process.communicate(timeout=300)
    assert (process.returncode, out) == (1, "")  # for the bad file
    assert len(contents(tmp_path / "out")) == 6
    with closing(sqlite3.connect(tmp_path / "out" / ".policyparse.batch")) as database:
        assert database.execute("SELECT count(*) FROM results").fetchone() == (7,)


@LINUX
@pytest.mark.parametrize("to", ["json", "csv", "sqlite", "duckdb", "parquet"])
def test_a_full_disk_is_one_line(notices: Path, tmp_path: Path, to: str) -> None:
    import resource

    make_notices(notices, 40)
    (notices / "long.txt").write_text(NOTICE.format(number=1) * 400, "utf-8")
    full = 200_000 if to in ("json", "duckdb") else 60_000
    arguments = ("batch", notices, "-o", tmp_path / "out", "--to", to, "--workers", "1", "-q")
    process = command(
        *arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    )
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2, err
    assert err.startswith("policyparse: ")
    assert re.search(r"cannot be written: .*(?:too large|disk|full|I/O error|space)", err)
    assert err.count("\n") == 1
    if to != "json":
        assert not (tmp_path / "out").is_file()
        assert contents(tmp_path / "out") == {} if (tmp_path / "out").exists() else True
    assert do_here(notices, tmp_path / "out", to).failures == []
    assert [path.name for path in tmp_path.rglob("*.partial")] == []


@LINUX
@pytest.mark.parametrize(("to", "after"), [("json", 30), ("csv", 1), ("sqlite", 30), ("sqlite", 60)])
def test_killed_and_taken_up_again(notices: Path, tmp_path: Path, to: str, after: int) -> None:
    make_notices(notices, 60)
    whole, out = tmp_path / "whole", tmp_path / "out"
    do_here(notices, whole, to)
    killed = struck("SIGKILL", after, "batch", notices, "-o", out, "--to", to, "--workers", "2", "-q")
    told, err = killed.communicate(timeout=300)
    assert killed.returncode == -signal.SIGKILL, err
    assert len(workers := list(map(int, told.split()))) == 2
    summary = do_here(notices, out, to)
    assert (summary.done, summary.unchanged, summary.failures) == (60, after, [])
    assert contents(out) == contents(whole)
    assert gone(workers)
    assert [path.name for path in tmp_path.rglob("*.partial")] == []


@LINUX
@pytest.mark.parametrize("to", ["json", "sqlite"])
def test_an_interrupted_run_ends_and_says_so(notices: Path, tmp_path: Path, to: str) -> None:
    make_notices(notices, 60)
    process = struck("SIGINT", 20, "batch", notices, "-o", tmp_path / "out", "--to", to, "--workers", "1")
    told, err = process.communicate(timeout=300)
    assert process.returncode == 1, err
    assert "Interrupted. The same command goes on from here." in err
    assert "Traceback" not in err
    assert len(workers := list(map(int, told.split()))) == 1
    assert gone(workers)
    store = tmp_path / ("out/.policyparse.batch" if to == "json" else "out.batch")
    with closing(sqlite3.connect(store)) as database:
        assert 20 <= database.execute("SELECT count(*) FROM results").fetchone()[0] < 60


def test_a_store_of_another_layout(notices: Path, tmp_path: Path) -> None:
    do(notices, tmp_path / "out.jsonl", "jsonl")
    with closing(sqlite3.connect(tmp_path / "out.jsonl.batch")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(PolicyparseError, match="made by another version"):
        do(notices, tmp_path / "out.jsonl", "jsonl")


def overwritten(raw: bytes) -> bytes:
    return raw[:100] + b"\xff" * (len(raw) - 100)


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"no database" * 999, lambda raw: raw[: len(raw) // 2], overwritten, lambda raw: raw[:5000]],
    ids=["other", "truncated", "overwritten", "one-page"],
)
@pytest.mark.parametrize("to", ["json", "jsonl"])
def test_a_damaged_store_is_one_line_and_made_anew_by_force(
    notices: Path, tmp_path: Path, to: str, damage: Callable[[bytes], bytes]
) -> None:
    out = tmp_path / "out"
    do_here(notices, out, to)
    before = contents(out)
    store = out / ".policyparse.batch" if to == "json" else tmp_path / "out.batch"
    store.write_bytes(raw := damage(store.read_bytes()))
    with pytest.raises(PolicyparseError, match=r"batch: damaged, so that .*; --force sets it aside and does everyth"):
        do_here(notices, out, to)
    assert {name: raw for name, raw in contents(out).items() if "damaged" not in name} == before
    assert do_here(notices, out, to, force=True).done == 6
    assert {name: raw for name, raw in contents(out).items() if "damaged" not in name} == before
    assert store.with_name(store.name + ".damaged").read_bytes()[:5000] == raw[:5000]  # it may have been the user's own
    assert do_here(notices, out, to).unchanged == 6


def gone(pids: list[int]) -> bool:
    """Whether processes end within a minute."""
    for _ in range(600):
        if not any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids):
            return True  # a process that has ended and that nobody has asked after has no command line any more
        time.sleep(0.1)
    return False
