"""Outputs that grow at their end: JSON Lines, and CSV with a file per table."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from policyparse.schema import Notice
from policyparse.writers import csv_files
from policyparse.writers.sinks import Chunks, Sink, by_table
from policyparse.writers.tables import TABLES, Row


class Streams(Sink):
    """A file for each stream, by its name."""

    files: dict[str, IO[str]]

    def open(self, name: str, file: str) -> None:
        """Begin a stream."""
        self.files[name] = (self.partial / file).open("w", encoding="utf-8", errors="replace", newline="")

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.files = {}

    def add(self, chunks: Chunks) -> None:
        for name, chunk in chunks.items():
            self.files[name].write(chunk)

    def close(self) -> None:
        for file in self.files.values():
            file.close()


class JsonLines(Streams):
    """A notice a line; files that could not be read have none."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.open("notices", out.name)

    @classmethod
    def encode(cls, notice: Notice) -> Chunks:
        return {"notices": notice.model_dump_json() + "\n"}

    @classmethod
    def encode_failure(cls, path: str, kind: str, reason: str) -> Chunks:  # noqa: ARG003 - a line is a notice
        return {}


class Csv(Streams):
    """A file for each table."""

    folder = True

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        for table in TABLES:
            self.open(table, f"{table}.csv")
            self.files[table].write(csv_files.header(table))

    @classmethod
    def names(cls, out: Path) -> Iterable[str]:  # noqa: ARG003
        return [f"{table}.csv" for table in TABLES]

    @classmethod
    def pack(cls, found: Iterable[tuple[str, Row]]) -> Chunks:
        return by_table(found, lambda _, group: csv_files.lines(group))
