"""SQLite: the tables in one database, with a full-text index of the sections that finds Chinese."""

import json
import sqlite3
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from policyparse.writers.sinks import Sink, by_table, to_json
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
  title, text, content="sections", content_rowid='rowid', tokenize='trigram'
)"""
"""Trigrams: any three characters in a row are found, whatever the words. Datasette asks for these quotation marks."""
INDEX = "INSERT INTO sections_fts (rowid, title, text) VALUES (?, ?, ?)"
TITLE, TEXT = ([column.name for column in TABLES["sections"].columns].index(name) for name in ("title", "text"))
SETTINGS = {"hashsize": 16 << 20, "automerge": 64, "crisismerge": 128}
"""Bytes of the index that are gathered in memory and written as a portion, how many portions are merged little by
little, and how many at once. With SQLite's own 1 MB, 4 and 16 it takes twice the time."""


class Sqlite(Sink):
    """One database file. It is written without a journal, since it counts only when it is whole."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.connection = sqlite3.connect(self.partial / out.name, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "locking_mode = EXCLUSIVE"):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute("BEGIN")
        for table in TABLES.values():
            self.connection.execute(definition(table))
        self.connection.execute(SEARCH)
        self.connection.executemany("INSERT INTO sections_fts (sections_fts, rank) VALUES (?, ?)", SETTINGS.items())
        self.inserts = {
            name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(table.columns))})" for name, table in TABLES.items()
        }
        self.rowids = count(1)

    @classmethod
    def pack(cls, found: Iterable[tuple[str, Row]]) -> bytes:
        packed = {
            table: [[to_json(value) if isinstance(value, tuple) else value for value in row] for row in rows]
            for table, rows in by_table(found).items()
        }
        return to_json(packed).encode()

    def add(self, addition: bytes) -> None:
        for table, rows in json.loads(addition).items():
            self.connection.executemany(self.inserts[table], rows)
            if table == "sections":
                # row by row, since a statement that enters several writes out at once what is gathered
                self.connection.executemany(INDEX, ((next(self.rowids), row[TITLE], row[TEXT]) for row in rows))

    def close(self) -> None:
        self.connection.close()

    def complete(self) -> None:
        for index in INDEXES:
            self.connection.execute(index)
        self.connection.execute("COMMIT")
        self.close()


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
