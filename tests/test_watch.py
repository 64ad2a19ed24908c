"""Runs that go on."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from policyparse.batch import watch
from policyparse.batch.run import Batch
from policyparse.batch.watch import _is_hidden
from policyparse.report import Summary
from runs import NOTICE, Log, batch, command, make_notices, struck

pytest.importorskip("watchfiles")


@pytest.mark.skipif(sys.platform == "win32", reason="has no signal to send")
def test_what_arrives_and_changes_is_converted(tmp_path: Path) -> None:
    notices, out = tmp_path / "notices", tmp_path / "notices" / "out.jsonl"
    make_notices(notices, 3)
    (notices / "bad.txt").write_bytes(bytes(range(256)) * 4)
    log = tmp_path / "log"
    with watching(log, notices, "-o", out, "--to", "jsonl", "--workers", "1"):  # the last run is well: the first is not
        wait(out, 3, "第1批")
        (notices / "bad.txt").unlink()
        make_notices(notices, 1, first=4)
        wait(out, 4, "第4批")
        (notices / "a" / "0004.txt").write_text(NOTICE.format(number=77), "utf-8")
        wait(out, 4, "第77批")
        (notices / "a" / "0004.txt").unlink()
        wait(out, 3, "第2批")
        rest(log)
    err = log.read_text("utf-8")
    assert "1 file" in err.split("failed: unreadable", 1)[1].splitlines()[0]
    assert "Traceback" not in err
    assert 4 <= err.count(" left out\n") <= 12  # it does not answer to what it writes itself
    *runs, (_, last) = re.findall(r"^([\d,]+) of ([\d,]+) files", err, re.M)
    assert err.count("Results: ") == 1
    assert all(done == planned for done, planned in runs)
    assert last == "3"  # what is gone is no failure


@pytest.mark.skipif(sys.platform == "win32", reason="has no signal to send")
def test_a_folder_that_goes_is_waited_for_and_its_results_stay(tmp_path: Path) -> None:
    notices, out, log = tmp_path / "notices", tmp_path / "out.jsonl", tmp_path / "log"
    make_notices(notices, 3)
    with watching(log, notices, "-o", out, "--to", "jsonl", "--workers", "1", "-q"):
        wait(out, 3, "第1批")
        line = f"policyparse: {notices}: no such folder any more; waiting for it to come back\n"
        before = out.read_bytes()
        for again in (1, 2):
            notices.rename(tmp_path / f"away{again}")
            until(lambda told=line * again: log.read_text("utf-8") == told, "a line that says so")
            assert out.read_bytes() == before
            make_notices(notices, 3)
            (notices / "a" / "0002.txt").write_text(NOTICE.format(number=80 + again), "utf-8")
            wait(out, 3, f"第{80 + again}批")
            (notices / "a" / "0002.txt").write_text(NOTICE.format(number=90 + again), "utf-8")
            wait(out, 3, f"第{90 + again}批")  # it is watched as before
            before = out.read_bytes()
    assert log.read_text("utf-8").count("\n") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="has no signal to send")
@pytest.mark.parametrize(
    ("to", "out"),
    [
        ("json", "notices/a/out"),
        ("sqlite", "notices/a/out.db"),
        ("jsonl", "file://{here}/notices/out.jsonl"),
    ],
    ids=["json", "sqlite", "url"],
)
def test_no_output_is_an_answer_to_itself(tmp_path: Path, to: str, out: str) -> None:
    """In a folder that is watched, with the store there as well."""
    if ":" in out:
        pytest.importorskip("fsspec")
    notices, log = tmp_path / "notices", tmp_path / "log"
    make_notices(notices, 3)
    out = out.format(here=tmp_path).replace("notices", "../notices", ":" not in out)
    arguments = ("../notices", "-o", out, "--to", to, "--include", "*.txt", "--include", "*.json")
    with watching(log, *arguments, cwd=notices):
        rest(log)
        make_notices(notices, 1, first=4)
        until(lambda: "4 of 4 files" in log.read_text("utf-8"), "a run over four files")
        rest(log)
    told = log.read_text("utf-8")
    assert 2 <= told.count(" left out\n") <= 5


@contextmanager
def watching(log: Path, *arguments: str | Path, **options: Any) -> Iterator[None]:
    """`batch --watch` goes on meanwhile and tells a log; Ctrl-C ends it, with 0."""
    with log.open("wb") as stderr:
        process = command("batch", *arguments, "--watch", stderr=stderr, **options)
    try:
        yield
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0, log.read_text("utf-8")


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to hold."""
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"it never comes to {what}")


def wait(out: Path, lines: int, words: str) -> None:
    """Until an output has so many lines, and these words."""

    def holds() -> bool:
        return out.exists() and (text := out.read_text("utf-8")).count("\n") == lines and words in text

    until(holds, f"{lines} lines with {words}")


def rest(log: Path) -> None:
    """Until a run has ended and no other has begun for two seconds."""
    before = b""
    for _ in range(100):
        time.sleep(2)
        last = (now := log.read_bytes()).rstrip().rpartition(b"\n")[2]
        if now == before and (last.startswith(b"Results: ") or last.endswith(b" left out")):  # the first, or another
            return
        before = now
    raise AssertionError(f"it never comes to rest: {before!r}")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_ctrl_c_is_how_it_ends(tmp_path: Path) -> None:
    notices = tmp_path / "notices"
    make_notices(notices, 40)
    process = struck("SIGINT", 20, "batch", notices, "-o", tmp_path / "out", "--workers", "1", "--watch")
    try:
        _, err = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "Interrupted. The same command goes on from here." in err


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("inbox/a/0001.txt", False),
        ("inbox/.git/0001.txt", True),
        ("inbox/a/~$plan.docx", True),
        (".data/in/0001.txt", False),
        (".data/in/.data/0001.txt", True),
        (".data/in/.data/kept/0001.txt", False),
    ],
)
def test_what_is_hidden_below_the_folder_that_is_watched(path: str, hidden: bool) -> None:
    assert _is_hidden(path, ["inbox", ".data/in", ".data/in/.data/kept"]) == hidden


def test_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("一、目标", "utf-8")
    process = command("batch", tmp_path / "one.txt", "-o", os.path.join(tmp_path, "out"), "--watch")
    _, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (2, "policyparse: --watch needs a folder to watch among the sources\n")


def test_only_the_first_of_its_runs_does_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced = []

    def take_down(batch: Batch, *_: object) -> Summary:
        forced.append(batch.force)
        return Summary()

    make_notices(tmp_path / "notices", 1)
    monkeypatch.setattr(watch, "run", take_down)
    monkeypatch.setattr(watch, "_arriving", lambda *_: [None, frozenset(["/notices/a/0002.txt"]), frozenset(), None])
    list(watch.watch(batch(tmp_path / "notices", tmp_path / "out", force=True), Log()))
    assert forced == [True, False, False]
