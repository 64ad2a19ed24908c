"""Questions to a database: answered, and nothing else done."""

import csv
import json
import os
import re
import sqlite3
import sys
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from policyparse.errors import PolicyparseError
from policyparse.query import as_csv, as_json, as_table, query
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
    for asked in (sql, f"select path, '{'x' * 999_999}' from failures"):
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


def test_bytes_and_texts_of_other_databases(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table t (b)")
        other.execute("insert into t values (x'ff00')")
        other.commit()
    assert json.loads(b"".join(as_json(query(tmp_path / "other.db", "select b, 1e999 as big from t")))) == [
        {"b": "_wA=", "big": None}
    ]


def test_the_command(database: Path) -> None:
    process = command("query", database, "select count(*) as n from failures", "--format", "csv")
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
