"""Questions to a database of notices, SQLite or DuckDB. Nothing is written, and no other file is read.

A question that goes on and on, or takes too much memory, is ended.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path, PurePath
from sys import getsizeof
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import quote

from policyparse.errors import PolicyparseError

SQLITE = b"SQLite format 3\0"
WAL = b"\2"
"""At byte 18 of SQLite's: what is new is written to a file beside it."""
DUCKDB = b"DUCK"
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "data_version", "database_list"}
"""Those that only tell; full-text search asks for data_version."""
SECONDS = 60.0
"""How long the database may take for an answer; who reads the answer may take longer."""
MEMORY = 2 << 30
"""Bytes that the database may take."""
LONGEST = 100 << 20
"""Bytes of one value in SQLite."""
LONGEST_ROW = 2 * LONGEST
"""Bytes of one row: to print it takes several times as much."""
ROWS, HELD = 1000, 8 << 20
"""Rows that are held at a time, and bytes after which they are enough."""
ROWS_SHOWN, CHARACTERS_SHOWN = 10_000, 1_000_000
"""What a table for people has at most: it is held as a whole."""
LOOK = 0.1
"""Seconds between looks at the clock; on Windows Ctrl-C waits as long."""
GRACE = 1.0
"""Seconds that a database has to leave off."""

NESTED = (list, tuple, dict)
ONE = "a query is one SELECT, and nothing else"
WRITTEN = "another program is writing it, or a run was killed; ask when the same policyparse batch has come to its end"

Answer = tuple[list[str], Iterator[Sequence[Any]]]
"""The names of the columns, each once, and the rows."""
Value = TypeVar("Value")


class StuckError(PolicyparseError):
    """The database does not leave off: only the end of this process ends it."""


def query(database: Path, sql: str, seconds: float = SECONDS) -> Answer:
    """The answer to one SELECT, for which the database may take so many seconds.

    Raises PolicyparseError where the file is no such database or the question cannot be answered.
    """
    try:
        if database.exists() and not database.is_file():
            raise PolicyparseError(f"{database}: this is no file; name a database that policyparse batch has made")
        with database.open("rb") as file:
            head = file.read(19)
    except OSError as error:
        raise PolicyparseError(f"{database}: cannot be read: {error.strerror or error}") from None
    if head.startswith(SQLITE):
        rows = _sqlite(database, sql, seconds, in_wal=head[18:] == WAL)
    elif head[8:12] == DUCKDB:
        rows = _duckdb(database, sql, seconds)
    else:
        raise PolicyparseError(f"{database}: neither SQLite nor DuckDB; policyparse batch --to sqlite makes one")
    names = next(rows)
    return _unique(names), ([_plain(value) for value in row] for row in rows)


def as_table(answer: Answer) -> Answer:
    """An answer as people read it.

    Raises PolicyparseError from the row on that makes it too large for that.
    """
    columns, rows = answer

    def counted() -> Iterator[Sequence[Any]]:
        characters = 0
        for number, row in enumerate(rows, 1):
            characters += sum(len(str(value)) for value in row)
            if number > ROWS_SHOWN or characters > CHARACTERS_SHOWN:
                raise PolicyparseError("the answer is too large for a table; add a LIMIT, or take --format csv or json")
            yield row

    return columns, counted()


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


class Asked:
    """A connection that another thread waits for: neither database heeds Ctrl-C and the clock in all that it does."""

    def __init__(self, connection: Any, seconds: float) -> None:
        self.connection, self.seconds = connection, seconds
        self.left = seconds
        self.last: Future[Any] = Future()

    def get(self, work: Callable[[], Value]) -> Value:
        """What a call of the connection gives.

        Raises PolicyparseError where it takes too long, StuckError where it takes still longer.
        """
        self.last = result = Future[Value]()

        def call() -> None:
            try:
                result.set_result(work())
            except BaseException as error:
                result.set_exception(error)

        began = time.monotonic()
        Thread(target=call, daemon=True).start()
        try:
            while not wait([result], LOOK).done:
                if time.monotonic() - began > self.left:
                    raise PolicyparseError(
                        f"the answer takes more than {self.seconds:g} seconds; --timeout gives it more"
                    )
        except (KeyboardInterrupt, PolicyparseError) as error:
            self.connection.interrupt()
            if not wait([result], GRACE).done:
                raise StuckError(str(error) or "interrupted") from None
            raise
        self.left -= time.monotonic() - began
        return result.result()

    def close(self) -> None:
        """Let go of it; while it does not leave off it cannot be closed."""
        if self.last.done():
            self.connection.close()


def _some(cursor: Any) -> list[Sequence[Any]]:
    """The next rows: few where they are large, since what is held here counts towards no limit of the database."""
    rows: list[Sequence[Any]] = []
    held = 0
    while held < HELD and len(rows) < ROWS and (row := cursor.fetchone()) is not None:
        size = _size(row)
        if size > LONGEST_ROW:
            raise PolicyparseError(f"a row of the answer takes more than {LONGEST_ROW >> 20} MB; ask for less of it")
        rows.append(row)
        held += size
    return rows


def _size(values: Iterable[Any]) -> int:
    """Bytes that values take, with all that is in them."""
    inner = (value.values() if isinstance(value, dict) else value for value in values if isinstance(value, NESTED))
    return sum(map(getsizeof, values)) + sum(map(_size, inner))


def _plain(value: Any) -> Any:
    """A value, its bytes as SQL writes them: x'00ff'."""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, NESTED) else value


def _sqlite(database: Path, sql: str, seconds: float, in_wal: bool) -> Iterator[Sequence[Any]]:
    try:
        path = database.resolve()
        wal, shm = (path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-shm"))
        if wal and not shm:  # SQLite would make it, and leave it
            raise PolicyparseError(f"{database}: {WRITTEN}")
        immutable = in_wal and not wal  # or it would make both
        connection = sqlite3.connect(_uri(path, immutable), uri=True, check_same_thread=False)
        with closing(Asked(connection, seconds)) as asked:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            connection.execute("PRAGMA temp_store = MEMORY")  # nothing that is sorted fills a disk
            connection.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
            asked.get(lambda: connection.execute("SELECT count(*) FROM sqlite_schema"))
            connection.set_authorizer(_allow)
            cursor = asked.get(lambda: connection.execute(sql))
            if cursor.description is None:
                raise PolicyparseError(ONE)
            yield [column[0] for column in cursor.description]
            while rows := asked.get(lambda: _some(cursor)):
                yield from rows
    except (sqlite3.Error, sqlite3.Warning, MemoryError) as error:
        raise _refused(database, error) from None


def _uri(path: PurePath, immutable: bool) -> str:
    """A full path as SQLite takes it to read only; that of a Windows share has four slashes, and no authority."""
    full = path.as_posix()
    root = "" if full.startswith("/") else "/"
    return f"file://{root}{quote(os.fsencode(full))}?mode=ro&immutable={immutable:d}"


def _allow(action: int, subject: str | None, *_: str | None) -> int:
    """SQLite asks about every step of a statement. (To open a full-text index it says that it updates its schema.)"""
    harmless = (
        action in ALLOWED
        or (action == sqlite3.SQLITE_PRAGMA and str(subject).lower() in PRAGMAS)
        or (action == sqlite3.SQLITE_UPDATE and subject == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


def _duckdb(database: Path, sql: str, seconds: float) -> Iterator[Sequence[Any]]:
    if find_spec("duckdb") is None:
        raise PolicyparseError(
            f"{database}: DuckDB needs a package that is not here: pip install 'policyparse[duckdb]'"
        )
    import duckdb

    closed: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "memory_limit": f"{MEMORY >> 20}MiB",
        "temp_directory": "",
    }
    try:
        connection = duckdb.connect(str(database), read_only=True, config=closed)
        with closing(Asked(connection, seconds)) as asked:
            statements = connection.extract_statements(sql)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise PolicyparseError(ONE)
            cursor = asked.get(lambda: connection.execute(statements[0]))
            yield [column[0] for column in cursor.description]
            while rows := asked.get(lambda: _some(cursor)):
                yield from rows
    except (duckdb.Error, MemoryError) as error:
        raise _refused(database, error) from None


def _refused(database: Path, error: Exception) -> PolicyparseError:
    reason = str(error)
    if isinstance(error, MemoryError) or "Out of Memory" in reason:
        reason = f"the answer takes more than {MEMORY >> 30} GB of memory; ask for less at a time"
    if reason == "database is locked":
        reason = WRITTEN
    if "module 'pytz'" in reason:  # which DuckDB wants
        reason = "a time with a time zone cannot be shown; ask for it as a text, COLUMN::varchar"
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
