"""Runs over many files: what comes out, what is done again, and what is not."""

import io
import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest

import policyparse
from policyparse.batch.folder import OutputError
from policyparse.batch.run import AHEAD, FORMATS, run
from policyparse.batch.store import Store
from policyparse.errors import PolicyparseError
from policyparse.report import Summary, batch_summary
from policyparse.writers.sinks import SINKS, Sink, sink
from policyparse.writers.tables import TABLES
from runs import NOTICE, Here, Log, batch, command, contents, do, listing, make_notices


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "processes" not in request.node.name:
        monkeypatch.setattr("policyparse.batch.pool.Pool", Here)


def rows(out: Path) -> dict[str, list[object]]:
    """Everything in a DuckDB database; its file has a random number in it."""
    import duckdb

    with closing(duckdb.connect(str(out), read_only=True)) as database:
        return {table: database.execute(f"FROM {table}").fetchall() for table in TABLES}


def same(one: Path, other: Path, to: str) -> bool:
    """Whether two outputs are the same."""
    return rows(one) == rows(other) if to == "duckdb" else contents(one) == contents(other)


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    make_notices(folder, 6)
    return folder


def test_a_file_for_each_notice_in_the_same_tree(notices: Path, tmp_path: Path) -> None:
    summary = do(notices, tmp_path / "out")
    found = contents(tmp_path / "out")
    assert sorted(found) == [
        f"{folder}/{n:04}.txt.json" for folder, n in zip("aaabbb", (2, 4, 6, 1, 3, 5), strict=True)
    ]
    expected = policyparse.extract(notices / "a" / "0002.txt").model_dump_json(indent=2) + "\n"
    assert found["a/0002.txt.json"].decode() == expected
    assert (summary.planned, summary.done, summary.failures) == (6, 6, [])
    assert summary.facts["assignments"] == 12


def test_json_lines_stand_in_the_order_of_the_files(notices: Path, tmp_path: Path) -> None:
    do(notices, tmp_path / "out.jsonl", "jsonl")
    paths = [json.loads(line)["source"]["path"] for line in (tmp_path / "out.jsonl").open(encoding="utf-8")]
    assert paths == sorted(paths)
    assert len(paths) == 6


@pytest.mark.parametrize("to", ["json", "sqlite"])
def test_the_number_of_processes_changes_no_byte(notices: Path, tmp_path: Path, to: str) -> None:
    (notices / "a" / "broken.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    do(notices, tmp_path / "one", to, workers=1)
    do(notices, tmp_path / "three", to, workers=3)
    assert same(tmp_path / "one", tmp_path / "three", to)
    assert [path.name for path in tmp_path.rglob("*.partial")] == []


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_again_does_nothing(notices: Path, tmp_path: Path, to: str) -> None:
    out = tmp_path / "out"
    do(notices, out, to)
    before = {path: path.stat().st_mtime_ns for path in (*out.rglob("[!.]*"), out) if path.is_file()}
    summary = do(notices, out, to)
    assert (summary.unchanged, summary.done) == (6, 6)
    assert summary.facts["targets"] == 12
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert do(notices, out, to, force=True).unchanged == 0


@pytest.mark.parametrize("to", ["jsonl", "sqlite"])
def test_a_slow_output_takes_everything_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    make_notices(tmp_path / "many", 3 * AHEAD)
    do(tmp_path / "many", tmp_path / "out", to, workers=2)
    before = contents(tmp_path / "out")
    (tmp_path / "out").unlink()
    add = sink(to).add

    def slowly(self: Sink, addition: bytes) -> None:
        time.sleep(0.01)
        add(self, addition)

    monkeypatch.setattr(sink(to), "add", slowly)
    assert do(tmp_path / "many", tmp_path / "out", to).unchanged == 3 * AHEAD
    assert contents(tmp_path / "out") == before


def test_an_output_that_cannot_go_on_ends_the_run(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "out.jsonl")

    monkeypatch.setattr(sink("jsonl"), "add", full)
    with pytest.raises(OutputError, match=r"out\.jsonl: cannot be written: No space left"):
        do(notices, tmp_path / "out.jsonl", "jsonl")
    assert not (tmp_path / "out.jsonl").exists()
    monkeypatch.undo()
    assert do(notices, tmp_path / "out.jsonl", "jsonl").done == 6
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 6


@pytest.mark.parametrize("to", FORMATS)
def test_what_changed_is_done_again(notices: Path, tmp_path: Path, to: str) -> None:
    do(notices, tmp_path / "out", to)
    changed, gone = notices / "a" / "0002.txt", notices / "b" / "0001.txt"
    state = changed.stat()
    changed.write_text(NOTICE.format(number=9), "utf-8")
    os.utime(changed, ns=(state.st_atime_ns, state.st_mtime_ns))  # the content counts, not the clock
    if to in SINKS:  # results in files of their own are left alone
        gone.unlink()
    make_notices(notices, 1, first=7)
    summary = do(notices, tmp_path / "out", to)
    assert summary.unchanged == summary.planned - 2
    do(notices, tmp_path / "fresh", to)
    assert same(tmp_path / "out", tmp_path / "fresh", to)


def test_a_run_that_ends_between_a_result_and_the_output(notices: Path, tmp_path: Path) -> None:
    class Interrupted(Log):
        def step(self, name: str, size: int, reason: str | None) -> None:  # noqa: ARG002
            raise KeyboardInterrupt

    do(notices, tmp_path / "out", "jsonl")
    (notices / "a" / "0002.txt").write_text(NOTICE.format(number=9), "utf-8")
    assert run(batch(notices, tmp_path / "out", "jsonl"), Interrupted()).interrupted
    assert do(notices, tmp_path / "out", "jsonl").unchanged == 6
    do(notices, tmp_path / "fresh", "jsonl")
    assert same(tmp_path / "out", tmp_path / "fresh", "jsonl")


@pytest.mark.parametrize("moment", ["INSERT", "COMMIT"])
def test_ctrl_c_in_the_midst_of_keeping_a_result(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    left = [moment]

    class Struck(Store):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.connection = cast("sqlite3.Connection", StruckConnection(self.connection))

    class StruckConnection:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.own = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self.own, name)

        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            cursor = self.own.execute(statement, *values)
            if statement.startswith("INSERT OR REPLACE INTO results") and moment == "INSERT":
                raise KeyboardInterrupt
            return cursor

        def commit(self) -> None:
            self.own.commit()
            if moment == "COMMIT" and left:
                left.clear()
                raise KeyboardInterrupt

    out = tmp_path / "out.jsonl"
    do(notices, out, "jsonl")
    (notices / "a" / "0002.txt").write_text(NOTICE.format(number=9), "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("policyparse.batch.run.Store", Struck)
        assert do(notices, out, "jsonl").interrupted
    do(notices, out, "jsonl")
    assert "第9批" in out.read_text("utf-8")


@pytest.mark.parametrize("to", ["json", "jsonl"])
def test_an_engine_that_ends_too_early_replaces_nothing(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    do(notices, tmp_path / "out", to)
    before = contents(tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(Here, "run", lambda *_: iter(()))
        patch.setattr("policyparse.batch.pool.Pool", Here)
        with pytest.raises(PolicyparseError, match="ended before all files were done"):
            do(notices, tmp_path / "out", to, force=True)
    assert contents(tmp_path / "out") == before


def test_two_runs_that_write_one_file_in_turns(tmp_path: Path) -> None:
    for folder, number in (("first", 1), ("second", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(NOTICE.format(number=number), "utf-8")
    for folder in ("first", "second", "first"):
        assert do(tmp_path / folder, tmp_path / "out").unchanged == 0
    assert b"first" in (tmp_path / "out" / "x.txt.json").read_bytes()
    do(tmp_path / "second", tmp_path / "out")
    (tmp_path / "first" / "x.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    assert do(tmp_path / "first", tmp_path / "out").failure_count == 1
    assert b"second" in (tmp_path / "out" / "x.txt.json").read_bytes()


def test_each_address_has_results_of_its_own_kept(notices: Path) -> None:
    stores = {
        replace(batch(notices, Path("out"), "jsonl"), out=out).store.name
        for out in ("s3://a/all.jsonl", "s3://b/all.jsonl")
    }
    assert len(stores) == 2


@pytest.mark.parametrize("to", ["jsonl", "csv", "sqlite"])
def test_an_output_that_was_cut_off_is_made_again(notices: Path, tmp_path: Path, to: str) -> None:
    do(notices, tmp_path / "out", to)
    before = contents(tmp_path / "out")
    cut = tmp_path / "out" / "tasks.csv" if to == "csv" else tmp_path / "out"
    os.truncate(cut, 20)
    assert do(notices, tmp_path / "out", to).unchanged == 6
    assert contents(tmp_path / "out") == before


def test_a_file_that_was_good_in_another_format_leaves_the_files_of_others(notices: Path, tmp_path: Path) -> None:
    do(notices, tmp_path / "out", "json")
    (notices / "a" / "0002.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    (tmp_path / "out" / "a" / "0002.txt.yaml").write_text("mine", "utf-8")
    do(notices, tmp_path / "out", "yaml")
    assert (tmp_path / "out" / "a" / "0002.txt.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("to", ["json", "jsonl"])
def test_a_failure_is_forgotten_with_its_file(notices: Path, tmp_path: Path, to: str) -> None:
    (notices / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    assert do(notices, tmp_path / "out", to).failure_count == 1
    (notices / "bad.txt").unlink()
    do(notices, tmp_path / "out", to)
    with closing(sqlite3.connect(batch(notices, tmp_path / "out", to).store)) as store:
        assert store.execute("SELECT * FROM failures").fetchall() == []


def test_a_result_that_was_deleted_is_made_again(notices: Path, tmp_path: Path) -> None:
    do(notices, tmp_path / "out")
    before = contents(tmp_path / "out")
    (tmp_path / "out" / "a" / "0002.txt.json").unlink()
    (tmp_path / "out" / "a" / "0004.txt.json").write_bytes(b"")
    assert do(notices, tmp_path / "out").unchanged == 4
    assert contents(tmp_path / "out") == before


def test_other_rules_do_everything_again(notices: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    rule = "{id: deadline.own, summary: s, cues: [储备], pattern: 储备种子, set: {kind: by}}"
    (rules / "own.yaml").write_text(f"kind: deadline\nrules:\n- {rule}\n", "utf-8")
    out = tmp_path / "out.jsonl"
    do(notices, out, "jsonl")
    assert do(notices, out, "jsonl", patterns=(str(rules),)).unchanged == 0
    assert b"deadline.own" in out.read_bytes()
    assert do(notices, out, "jsonl", patterns=(str(rules),)).unchanged == 6


def test_another_reader_does_everything_again(notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    do(notices, tmp_path / "out")
    installed = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == "rapidocr" else installed(name))
    assert do(notices, tmp_path / "out").unchanged == 0
    assert do(notices, tmp_path / "out").unchanged == 6


def test_one_bad_file_is_a_failure_of_its_own(notices: Path, tmp_path: Path) -> None:
    (notices / "bad.txt").write_bytes(bytes(range(256)) * 4)
    log = Log()
    summary = run(batch(notices, tmp_path / "out.db", "sqlite"), log)
    assert summary.failures == [("unreadable", 1)]
    assert [(name, reason is None) for name, reason in log.steps if reason] == [(str(notices / "bad.txt"), False)]
    with closing(sqlite3.connect(tmp_path / "out.db")) as database:
        ((path, kind, reason),) = database.execute("SELECT * FROM failures").fetchall()
        assert database.execute("SELECT count(*) FROM notices").fetchone() == (6,)
    assert (path, kind) == (str(notices / "bad.txt"), "unreadable")
    assert path not in reason
    (notices / "bad.txt").write_text(NOTICE.format(number=99), "utf-8")
    assert do(notices, tmp_path / "out.db", "sqlite").failures == []
    with closing(sqlite3.connect(tmp_path / "out.db")) as database:
        assert database.execute("SELECT count(*) FROM failures").fetchone() == (0,)


def test_a_file_that_was_good_once_leaves_no_result(notices: Path, tmp_path: Path) -> None:
    do(notices, tmp_path / "out")
    (notices / "a" / "0002.txt").write_bytes(bytes(range(256)) * 4)
    assert do(notices, tmp_path / "out").failures == [("unreadable", 1)]
    assert "a/0002.txt.json" not in contents(tmp_path / "out")


def test_sources_are_folders_files_patterns_and_a_list(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    do(["notices/a/*.txt"], tmp_path / "glob")
    assert sorted(contents(tmp_path / "glob")) == [f"notices/a/{n:04}.txt.json" for n in (2, 4, 6)]
    do(["notices/b/0003.txt"], tmp_path / "file")
    assert sorted(contents(tmp_path / "file")) == ["notices/b/0003.txt.json"]
    listed = listing([notices / "b" / "0003.txt", Path("notices/a/0002.txt")])
    do(["-"], tmp_path / "list.jsonl", "jsonl", listed=listed)
    paths = [json.loads(line)["source"]["path"] for line in (tmp_path / "list.jsonl").open(encoding="utf-8")]
    assert paths == [str(notices / "b" / "0003.txt"), str(Path("notices/a/0002.txt"))]  # the order of the list
    marked = io.BytesIO(b"\xef\xbb\xbfnotices/a/0002.txt\r\n")  # as Windows writes a list
    assert do(["-"], tmp_path / "marked", listed=marked).failure_count == 0
    do(["notices", "notices/b/0003.txt", "./notices"], tmp_path / "twice")
    assert len(contents(tmp_path / "twice")) == 6
    with pytest.raises(PolicyparseError, match="nowhere: no such file or folder"):
        do(["nowhere"], tmp_path / "out")
    with pytest.raises(PolicyparseError, match="no pattern"):
        do(["notices/*.pdf"], tmp_path / "out")
    with pytest.raises(PolicyparseError, match="no pattern of files"):
        do(["notices/**.txt"], tmp_path / "out")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_pattern_over_all_folders_follows_no_link_and_finds_nothing_hidden(notices: Path, tmp_path: Path) -> None:
    for number in range(8):  # of paths through eight links there are more than anybody can list
        (notices / "a" / f"up{number}").symlink_to("..", target_is_directory=True)
    (notices / ".git").mkdir()
    (notices / ".git" / "x.txt").write_text("一、目标", "utf-8")
    assert do([f"{notices}/**/*.txt"], tmp_path / "out").planned == 6
    assert do([f"{notices}/.git/*.txt"], tmp_path / "hidden").planned == 1
    (notices / "a" / "scan.bin").write_bytes(b"")
    assert do([f"{notices}/**"], tmp_path / "all").planned == 6  # the folder itself
    assert sorted(contents(tmp_path / "all"))[0] == "a/0002.txt.json"


def test_include_and_exclude(notices: Path, tmp_path: Path) -> None:
    (notices / "a" / "notes.log").write_text(NOTICE.format(number=1), "utf-8")
    for name in (".hidden.txt", "~$open.txt", "other.bin"):
        (notices / "a" / name).write_text("一、目标", "utf-8")
    (notices / ".git").mkdir()
    (notices / ".git" / "x.txt").write_text("一、目标", "utf-8")
    summary = do(notices, tmp_path / "all")
    assert (summary.planned, summary.skipped) == (6, 5)
    assert do(notices, tmp_path / "log", include=("*.log",)).planned == 1
    assert do(notices, tmp_path / "some", include=("a/*.txt", "*.log")).planned == 4
    assert sorted(contents(tmp_path / "some"))[-1] == "a/notes.log.json"
    assert do(notices, tmp_path / "without", exclude=("a", "*1.txt")).planned == 2
    assert do(notices, tmp_path / "shell", exclude=("./a/", "*1.txt")).planned == 2  # as a shell completes names


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_a_circle_and_out_into_nowhere(notices: Path, tmp_path: Path) -> None:
    (notices / "a" / "up").symlink_to(notices)
    (notices / "b" / "a").symlink_to(notices / "a")
    (notices / "b" / "again").symlink_to(tmp_path / "outside" / "..")
    (notices / "lost.txt").symlink_to(tmp_path / "nowhere")
    make_notices(tmp_path / "outside", 3)
    (notices / "x").symlink_to(tmp_path / "outside")
    (notices / "b" / "y").symlink_to(tmp_path / "outside")
    os.mkfifo(notices / "pipe.txt")
    summary = do(notices, tmp_path / "out")
    assert summary.planned == 6 + 3 + 1
    assert summary.failed == [(str(notices / "lost.txt"), "no such file")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_itself_hides_no_other_file(notices: Path, tmp_path: Path) -> None:
    for name in ("0", "a/0", "a/9"):
        (notices / name).symlink_to(Path(name).name)
    summary = do(notices, tmp_path / "out")
    assert [name for name, _ in summary.failed] == [str(notices / name) for name in ("0", "a/0", "a/9")]
    assert len(contents(tmp_path / "out")) == 6


def test_what_was_left_out_is_counted_anew(notices: Path, tmp_path: Path) -> None:
    (notices / "other.bin").write_bytes(b"")
    sources = batch(notices, tmp_path / "out").sources
    for _ in range(2):
        assert len(list(sources)) == 6
        assert sources.skipped == 1


def test_a_folder_that_changed_as_a_whole(notices: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    do(notices, out, "jsonl")
    (notices / "a").rename(tmp_path / "old")
    make_notices(notices, 6)
    (notices / "a" / "0002.txt").write_text(NOTICE.format(number=9), "utf-8")
    summary = run(batch(notices, out, "jsonl"), Log(), frozenset([str(notices / "a")]))
    assert (summary.unchanged, summary.done) == (5, 6)
    assert "第9批" in out.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_change_is_told_of_by_the_path_without_links(notices: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(notices, target_is_directory=True)
    out = tmp_path / "out.jsonl"
    do(tmp_path / "link", out, "jsonl")
    changed = notices.resolve() / "a" / "0002.txt"
    changed.write_text(NOTICE.format(number=9), "utf-8")
    summary = run(batch(tmp_path / "link", out, "jsonl"), Log(), frozenset([str(changed)]))
    assert summary.unchanged == 5
    assert "第9批" in out.read_text("utf-8")


def test_an_output_among_all_files_of_the_source_is_none_of_them(notices: Path) -> None:
    for _ in range(2):
        summary = do(notices, notices / "all.db", "sqlite", include=("*",))
        assert (summary.planned, summary.failure_count) == (6, 0)
        assert do([f"{notices}/*"], notices / "all.db", "sqlite").planned == 6


def test_the_output_inside_the_source(notices: Path) -> None:
    for to in ("json", "csv"):
        do(notices, notices / "out", to)
        (notices / "out" / "mine.txt").write_text("一、目标", "utf-8")
        assert do(notices, notices / "out", to).planned == 6
    assert do(notices, notices / "all.db", "sqlite").planned == 6 + len(["out/mine.txt"])
    with pytest.raises(PolicyparseError, match="the output and a source at once"):
        do(notices, notices)


def test_an_output_of_the_wrong_kind_or_not_from_here(notices: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("precious")
    with pytest.raises(PolicyparseError, match="not from here"):
        do(notices, tmp_path / "mine.db", "sqlite")
    with pytest.raises(PolicyparseError, match="this is a file"):
        do(notices, tmp_path / "mine.db", "csv")
    with pytest.raises(PolicyparseError, match="this is a folder"):
        do(notices, tmp_path, "sqlite")
    assert (tmp_path / "mine.db").read_text() == "precious"
    do(notices, tmp_path / "mine.db", "sqlite", force=True)


@pytest.mark.parametrize("name", ["notices.csv", "failures.csv"])
def test_a_table_that_is_not_from_here_is_kept(notices: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out" / ".partial").mkdir(parents=True)
    (tmp_path / "out" / name).write_text("mine", "utf-8")
    with pytest.raises(PolicyparseError, match=f"{name}: there is such a file, and not from here"):
        do(notices, tmp_path / "out", "csv")
    do(notices, tmp_path / "out", "json")
    assert (tmp_path / "out" / name).read_text("utf-8") == "mine"
    assert (tmp_path / "out" / ".partial").is_dir()


def test_no_list_and_no_output(notices: Path) -> None:
    script = "import sys; sys.stdin = None; from policyparse.cli import run; run()"
    process = command("batch", "-", "-o", "out", script=script)
    assert "standard input, which is closed" in process.communicate(timeout=300)[1]
    assert process.returncode == 2
    with pytest.raises(PolicyparseError, match=r"-o '': .* give it a name"):
        run(replace(batch(notices, Path("out")), out=""), Log())


def test_only_one_run_at_a_time(notices: Path, tmp_path: Path) -> None:
    class Second(Log):
        def start(self, files: int, size: int) -> None:  # noqa: ARG002
            with pytest.raises(PolicyparseError, match="another run is writing"):
                do(notices, tmp_path / "out")

    assert run(batch(notices, tmp_path / "out"), Second()).done == 6


def test_two_sources_that_would_write_one_output(notices: Path, tmp_path: Path) -> None:
    (notices / "b" / "0002.txt").write_text(NOTICE.format(number=2), "utf-8")
    sources = [str(notices / "a"), str(notices / "b")]
    summary = do(sources, tmp_path / "out")
    assert summary.failures == [("output", 1)]
    name, reason = summary.failed[0]
    assert name == str(notices / "b" / "0002.txt")
    assert str(notices / "a" / "0002.txt") in reason
    assert b"/a/0002.txt" in contents(tmp_path / "out")["0002.txt.json"].replace(b"\\\\", b"/")
    assert do(sources, tmp_path / "out.jsonl", "jsonl").failures == []  # there they do not meet


def test_an_output_that_would_be_a_folder_of_others(notices: Path, tmp_path: Path) -> None:
    (notices / "a" / "0002.txt.json").mkdir()
    (notices / "a" / "0002.txt.json" / "x.txt").write_text(NOTICE.format(number=2), "utf-8")
    summary = do(notices, tmp_path / "out")
    assert summary.failed == [(str(notices / "a" / "0002.txt"), "its output would be the folder of others")]
    assert summary.failures == [("output", 1)]
    assert do([str(notices / "a" / "0002.txt.json")], tmp_path / "other").failures == []
    do([str(notices / "b")], tmp_path / "other")
    (notices / "b" / "x.txt.json").mkdir()
    (notices / "b" / "x.txt.json" / "y.txt").write_text(NOTICE.format(number=2), "utf-8")
    summary = do([str(notices / "b")], tmp_path / "other")  # an earlier run has a file x.txt.json there
    assert summary.failures == [("output", 1)]
    assert "cannot be written" in summary.failed[0][1]


def test_an_empty_folder_gives_an_empty_output(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for to in FORMATS:
        assert do(tmp_path / "empty", tmp_path / f"out-{to}", to).planned == 0
    assert (tmp_path / "out-jsonl").read_bytes() == b""


def test_no_file_that_can_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(bytes(range(256)) * 4)
    process = command("batch", tmp_path / "bad.txt", "-o", tmp_path / "out.jsonl", "--to", "jsonl", "-q")
    assert (process.communicate(timeout=300), process.returncode) == (("", ""), 1)


def test_a_run_that_watching_makes_again_is_told_in_a_line() -> None:
    summary = Summary(planned=2, done=2, bytes_done=3000, unchanged=1, seconds=2, failures=[("unreadable", 1)])
    told = "2 of 2 files in 0:02 (1.0 files/s, 1.5 KB/s), 1 of them unchanged, 1 failed; 0 other files left out"
    assert batch_summary(summary, "out", again=True) == told
    assert batch_summary(summary, "out").startswith(told + "\n")
    assert "failed: unreadable  1 file\n" in batch_summary(summary, "out")


def test_the_command_tells_what_it_did(notices: Path, tmp_path: Path) -> None:
    (notices / "bad\n.txt" if os.name != "nt" else notices / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    process = command("batch", notices, "-o", tmp_path / "out.db", "--to", "sqlite", "--workers", "1")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (1, "")
    assert "7 of 7 files" in err
    assert "failed: unreadable" in err
    assert "format txt" in err
    assert "assignments" in err
    assert all(line.startswith("policyparse: ") for line in err.splitlines()[:2])
    process = command("batch", notices, "-o", tmp_path / "out.db", "--to", "sqlite", "-q")
    assert (process.communicate(timeout=300), process.returncode) == (("", ""), 1)
