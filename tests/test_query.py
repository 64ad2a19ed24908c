"""Questions to a database: answered, and nothing else done."""

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from io import StringIO
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from policyparse.batch.store import Store
from policyparse.errors import PolicyparseError
from policyparse.query import Answer, _size, _uri, as_csv, as_json, as_table, query
from policyparse.report import answer_table
from policyparse.writers.sinks import sink
from runs import command

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
KINDS = ("sqlite", "duckdb")
THOUSAND = "with recursive thousand(i) as (select 1 union all select i + 1 from thousand where i < 1000) "
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database with three failures in it."""
    if request.param == "duckdb":
        pytest.importorskip("duckdb")
    made = sink(request.param)(tmp_path / "notices db")
    for path, reason in (("a.txt", "=1"), ("b\nc.txt", 'no, "none"'), ("长.txt", "没有")):
        made.add(made.encode_failure(path, "unreadable", reason))
    made.finish()
    return tmp_path / "notices db"


def test_answers_in_three_forms(database: Path) -> None:
    sql = "select path, reason, 2.5 as number, path from failures order by path"
    assert json.loads(b"".join(as_json(query(database, sql))))[0] == {
        "path": "a.txt",
        "reason": "=1",
        "number": 2.5,
        "path_2": "a.txt",
    }
    rows = list(csv.reader(StringIO(b"".join(as_csv(query(database, sql))).decode(), newline="")))
    assert rows[:2] == [["path", "reason", "number", "path_2"], ["a.txt", "'=1", "2.5", "a.txt"]]
    assert len(rows) == 4
    shown = answer_table(*query(database, sql), 1000).decode().splitlines()
    assert shown[1].split() == ["path", "reason", "number", "path_2"]
    assert any(line.split()[:1] == ["b\\nc.txt"] for line in shown)
    assert b"".join(as_json(query(database, "select path from failures where path = 'x'"))) == b"[]\n"


@pytest.mark.parametrize(
    "sql",
    [
        "delete from failures",
        "insert into failures values ('x', 'y', 'z')",
        "drop table failures",
        "create table x (y int)",
        "create temp table x (y int)",
        "attach 'other.db' as other",
        "select 1; delete from failures",
        "vacuum",
        "pragma journal_mode = wal",
        "",
        "no sql at all",
        "select * from nowhere",
        "select load_extension('x')",
        "copy failures to 'out.csv'",
        "select * from read_text('/etc/hostname')",
        "set enable_external_access = true",
        "install httpfs",
        "begin",
    ],
)
def test_what_is_no_question_is_refused(database: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(database.parent)
    before = database.read_bytes()
    with pytest.raises(PolicyparseError):
        list(query(database, sql)[1])
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]


@pytest.mark.parametrize(
    "sql",
    [
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        "select count(*) from thousand a, thousand b, thousand c, thousand d",
    ],
    ids=["endless", "product"],
)
def test_what_goes_on_and_on_is_ended(database: Path, sql: str) -> None:
    sql = sql if sql.startswith("with") else THOUSAND + sql
    with pytest.raises(PolicyparseError, match=r"^the answer takes more than 0.5 seconds; --timeout gives it more$"):
        list(query(database, sql, 0.5)[1])
    process = command("query", database, sql, "--timeout", "1")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (2, "")
    assert err == "policyparse: the answer takes more than 1 seconds; --timeout gives it more\n"


def test_who_reads_slowly_takes_none_of_the_time(database: Path) -> None:
    _, rows = query(database, "select path from failures", 30.0)
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: began + 1000)
        assert len(list(rows)) == 3


@POSIX
def test_ctrl_c_ends_either_database(database: Path) -> None:
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    script = (
        "import signal\n"
        "from policyparse import query\n"
        "query.GRACE = 60\n"
        "wait = query.wait\n"
        "def waited(*arguments):\n"
        "    waited.count += 1\n"
        "    if waited.count == 20: signal.raise_signal(signal.SIGINT)\n"
        "    return wait(*arguments)\n"
        "waited.count = 0\n"
        "query.wait = waited\n"
        "from policyparse.cli import run\n"
        "run()"
    )
    process = command("query", database, sql, script=script)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (1, "", "\nAborted!\n")


def test_what_never_leaves_off_ends_the_command(database: Path) -> None:
    script = "from policyparse import query\nquery.GRACE = 0\nfrom policyparse.cli import run\nrun()"
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    process = command("query", database, sql, "--timeout", "1", script=script)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("sql", ["select zeroblob(2e9)", "select hex(zeroblob(9e7))"])
def test_a_value_of_an_absurd_length(tmp_path: Path, sql: str) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table t (b)")
    with pytest.raises(PolicyparseError, match=r"other\.db: string or blob too big$"):
        list(query(tmp_path / "other.db", sql)[1])


def test_too_much_memory_is_one_line(database: Path) -> None:
    """In a process of its own: SQLite knows one limit for the whole process."""
    sqlite = database.read_bytes().startswith(b"SQLite")
    script = "from policyparse import query\nquery.MEMORY = 64 << 20\nfrom policyparse.cli import run\nrun()"
    one = "hex(zeroblob(2e7))" if sqlite else "(select list(i) from range(20000000) n(i))"
    process = command("query", database, f"select {one} as a, {one} as b", "--format", "csv", script=script)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert "GB of memory; ask for less at a time" in err


def test_a_table_for_people_has_an_end(database: Path) -> None:
    sql = THOUSAND + "select a.i from thousand a, thousand b, thousand c"
    lists = [] if database.read_bytes().startswith(b"SQLite") else ["select range(200000) as numbers"]
    for asked in (sql, f"select path, '{'x' * 999_999}' from failures", *lists):
        with pytest.raises(
            PolicyparseError, match=r"^the answer is too large for a table; add a LIMIT, or take --format"
        ):
            list(as_table(query(database, asked))[1])


@POSIX
def test_a_pipe_or_a_device_is_no_database(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    for path in (tmp_path / "pipe.db", Path("/dev/zero"), tmp_path):
        with pytest.raises(PolicyparseError, match=rf"^{path}: this is no file; name a database"):
            query(path, "select 1")


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("a text")
    with pytest.raises(PolicyparseError, match="neither SQLite nor DuckDB"):
        query(tmp_path / "text.db", "select 1")
    with pytest.raises(PolicyparseError, match="cannot be read"):
        query(tmp_path / "missing.db", "select 1")
    assert not (tmp_path / "missing.db").exists()
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\0" + b"x" * 500)
    with pytest.raises(PolicyparseError, match=r"broken\.db"):
        query(tmp_path / "broken.db", "select 1")


def test_bytes_are_shown_as_in_sql(database: Path) -> None:
    if database.read_bytes().startswith(b"SQLite"):
        sql, shown = "select x'00ff' as b", "x'00ff'"
        nested: object = shown
    else:
        sql, shown = r"select ['\x00\xFF'::blob, null] as b, {'c': '\xFF'::blob} as d", "x'00ff'；None"
        nested = ["x'00ff'", None]
    assert json.loads(b"".join(as_json(query(database, sql))))[0]["b"] == nested
    rows = list(csv.DictReader(StringIO(b"".join(as_csv(query(database, sql))).decode(), newline="")))
    assert rows[0]["b"] == shown
    table = answer_table(*as_table(query(database, sql)), 1000).decode()
    assert "x'00ff'" in table
    assert r"\x" not in table


def test_a_number_without_end_is_null_in_json(database: Path) -> None:
    sql = "select 1e999 as big" if database.read_bytes().startswith(b"SQLite") else "select 'inf'::double as big"
    assert json.loads(b"".join(as_json(query(database, sql)))) == [{"big": None}]


def test_a_time_with_a_time_zone_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    duckdb.connect(str(tmp_path / "d.duckdb")).close()
    monkeypatch.setitem(sys.modules, "pytz", None)  # as if it were not here
    sql = "select '2024-03-01 08:00+08'::timestamptz as t"
    with pytest.raises(
        PolicyparseError, match=r"d\.duckdb: a time with a time zone cannot be shown; ask for it as a text"
    ):
        list(query(tmp_path / "d.duckdb", sql)[1])
    assert len(list(query(tmp_path / "d.duckdb", f"select t::varchar from ({sql})")[1])) == 1


@pytest.mark.parametrize("form", [as_csv, as_json])
def test_few_large_rows_are_held_at_a_time(
    database: Path, form: Callable[[Answer], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are fetched as the answer is printed: after the first piece that has a row, nearly all are still to come."""
    fetched = 0

    def size(row: Sequence[object]) -> int:
        nonlocal fetched
        fetched += 1
        return _size(row)

    monkeypatch.setattr("policyparse.query._size", size)
    large = "hex(zeroblob(1500000))" if database.read_bytes().startswith(b"SQLite") else "repeat('x', 3000000)"
    sql = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < 30) select {large} as a from n"
    pieces = iter(form(query(database, sql)))
    while len(next(pieces)) < 3_000_000:
        pass
    assert fetched == 3
    assert sum(len(piece) > 3_000_000 for piece in pieces) == 29


def test_a_row_has_a_greatest_length(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policyparse.query.LONGEST_ROW", 1 << 20)
    sql = "select '{0}' as a, '{0}' as b".format("x" * 600_000)
    with pytest.raises(PolicyparseError, match=r"^a row of the answer takes more than 1 MB; ask for less of it$"):
        list(query(database, sql)[1])


def test_what_is_in_lists_counts() -> None:
    assert _size(({"a": ["x" * 1000, b"x" * 1000]},)) > 2000


@pytest.mark.parametrize("form", ["csv", "json", "table"])
@POSIX
def test_who_reads_the_first_line_only_ends_it_quietly(database: Path, form: str) -> None:
    process = command("query", database, THOUSAND + "select i from thousand", "--format", form)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=300)) == ("", 0)
    process.stderr.close()


def test_a_path_on_a_windows_share_and_others(tmp_path: Path) -> None:
    assert _uri(PureWindowsPath(r"C:\公 文\a?b%.db"), False).startswith(
        "file:///C%3A/%E5%85%AC%20%E6%96%87/a%3Fb%25.db?"
    )
    share = PureWindowsPath("//server/share/notices.db")
    assert _uri(share, False) == "file:////server/share/notices.db?mode=ro&immutable=0"
    if sys.platform != "win32":
        strange = tmp_path / "100% #1 公?.db"
        with closing(sqlite3.connect(strange)) as made:
            made.execute("create table t (b)")
        assert list(query(strange, "select count(*) from t")[1]) == [[0]]
        with closing(sqlite3.connect(_uri(PurePosixPath(f"/{strange}"), False), uri=True)) as other:  # //tmp/…
            assert other.execute("select count(*) from t").fetchall() == [(0,)]


def in_wal(path: Path, exclusive: bool, end: str) -> None:
    """Let another process write a database with a write-ahead log, and end."""
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        f"c.execute('pragma locking_mode = {'exclusive' if exclusive else 'normal'}')\n"
        "c.execute('pragma journal_mode = wal')\n"
        "c.execute('create table t (b)')\n"
        "c.execute('insert into t values (1)')\n"
        f"{end}"
    )
    subprocess.run([sys.executable, "-c", script, path], check=True, timeout=300)


def test_a_store_that_a_run_holds_or_has_left_says_so(tmp_path: Path) -> None:
    in_wal(tmp_path / "killed.batch", True, "os._exit(0)")
    with closing(Store(tmp_path / "held.batch", "test")):
        before = sorted(path.name for path in tmp_path.iterdir())
        assert before == ["held.batch", "held.batch-wal", "killed.batch", "killed.batch-wal"]
        for name in ("held.batch", "killed.batch"):
            with pytest.raises(
                PolicyparseError,
                match=rf"{name}: another program is writing it, or a run was killed; ask when the same",
            ):
                query(tmp_path / name, "select * from failures")
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not list(query(tmp_path / "held.batch", "select * from failures")[1])


def test_a_database_that_is_locked_says_so(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as other:
        other.execute("create table t (b)")
        other.execute("begin exclusive")
        with pytest.raises(PolicyparseError, match=r"other\.db: another program is writing it, or a run was killed"):
            query(tmp_path / "other.db", "select * from t")


def test_no_file_appears_beside_a_database_with_a_log(tmp_path: Path) -> None:
    in_wal(tmp_path / "closed.db", False, "c.close()")
    assert list(query(tmp_path / "closed.db", "select * from t")[1]) == [[1]]
    assert [path.name for path in tmp_path.iterdir()] == ["closed.db"]
    in_wal(tmp_path / "left.db", False, "os._exit(0)")
    before = sorted(path.name for path in tmp_path.iterdir())
    assert before == ["closed.db", "left.db", "left.db-shm", "left.db-wal"]
    assert list(query(tmp_path / "left.db", "select * from t")[1]) == [[1]]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_command(database: Path) -> None:
    process = command("query", database, "-- How many?\nselect count(*) as n from failures", "--format", "csv")
    assert (process.communicate(timeout=300), process.returncode) == (("n\n3\n", ""), 0)
    process = command("query", database, "delete from failures")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("policyparse: ")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared")
def test_the_questions_of_the_readme_have_answers(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    process = command("batch", CORPUS, "-o", tmp_path / "out.duckdb", "--to", "duckdb", "-q")
    _, err = process.communicate(timeout=900)
    assert process.returncode in (0, 1)  # some of them are no notices
    assert err == ""
    blocks = re.findall(r"^```sql\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    questions = [question for block in blocks for question in block.split("\n\n")]
    assert len(questions) == 3
    for question in questions:
        assert len(list(query(tmp_path / "out.duckdb", question)[1])) >= 10
