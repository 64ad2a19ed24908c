"""Runs on Dask: the same results, whatever dies."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
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

Processes = list["subprocess.Popen[bytes]"]


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    make_notices(folder, 40)
    return folder


@pytest.fixture
def workers() -> Processes:
    return []


@pytest.fixture
def scheduler(tmp_path: Path, workers: Processes, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own that gets many small bundles."""
    monkeypatch.setattr(cluster, "FILES", 3)
    process, address = start_scheduler(tmp_path / "scheduler.json")
    workers += [start("worker", address, *WORKER) for _ in range(2)]
    yield address
    end(*workers, process)


WORKER = ("--nthreads", "1", "--no-dashboard", "--no-nanny")


def start(name: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """A program of Dask."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_scheduler(place: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """A scheduler, which writes its address to a file, bit by bit."""
    process = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
    for _ in range(600):
        with suppress(FileNotFoundError, ValueError):
            return process, json.loads(place.read_text())["address"]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    end(process)
    pytest.fail("the scheduler does not start")


def end(*processes: "subprocess.Popen[bytes]") -> None:
    """Kill them, and wait for that."""
    for process in processes:
        process.kill()
        process.wait()


class Striker(Log):
    """Does something as soon as five files are done."""

    def __init__(self, strike: Callable[[], None]) -> None:
        super().__init__()
        self.strike = strike

    def step(self, name: str, size: int, reason: str | None) -> None:
        super().step(name, size, reason)
        if len(self.steps) == 5:
            self.strike()


def interrupt() -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_a_worker_is_killed_in_mid_run(notices: Path, tmp_path: Path, scheduler: str, workers: Processes) -> None:
    log = Striker(workers[0].kill)
    summary = run(batch(notices, tmp_path / "out.db", "sqlite", engine="dask", scheduler=scheduler), log)
    assert processes_of(workers[1].pid) == []  # it keeps none when the run is over
    assert (summary.done, summary.failures) == (40, [])
    assert len({name for name, _ in log.steps}) == len(log.steps) == 40
    do_here(notices, tmp_path / "here.db", "sqlite")
    assert contents(tmp_path / "out.db") == contents(tmp_path / "here.db")


def test_workers_leave_a_run_that_is_interrupted(
    notices: Path, tmp_path: Path, scheduler: str, workers: Processes
) -> None:
    import distributed

    for path in notices.rglob("*.txt"):  # so that a bundle takes a while
        path.write_text(path.read_text("utf-8") * 60, "utf-8")
    out = tmp_path / "out"
    options = {"engine": "dask", "scheduler": scheduler}
    with distributed.Client(scheduler) as witness:
        witness.wait_for_workers(2, timeout=60)
        assert run(batch(notices, out, **options), Striker(interrupt)).interrupted
        for address in witness.ncores():  # its one thread is free again
            witness.submit(time.sleep, 0, workers=[address], pure=False).result(timeout=60)
    assert [processes_of(worker.pid) for worker in workers] == [[], []]
    assert len(contents(out)) < 40
    assert do(notices, out, **options).done == 40  # the same run again is not refused


def test_the_scheduler_dies(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "FILES", 3)
    process, address = start_scheduler(tmp_path / "scheduler.json")
    worker = start("worker", address, *WORKER)
    try:
        with pytest.raises(PolicyparseError, match=f"^{address}: the Dask scheduler is gone .* goes on from here$"):
            run(batch(notices, tmp_path / "out", engine="dask", scheduler=address), Striker(process.kill))
    finally:
        end(worker, process)


def test_a_worker_without_policyparse_is_named(notices: Path, tmp_path: Path) -> None:
    preload = tmp_path / "preload.py"
    preload.write_text("import sys\nsys.modules['policyparse'] = None")
    process, address = start_scheduler(tmp_path / "scheduler.json")
    worker = start("worker", address, *WORKER, "--preload", str(preload))
    try:
        with pytest.raises(PolicyparseError, match=r"^tcp://.*: this Dask worker has not .*ModuleNotFoundError"):
            do(notices, tmp_path / "out", engine="dask", scheduler=address)
    finally:
        end(worker, process)


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


def test_nobody_can_reach_a_cluster_of_this_machine(notices: Path, tmp_path: Path) -> None:
    found: list[set[tuple[str, int]]] = []
    before = listening()
    run(batch(notices, tmp_path / "out", engine="dask"), Striker(lambda: found.append(listening())))
    assert found == [before]


def listening() -> set[tuple[str, int]]:
    """The addresses at which this process can be reached."""
    import psutil

    return {tuple(each.laddr) for each in psutil.Process().net_connections("inet") if each.status == psutil.CONN_LISTEN}


@pytest.mark.parametrize("longest", [cluster.PATIENCE, cluster.PATIENCES[-1]])
def test_a_result_may_take_long_to_come_but_not_for_ever(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: float
) -> None:
    import distributed

    class Slow(distributed.Future):
        def result(self, timeout: float) -> object:
            if timeout <= longest:
                raise TimeoutError
            return super().result(timeout)

    monkeypatch.setattr(distributed.client, "Future", Slow)
    if longest == cluster.PATIENCE:
        assert do(notices, tmp_path / "out", engine="dask").done == 40
    else:
        with pytest.raises(PolicyparseError, match=r"^this machine: a result does not come through"):
            do(notices, tmp_path / "out", engine="dask")


def test_a_fault_of_ours_is_not_told_as_one_of_the_scheduler(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    def broken(*_: object, **__: object) -> None:
        raise TypeError("this cannot be pickled")

    monkeypatch.setattr(distributed.Client, "submit", broken)
    with pytest.raises(TypeError, match="this cannot be pickled"):
        do(notices, tmp_path / "out", engine="dask")


def test_a_worker_that_may_not_read_the_rules_is_named(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/rules")

    monkeypatch.setattr(cluster, "version", forbidden)
    with pytest.raises(PolicyparseError, match=r"^inproc://.*: this Dask worker has not .*Permission denied"):
        do(notices, tmp_path / "out", engine="dask")


def test_a_worker_that_is_just_going_is_no_reason_to_end(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    going = {"tcp://10.0.0.1:1": distributed.comm.CommClosedError("closed"), "tcp://10.0.0.2:1": OSError("Timed out")}
    asked = distributed.Client.run

    def answer(client: distributed.Client, function: object, *arguments: object, **options: object) -> object:
        found = asked(client, function, *arguments, **options)
        return {**found, **going} if function is cluster.version else found

    monkeypatch.setattr(distributed.Client, "run", answer)
    assert do(notices, tmp_path / "out", engine="dask").done == 40


def test_an_interrupted_cluster_of_this_machine_ends_in_silence(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "FILES", 3)
    before = processes_of(os.getpid())
    job = batch(notices, tmp_path / "out", engine="dask", workers=2)
    assert run(job, Striker(interrupt)).interrupted
    assert processes_of(os.getpid()) == before
    assert capfd.readouterr() == ("", "")


def test_workers_may_go_and_come(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look at the cluster and the first bundle all of them are gone."""

    class Deserted(cluster.Cluster):
        def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
            self.local.scale(0)
            for _ in range(600):
                if not self.client.ncores():
                    break
                time.sleep(0.1)
            self.local.scale(come_again)
            yield from super().run(tasks)

    monkeypatch.setattr(cluster, "Cluster", Deserted)
    come_again = 1
    do(notices, tmp_path / "out.jsonl", "jsonl", engine="dask")
    before = contents(tmp_path / "out.jsonl")
    assert len(before["."].splitlines()) == 40
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    come_again = 0
    (notices / "more.txt").write_text("一、备足种子", "utf-8")
    with pytest.raises(PolicyparseError, match="no worker was left for 1 s;"):
        do(notices, tmp_path / "out.jsonl", "jsonl", engine="dask")
    assert contents(tmp_path / "out.jsonl") == before


def test_a_run_that_is_left_gets_no_more_work() -> None:
    """A bundle may reach a worker after it was told to leave."""
    job = Job("json", None, (), "", 1.0, 1)
    cluster.leave("over")
    assert cluster.work("over", job, [Task(1, "a.txt", "a.txt", None, 10)]) == []
    _, pool = cluster.pools.pop(threading.get_ident())
    assert pool.workers == []


def test_a_worker_that_lives_long_forgets_the_runs_of_old() -> None:
    for number in range(1000):
        cluster.leave(f"run {number}")
    assert len(cluster.left) == 100
    assert "run 999" in cluster.left


def test_what_a_worker_cannot_do_is_one_line(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no\nmore\nthreads")

    monkeypatch.setattr(cluster, "work", broken)
    with pytest.raises(
        PolicyparseError, match=r"^this machine: a Dask worker cannot do .*: RuntimeError: no more threads$"
    ):
        do(notices, tmp_path / "out", engine="dask")


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
        assert cluster.work("run", job, []) == "full"
    else:
        with pytest.raises(type(error)):
            cluster.work("run", job, [])
    assert len(closed) == 1
    assert threading.get_ident() not in cluster.pools


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
