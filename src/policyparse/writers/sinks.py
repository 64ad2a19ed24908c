"""The results of many notices -> one output: a stream, a file per table, a database."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pydantic_core

from policyparse.schema import Notice
from policyparse.writers.tables import Row

HELD = os.name == "nt"
"""Whether a program that has a file open keeps others from replacing it."""
SINKS = {
    "jsonl": "policyparse.writers.streams:JsonLines",
    "csv": "policyparse.writers.streams:Csv",
    "sqlite": "policyparse.writers.sqlite_file:Sqlite",
    "duckdb": "policyparse.writers.duckdb_files:DuckDB",
    "parquet": "policyparse.writers.duckdb_files:Parquet",
}
"""Format -> its sink, imported when it is asked for."""


class Sink:
    """Takes what each notice adds, in order; the same additions give the same output.

    `encode` makes an addition, in a worker; its bytes mean something to `add` of the same sink only.

    It writes into a folder of its own beside the output, and `finish` puts every file in place when all are whole.
    """

    folder: ClassVar[bool] = False
    """Whether the output is a folder of files."""

    def __init__(self, out: Path) -> None:
        target = out if self.folder else out.parent
        self.partial = target / f".{out.name}.partial"
        self.outputs = self.paths(out)
        target.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.partial, ignore_errors=True)  # of a run that was killed
        self.partial.mkdir()

    @classmethod
    def names(cls, out: Path) -> Iterable[str]:
        """The names of the files that come out."""
        return [out.name]

    @classmethod
    def paths(cls, out: Path) -> list[Path]:
        """The files that come out."""
        return [(out if cls.folder else out.parent) / name for name in cls.names(out)]

    @classmethod
    def encode(cls, notice: Notice, found: Iterable[tuple[str, Row]]) -> bytes:  # noqa: ARG003
        """What a notice adds, whose rows are given."""
        return cls.pack(found)

    @classmethod
    def encode_failure(cls, path: str, kind: str, reason: str) -> bytes:
        """What a file that could not be read adds."""
        return cls.pack([("failures", (path, kind, reason))])

    @classmethod
    def pack(cls, found: Iterable[tuple[str, Row]]) -> bytes:
        """Rows as the sink takes them."""
        raise NotImplementedError

    def add(self, addition: bytes) -> None:
        """Take what one notice adds. It comes from one thread at a time, not always the same."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the files in the folder `partial`."""

    def complete(self) -> None:
        """Complete and close them."""
        self.close()

    def finish(self) -> None:
        """Put the files in place."""
        self.complete()
        for output in self.outputs:
            with (self.partial / output.name).open("rb+") as file:
                os.fsync(file.fileno())  # or a power cut leaves an empty file of this name
        for output in filter(os.path.exists, self.outputs if HELD else ()):
            output.open("rb+").close()  # where a spreadsheet holds one of the tables, all stay as they were
        for output in self.outputs:
            os.replace(self.partial / output.name, output)
        shutil.rmtree(self.partial)

    def abandon(self) -> None:
        """Leave the output as it was."""
        with suppress(Exception):  # what could not be written cannot be closed in good order either
            self.close()
        shutil.rmtree(self.partial, ignore_errors=True)


def sink(format: str) -> type[Sink]:
    """The sink of a format."""
    module, _, name = SINKS[format].partition(":")
    found: type[Sink] = getattr(import_module(module), name)
    return found


def by_table(found: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    """The rows of each table."""
    grouped: dict[str, list[Row]] = {}
    for table, row in found:
        grouped.setdefault(table, []).append(row)
    return grouped


def to_json(value: Any) -> str:
    """Compact JSON: dates as ISO dates, bytes in base64, null for what is no finite number."""
    made = pydantic_core.to_json(value, serialize_unknown=True, bytes_mode="base64", inf_nan_mode="null")
    return made.decode()
