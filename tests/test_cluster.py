"""Runs on Dask: the same results, whatever dies."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from policyparse.batch import cluster
from policyparse.batch.cluster import bundles
from policyparse.batch.folder import OutputError
from policyparse.batch.pool import Pool
from policyparse.batch.run import run
from policyparse.batch.work import Job, Result, Task
from policyparse.errors import PolicyparseError
from runs import Log, batch, contents, do, do_here, make_notices

pytest.importorskip("distributed")


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    make_notices(folder, 40)
    return folder


@pytest.fixture
def workers() -> list["subprocess.Popen[bytes]"]:
    return []


@pytest.fixture
def scheduler(tmp_path: Path, workers: list["subprocess.Popen[bytes]"]) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own."""
    place = tmp_path / "scheduler.json"

    def start(name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--scheduler-file", str(place), *arguments]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)

    first = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    while not place.exists() or not place.read_text().endswith("}"):
        assert first.poll() is None
        time.sleep(0.05)
    workers += [start("worker", "--nthreads", "1", "--no-dashboard", "--no-nanny") for _ in range(2)]
    yield json.loads(place.read_text())["address"]
    for process in (*workers, first):
        process.kill()
        process.wait()


def test_a_worker_is_killed_in_mid_run(
    notices: Path,
    tmp_path: Path,
    scheduler: str,
    workers: list["subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killer(Log):
        def step(self, name: str, size: int, reason: str | None) -> None:
            super().step(name, size, reason)
            if len(self.steps) == 5:
                workers[0].kill()

    monkeypatch.setattr(cluster, "FILES", 3)
    log = Killer()
    summary = run(batch(notices, tmp_path / "out.db", "sqlite", engine="dask", scheduler=scheduler), log)
    assert processes_of(workers[1].pid) == []  # it keeps none when the run is over
    assert (summary.done, summary.failures) == (40, [])
    assert len({name for name, _ in log.steps}) == len(log.steps) == 40
    do_here(notices, tmp_path / "here.db", "sqlite")
    assert contents(tmp_path / "out.db") == contents(tmp_path / "here.db")


def test_workers_write_to_an_address(
    notices: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the store stands here
    options = {"engine": "dask", "scheduler": scheduler}
    url = f"file://{(tmp_path / 'remote').as_posix()}"
    for to in ("json", "csv", "jsonl"):
        assert run(replace(batch(notices, tmp_path, to, **options), out=f"{url}-{to}"), Log()).failures == []
        do_here(notices, tmp_path / f"here-{to}", to)
        assert contents(tmp_path / f"remote-{to}") == contents(tmp_path / f"here-{to}")
        assert list(tmp_path.glob(f"remote-{to}-*.batch"))
        assert run(replace(batch(notices, tmp_path, to, **options), out=f"{url}-{to}"), Log()).unchanged == 40


def test_a_cluster_of_this_machine(notices: Path, tmp_path: Path) -> None:
    (notices / "bad.txt").write_bytes(bytes(range(256)) * 4)
    summary = do(notices, tmp_path / "out", engine="dask")
    assert summary.failures == [("unreadable", 1)]
    assert len(contents(tmp_path / "out")) == 40


def processes_of(pid: int) -> list[str]:
    """What a process has started and not asked after, where the system tells."""
    return [pid for place in Path(f"/proc/{pid}/task").glob("*/children") for pid in place.read_text().split()]


@pytest.mark.parametrize("error", [PolicyparseError("unfit"), KeyboardInterrupt(), OutputError("full")])
def test_a_pool_that_failed_is_closed_and_forgotten(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Pool):
        def run(self, tasks: Iterable[Task]) -> Iterator[Result]:  # noqa: ARG002
            raise error

        def close(self) -> None:
            closed.append(self)

    monkeypatch.setattr(cluster, "Pool", Failing)
    closed: list[Pool] = []
    job = Job("json", None, (), "", 1.0, 1)
    if isinstance(error, OutputError):
        assert cluster.work(job, []) == "full"
    else:
        with pytest.raises(type(error)):
            cluster.work(job, [])
    assert len(closed) == 1
    assert cluster.pools == {}


def test_a_scheduler_without_workers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with distributed.LocalCluster(n_workers=0, processes=False, scheduler_kwargs={"dashboard": False}) as empty:
        with pytest.raises(PolicyparseError, match="no Dask scheduler with workers answers"):
            cluster.Cluster(Job("json", None, (), "", 1.0, 1), 1, empty.scheduler_address)
        with pytest.raises(ValueError, match="client"):
            distributed.get_client()


def test_nobody_answers(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(PolicyparseError, match="no Dask scheduler with workers answers"):
        do(notices, tmp_path / "out", engine="dask", scheduler="tcp://127.0.0.1:9")


def test_bundles_are_bounded_in_size_and_number() -> None:
    small = [Task(number, "a.txt", "a.txt", None, 10) for number in range(450)]
    assert [len(bundle) for bundle in bundles(small)] == [200, 200, 50]
    large = [Task(number, "a.txt", "a.txt", None, 600_000) for number in range(5)]
    assert [len(bundle) for bundle in bundles(large)] == [2, 2, 1]
