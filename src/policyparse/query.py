"""Questions to a database of notices, SQLite or DuckDB. Nothing is written, and no other file is read."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from policyparse.errors import PolicyparseError

SQLITE = b"SQLite format 3\0"
DUCKDB = b"DUCK"
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "data_version", "database_list"}
"""Those that only tell; full-text search asks for data_version."""
STEPS = 100_000
"""Steps of SQLite's machine between looks at whether Ctrl-C was pressed."""
ROWS = 1000
"""Rows that are held at a time."""

ONE = "a query is one SELECT, and nothing else"

Answer = tuple[list[str], Iterator[Sequence[Any]]]
"""The names of the columns, each once, and the rows."""


def query(database: Path, sql: str) -> Answer:
    """The answer to one SELECT.

    Raises PolicyparseError where the file is no such database or the question cannot be answered.
    """
    try:
        with database.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise PolicyparseError(f"{database}: cannot be read: {error.strerror or error}") from None
    if head == SQLITE:
        rows = _sqlite(database, sql)
    elif head[8:12] == DUCKDB:
        rows = _duckdb(database, sql)
    else:
        raise PolicyparseError(f"{database}: neither SQLite nor DuckDB; policyparse batch --to sqlite makes one")
    names = next(rows)
    return _unique(names), rows


def as_csv(answer: Answer) -> Iterator[bytes]:
    """An answer as CSV in UTF-8, guarded as that of `batch`."""
    from policyparse.writers.csv_files import lines

    columns, rows = answer
    yield lines([columns]).encode()
    for row in rows:
        yield lines([row]).encode("utf-8", "replace")


def as_json(answer: Answer) -> Iterator[bytes]:
    """An answer as an array of objects, a line each."""
    from policyparse.writers.sinks import to_json

    columns, rows = answer
    before = "[\n"
    for row in rows:
        plain = [float(value) if isinstance(value, Decimal) else value for value in row]
        yield (before + to_json(dict(zip(columns, plain, strict=True)))).encode("utf-8", "replace")
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _sqlite(database: Path, sql: str) -> Iterator[Sequence[Any]]:
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema")
            connection.set_authorizer(_allow)
            connection.set_progress_handler(lambda: 0, STEPS)  # Python gets a turn, and sees Ctrl-C
            cursor = connection.execute(sql)
            if cursor.description is None:
                raise PolicyparseError(ONE)
            yield [column[0] for column in cursor.description]
            yield from cursor
    except (sqlite3.Error, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None  # nothing else stops the progress handler
        raise _refused(database, error) from None


def _allow(action: int, subject: str | None, *_: str | None) -> int:
    """SQLite asks about every step of a statement. (To open a full-text index it says that it updates its schema.)"""
    harmless = (
        action in ALLOWED
        or (action == sqlite3.SQLITE_PRAGMA and str(subject).lower() in PRAGMAS)
        or (action == sqlite3.SQLITE_UPDATE and subject == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


def _duckdb(database: Path, sql: str) -> Iterator[Sequence[Any]]:
    if find_spec("duckdb") is None:
        raise PolicyparseError(
            f"{database}: DuckDB needs a package that is not here: pip install 'policyparse[duckdb]'"
        )
    import duckdb

    closed: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
    }
    try:
        with closing(duckdb.connect(str(database), read_only=True, config=closed)) as connection:
            statements = connection.extract_statements(sql)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise PolicyparseError(ONE)
            cursor = connection.execute(statements[0])
            yield [column[0] for column in cursor.description]
            while rows := cursor.fetchmany(ROWS):
                yield from rows
    except duckdb.Error as error:
        raise _refused(database, error) from None


def _refused(database: Path, error: Exception) -> PolicyparseError:
    reason = str(error)
    if "one statement at a time" in reason:
        return PolicyparseError(ONE)
    if "not authorized" in reason or "readonly" in reason or "read-only" in reason:
        reason = "a query may only read this database"
    return PolicyparseError(f"{database}: {reason}")


def _unique(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: the second `name` is name_2."""
    found: list[str] = []
    for name in names:
        number = 1
        while (unique := name if number == 1 else f"{name}_{number}") in found:
            number += 1
        found.append(unique)
    return found
