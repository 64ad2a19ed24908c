"""Tables: what stands in them, and how each output writes it."""

import csv
import json
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import policyparse
from policyparse.schema import Deadline, Notice, Target, Task
from policyparse.writers import sinks
from policyparse.writers.csv_files import lines
from policyparse.writers.sinks import SINKS, sink
from policyparse.writers.streams import Csv
from policyparse.writers.tables import TABLES, rows

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "linjiang-services-2024.txt"


@pytest.fixture(scope="module")
def notice() -> Notice:
    read = policyparse.extract(SAMPLE)
    fact = {"text": "=1", "span": (1, 2), "rule": "r"}
    task = Task(
        id="t999",
        section="1",
        path=("一、目标", "(一)粮食"),
        kind="task",
        title="",
        text='=HYPERLINK("x")\n第二行',
        span=(0, 3),
        targets=(
            Target(**fact, indicator="@产量", comparator="ge", low=444000.0, high=0.5, unit="亩", change="increase"),
        ),
        deadlines=(
            Deadline(**fact, kind="by", start=None, end=date(2025, 12, 31), recurrence=None),
            Deadline(**fact, kind="recurring", start=None, end="--06-30", recurrence="yearly"),
        ),
    )
    return read.model_copy(update={"tasks": (*read.tasks, task)})


@pytest.fixture(scope="module")
def outputs(notice: Notice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an output of each kind, of this notice and of a file that could not be read."""
    folder = tmp_path_factory.mktemp("outputs")
    for name in SINKS:
        kind = sink(name)
        made = kind(folder / name)
        made.add(kind.encode(notice, rows(notice)))
        made.add(kind.encode_failure("坏.txt", "unreadable", "no such file"))
        made.finish()
    assert not list(folder.rglob("*.partial"))
    return folder


def expected(notice: Notice) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {table: [] for table in TABLES}
    for table, row in rows(notice):
        found[table].append(row)
    found["failures"] = [("坏.txt", "unreadable", "no such file")]
    return found


def test_every_row_has_the_columns_of_its_table(notice: Notice) -> None:
    for table, row in rows(notice):
        assert len(row) == len(TABLES[table].columns), table


def test_keys_join(notice: Notice) -> None:
    found = expected(notice)
    sections, tasks = ({row[1] for row in found[name]} for name in ("sections", "tasks"))
    assert {row[2] for row in found["tasks"]} <= sections
    assert {row[2] for row in found["sections"]} <= {*sections, None}
    for name in ("assignments", "targets", "deadlines"):
        assert found[name]
        assert {row[1] for row in found[name]} <= tasks
    for name, table in TABLES.items():
        keys = [row[: table.key] for row in found[name]]
        assert not table.key or len(set(keys)) == len(keys)


def test_duckdb_and_parquet_hold_every_value_as_what_it_is(notice: Notice, outputs: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect(str(outputs / "duckdb"), read_only=True)) as database:
        for table, wanted in expected(notice).items():
            plain = [tuple(list(value) if isinstance(value, tuple) else value for value in row) for row in wanted]
            assert database.execute(f"FROM {table}").fetchall() == plain
            file = (outputs / "parquet" / f"{table}.parquet").as_posix()
            assert database.execute(f"FROM '{file}'").fetchall() == plain
        (largest,) = database.execute("SELECT max(ends_on + 1) FROM deadlines").fetchone()
        assert isinstance(largest, date)
        comments = database.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'targets'").fetchall()
        assert ("指标",) in comments


def test_sqlite_holds_numbers_iso_dates_and_json_lists(notice: Notice, outputs: Path) -> None:
    with closing(sqlite3.connect(outputs / "sqlite")) as database:
        for table, wanted in expected(notice).items():
            found = database.execute(f"SELECT * FROM {table}").fetchall()
            assert found == [tuple(map(in_sqlite, row)) for row in wanted]
        (made,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'targets'").fetchone()
        assert "indicator TEXT, -- 指标" in made
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def in_sqlite(value: object) -> object:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value.isoformat() if isinstance(value, date) else value


def test_datasette_finds_the_index_of_a_table(outputs: Path) -> None:
    wanted = "sql LIKE '%VIRTUAL TABLE%USING FTS%content=\"sections\"%'"  # what it asks for
    with closing(sqlite3.connect(outputs / "sqlite")) as database:
        found = database.execute(f"SELECT name FROM sqlite_master WHERE {wanted}").fetchall()
    assert found == [("sections_fts",)]


def test_full_text_search_finds_chinese(notice: Notice, outputs: Path) -> None:
    texts = [section for section in expected(notice)["sections"] if section[8]]
    words = str(texts[-1][8])[2:7]
    with closing(sqlite3.connect(outputs / "sqlite")) as database:
        question = "SELECT section FROM sections WHERE rowid IN (SELECT rowid FROM sections_fts(?))"
        assert (texts[-1][1],) in database.execute(question, (f'"{words}"',)).fetchall()
        assert database.execute(question, ("没有的词",)).fetchall() == []
        database.execute("INSERT INTO sections_fts (sections_fts) VALUES ('integrity-check')")


def test_csv_is_safe_in_a_spreadsheet(outputs: Path) -> None:
    assert (outputs / "csv" / "tasks.csv").read_bytes().startswith(b"\xef\xbb\xbfpath,task,")
    with (outputs / "csv" / "targets.csv").open(encoding="utf-8-sig", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    assert (last["low"], last["high"], last["indicator"], last["text"]) == ("444000", "0.5", "'@产量", "'=1")
    with (outputs / "csv" / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    assert last["text"] == '\'=HYPERLINK("x")\n第二行'
    assert last["headings"] == "一、目标；(一)粮食"
    for start in "=+-@\t\r":
        assert lines([[start + "1"]]).strip("\r\n").strip('"') == "'" + start + "1"
    assert lines([[-1, -1.5, None, date(2025, 1, 2), ("=a",)]]) == "-1,-1.5,,2025-01-02,'=a\r\n"
    assert len(list(csv.reader((outputs / "csv" / "failures.csv").open(encoding="utf-8-sig", newline="")))) == 2


def test_json_lines_are_those_of_extract(notice: Notice, outputs: Path) -> None:
    assert (outputs / "jsonl").read_text("utf-8") == notice.model_dump_json() + "\n"


def test_an_output_that_is_given_up_leaves_the_old_one(notice: Notice, tmp_path: Path) -> None:
    for name in SINKS:
        kind = sink(name)
        made = kind(tmp_path / name)
        made.finish()
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        made = kind(tmp_path / name)
        made.add(kind.encode(notice, rows(notice)))
        made.abandon()
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
        assert not list(tmp_path.rglob("*.partial"))


def test_where_one_table_cannot_be_replaced_all_stay(
    notice: Notice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sinks, "HELD", True)  # as on Windows
    Csv(tmp_path).finish()
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    (tmp_path / "tasks.csv").unlink()
    (tmp_path / "tasks.csv").mkdir()
    made = Csv(tmp_path)
    made.add(made.encode(notice, rows(notice)))
    with pytest.raises(OSError, match=r"[\\/]tasks\.csv"):
        made.finish()
    assert all((tmp_path / name).read_bytes() == raw for name, raw in before.items() if name != "tasks.csv")


@pytest.mark.parametrize("name", ["duckdb", "parquet"])
def test_an_output_that_is_given_up_is_not_made_first(
    notice: Notice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kind, tables = sink(name), list[object]()
    monkeypatch.setattr(kind, "make", lambda _, *given: tables.append(given))
    made = kind(tmp_path / name)
    made.add(kind.encode(notice, rows(notice)))
    made.abandon()
    assert tables == []


def test_the_readme_names_every_column() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for table in TABLES.values():
        described = re.findall(rf"^\| `{table.name}` \| {table.title} \| (.*) \|$", readme, re.M)[-1]
        names = [re.match(r"\w+", part).group() for part in re.sub(r" ?\([^)]*\)", "", described).split(", ")]  # type: ignore[union-attr]
        assert names == [column.name for column in table.columns]
