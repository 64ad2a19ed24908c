"""DuckDB and Parquet, both written by DuckDB from lines of JSON: row by row it would take a hundred times as long."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from policyparse.errors import PolicyparseError
from policyparse.writers.sinks import to_json
from policyparse.writers.streams import TableFiles
from policyparse.writers.tables import TABLES, Row, Table

if TYPE_CHECKING:
    import duckdb

TYPES = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "list": "VARCHAR[]"}
GROUP = 20_480
"""Rows of a Parquet file that are gathered in memory."""
OBJECT = 16 * 1024 * 1024
"""What DuckDB takes a line of JSON to be at most, in bytes, unless told otherwise."""


class Staged(TableFiles):
    """Lines of JSON for each table, and what is made of them in the end."""

    suffix = ".jsonl"
    extra: ClassVar[str]
    memory: ClassVar[int]
    """Bytes that DuckDB may take before it writes to disk what it has, beside those for long lines."""

    def __init__(self, out: Path) -> None:
        if find_spec("duckdb") is None:
            raise PolicyparseError(
                f"--to {self.extra} needs a package that is not here: pip install 'policyparse[{self.extra}]'"
            )
        super().__init__(out)
        self.longest = 0

    @classmethod
    def lines(cls, table: str, rows: list[Row]) -> str:
        names = [column.name for column in TABLES[table].columns]
        return "".join(to_json(dict(zip(names, row, strict=True))) + "\n" for row in rows)

    def add(self, addition: bytes) -> None:
        super().add(addition)
        self.longest = max(self.longest, len(addition))

    def complete(self) -> None:
        self.close()
        import duckdb

        connection = duckdb.connect(str(self.database()))
        try:
            memory = self.memory + 16 * self.longest
            # one thread: the same rows give the same bytes, and memory stays low
            connection.execute(f"SET threads = 1; SET memory_limit = '{memory >> 20}MiB'")
            connection.execute(f"SET temp_directory = {quoted(self.partial / 'spill')}")
            for table in TABLES.values():
                self.make(connection, table, self.rows(table))
        except duckdb.Error as error:
            raise OSError(None, str(error).splitlines()[0], str(self.outputs[0])) from None
        finally:
            connection.close()

    def rows(self, table: Table) -> str:
        """A query that gives the rows of a table."""
        types = ", ".join(f"{column.name}: '{TYPES[column.kind]}'" for column in table.columns)
        source = quoted(self.partial / f"{table.name}.jsonl")
        return (
            f"SELECT * FROM read_json({source}, format = 'newline_delimited', columns = {{{types}}}, "
            f"maximum_object_size = {max(self.longest, OBJECT)})"
        )

    def database(self) -> Path | str:
        """The database to work in."""
        return ":memory:"

    def make(self, connection: "duckdb.DuckDBPyConnection", table: Table, rows: str) -> None:
        """Make one table from its rows."""
        raise NotImplementedError


class DuckDB(Staged):
    """One database file."""

    extra = "duckdb"
    memory = 64 << 20

    def database(self) -> Path | str:
        return self.partial / self.outputs[0].name

    def make(self, connection: "duckdb.DuckDBPyConnection", table: Table, rows: str) -> None:
        connection.execute(f"CREATE TABLE {table.name} AS {rows}")
        connection.execute(f"COMMENT ON TABLE {table.name} IS '{table.title}'")
        for column in table.columns:
            connection.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS '{column.title}'")


class Parquet(Staged):
    """A file for each table."""

    extra = "parquet"
    folder = True
    memory = 1 << 30  # a group of rows is in memory when it is written, however long they are

    @classmethod
    def names(cls, out: Path) -> Iterable[str]:  # noqa: ARG003
        return [f"{table}.parquet" for table in TABLES]

    def make(self, connection: "duckdb.DuckDBPyConnection", table: Table, rows: str) -> None:
        target = quoted(self.partial / f"{table.name}.parquet")
        connection.execute(f"COPY ({rows}) TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})")


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
