"""Questions to a database: answered, and nothing else done."""

import csv
import json
import re
import signal
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from threading import Timer

import pytest

from policyparse.errors import PolicyparseError
from policyparse.query import as_csv, as_json, query
from policyparse.report import answer_table
from policyparse.writers.sinks import sink
from runs import command

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
KINDS = ("sqlite", "duckdb")


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


def test_ctrl_c_is_no_fault_of_the_question(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table t (b)")
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"

    def interrupted() -> None:
        Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
        list(query(tmp_path / "other.db", endless)[1])

    with pytest.raises(KeyboardInterrupt):
        interrupted()


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
