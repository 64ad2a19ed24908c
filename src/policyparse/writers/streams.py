"""Outputs that grow at their end: JSON Lines, and files of lines for each table, such as CSV."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from policyparse.schema import Notice
from policyparse.writers import csv_files
from policyparse.writers.sinks import Sink, by_table, to_json
from policyparse.writers.tables import TABLES, Row


class JsonLines(Sink):
    """A notice a line; files that could not be read have none."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.file = (self.partial / out.name).open("wb")

    @classmethod
    def encode(cls, notice: Notice, found: Iterable[tuple[str, Row]]) -> bytes:  # noqa: ARG003
        return (notice.model_dump_json() + "\n").encode()

    @classmethod
    def encode_failure(cls, path: str, kind: str, reason: str) -> bytes:  # noqa: ARG003 - a line is a notice
        return b""

    def add(self, addition: bytes) -> None:
        self.file.write(addition)

    def close(self) -> None:
        self.file.close()


class TableFiles(Sink):
    """A file of lines for each table. An addition is a line with the lengths of its parts, and the parts."""

    suffix: ClassVar[str]

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.files = {table: (self.partial / (table + self.suffix)).open("wb") for table in TABLES}

    @classmethod
    def lines(cls, table: str, rows: list[Row]) -> str:
        """Rows of a table as lines of its file."""
        raise NotImplementedError

    @classmethod
    def pack(cls, found: Iterable[tuple[str, Row]]) -> bytes:
        parts = {table: cls.lines(table, rows).encode("utf-8", "replace") for table, rows in by_table(found).items()}
        lengths = to_json({table: len(part) for table, part in parts.items()})
        return b"".join([lengths.encode(), b"\n", *parts.values()])

    def add(self, addition: bytes) -> None:
        lengths, _, parts = addition.partition(b"\n")
        begin = 0
        for table, length in json.loads(lengths).items():
            self.files[table].write(parts[begin : begin + length])
            begin += length

    def close(self) -> None:
        for file in self.files.values():
            file.close()


class Csv(TableFiles):
    """A spreadsheet for each table."""

    folder = True
    suffix = ".csv"

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        for table, file in self.files.items():
            file.write(csv_files.header(table).encode())

    @classmethod
    def names(cls, out: Path) -> Iterable[str]:  # noqa: ARG003
        return [f"{table}.csv" for table in TABLES]

    @classmethod
    def lines(cls, table: str, rows: list[Row]) -> str:  # noqa: ARG003
        return csv_files.lines(rows)
