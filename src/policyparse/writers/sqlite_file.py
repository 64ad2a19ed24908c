"""SQLite: the tables in one database, with a full-text index of the sections that finds Chinese."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from policyparse.writers.sinks import Chunks, Sink, by_table, to_json
from policyparse.writers.tables import TABLES, Row, Table

TYPES = {"text": "TEXT", "integer": "INTEGER", "number": "REAL", "date": "TEXT", "list": "TEXT"}
"""Dates are ISO texts, which SQLite's date functions read and which sort; lists are JSON arrays, for json_each."""
INDEXES = (
    "CREATE INDEX assignments_task ON assignments (path, task)",
    "CREATE INDEX targets_task ON targets (path, task)",
    "CREATE INDEX deadlines_task ON deadlines (path, task)",
    "CREATE INDEX citations_path ON citations (path)",
    "CREATE INDEX diagnostics_path ON diagnostics (path)",
)
SEARCH = """CREATE VIRTUAL TABLE sections_fts USING fts5(
  title, text, content='sections', content_rowid='rowid', tokenize='trigram'
)"""
"""Trigrams: any three characters in a row are found, whatever the words."""
PORTION = 4_000_000
"""Characters that are entered into it in one statement."""
GATHERED = 32 << 20
"""Bytes of the index that are gathered in memory before they are written; with 1 MB it takes twice the time."""


class Sqlite(Sink):
    """One database file. It is written without a journal, since it counts only when it is whole."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.connection = sqlite3.connect(self.partial / out.name, isolation_level=None)
        self.indexed = self.waiting = 0
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "locking_mode = EXCLUSIVE"):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute("BEGIN")
        for table in TABLES.values():
            self.connection.execute(definition(table))
        self.connection.execute(SEARCH)
        self.connection.execute("INSERT INTO sections_fts (sections_fts, rank) VALUES ('hashsize', ?)", (GATHERED,))
        self.inserts = {
            name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(table.columns))})" for name, table in TABLES.items()
        }

    @classmethod
    def pack(cls, found: Iterable[tuple[str, Row]]) -> Chunks:
        return by_table(found, lambda _, group: to_json([list(_values(row)) for row in group]))

    def add(self, chunks: Chunks) -> None:
        for table, chunk in chunks.items():
            self.connection.executemany(self.inserts[table], json.loads(chunk))
        self.waiting += len(chunks.get("sections", ""))
        if self.waiting > PORTION:
            self._index()

    def _index(self) -> None:
        """Enter the sections that are not in the full-text index yet."""
        self.connection.execute(
            "INSERT INTO sections_fts (rowid, title, text) SELECT rowid, title, text FROM sections WHERE rowid > ?",
            (self.indexed,),
        )
        (self.indexed,) = self.connection.execute("SELECT coalesce(max(rowid), 0) FROM sections").fetchone()
        self.waiting = 0

    def close(self) -> None:
        self._index()
        for index in INDEXES:
            self.connection.execute(index)
        self.connection.execute("COMMIT")
        self.connection.close()

    def abandon(self) -> None:
        self.connection.close()
        super().abandon()


def definition(table: Table) -> str:
    """The statement that makes a table, each column with its Chinese name beside it."""
    columns = [(f"{column.name} {TYPES[column.kind]}", column.title) for column in table.columns]
    if table.key:
        key = ", ".join(column.name for column in table.columns[: table.key])
        columns.append((f"PRIMARY KEY ({key})", ""))
    if table.name not in ("notices", "failures"):
        columns.append(("FOREIGN KEY (path) REFERENCES notices (path)", ""))
    last = len(columns) - 1
    lines = [
        f"  {text}{',' if number < last else ''}{f' -- {title}' if title else ''}"
        for number, (text, title) in enumerate(columns)
    ]
    return f"CREATE TABLE {table.name} ( -- {table.title}\n" + "\n".join(lines) + "\n)"


def _values(row: Row) -> Iterator[object]:
    for value in row:
        yield to_json(value) if isinstance(value, tuple) else value
