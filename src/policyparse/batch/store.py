"""What is done: every result, kept durably beside the output, so that a run goes on where the last one ended.

One SQLite file. A result is found by the name of its file, and counts as long as the file's SHA-256 and the version of
program and rules are the same. Outputs that are one whole are made from the results kept here; outputs with a file for
each notice need only know that the file is written. The plan of a run (which files, in which order) is not kept.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from policyparse.batch.sources import Source
from policyparse.batch.work import COUNTED, Result, Task
from policyparse.errors import PolicyparseError
from policyparse.report import Summary

LAYOUT = 1
PAUSE = 0.5
"""Seconds between commits: what a kill can cost."""
PAGE = 500
"""Rows of the plan that are held at a time."""
LONGEST_NAME = 255
"""Bytes of a file's name, on nearly every file system."""

TABLES = f"""
CREATE TABLE IF NOT EXISTS results (
  name TEXT PRIMARY KEY, sha256 TEXT, made_by TEXT, format TEXT,
  {", ".join(f"{kind} INTEGER" for kind in COUNTED)},
  payload BLOB, output TEXT, written INTEGER, failure TEXT, reason TEXT
);
CREATE INDEX IF NOT EXISTS outputs ON results (output) WHERE output NOT NULL;
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT);
CREATE VIEW IF NOT EXISTS failures AS SELECT name AS path, failure AS kind, reason FROM results WHERE reason NOT NULL;
CREATE TEMP TABLE found (rank INTEGER, name TEXT, path BLOB, place TEXT, output TEXT, size INTEGER, problem TEXT);
CREATE INDEX temp.places ON found (place);
CREATE TEMP TABLE plan (
  number INTEGER PRIMARY KEY, name TEXT UNIQUE, path BLOB, output TEXT, size INTEGER, kind TEXT, problem TEXT,
  settled INTEGER DEFAULT 0
);
"""
ORDERED = """
INSERT INTO plan (name, path, output, size, kind, problem)
SELECT name, path, output, size,
  CASE WHEN problem NOT NULL THEN 'unreadable' WHEN clash NOT NULL THEN 'output' END, coalesce(problem, clash)
FROM (
  SELECT *, CASE
    WHEN row_number() OVER same > 1 THEN 'its output would be that of ' || first_value(name) OVER same
    WHEN EXISTS (
      SELECT 1 FROM found AS other WHERE other.place > one.place || :inside AND other.place < one.place || :after
    ) THEN 'its output would be the folder of others' END AS clash
  FROM (
    SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY name ORDER BY rank, place) AS copy FROM found)
    WHERE copy = 1
  ) AS one
  WINDOW same AS (PARTITION BY place ORDER BY rank, name)
)
ORDER BY rank, name
"""
"""What a folder of the name `place` would have in it lies between `inside` and `after`."""


class Settled(NamedTuple):
    """A file that is done: `new` where the output is not what it was, `stale` its own output where it has none now."""

    name: str
    size: int
    new: bool
    stale: str | None


class Kept(NamedTuple):
    """What is kept of a file: its payload, or a failure and the reason for it."""

    name: str
    payload: bytes | None
    failure: str
    reason: str


class Store:
    """The results of one output. Only one run at a time can hold it.

    Raises PolicyparseError where another one does, it is damaged or cannot be written. With `anew` one that is damaged
    is set aside.
    """

    def __init__(self, path: Path, made_by: str, anew: bool = False) -> None:
        self.path, self.made_by = path, made_by
        self.committed = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if anew and path.is_file() and _has_damage(path):
                path.replace(path.with_name(path.name + ".damaged"))
                for suffix in ("-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
            self.connection = sqlite3.connect(path, timeout=0.1, isolation_level=None)
        except (OSError, sqlite3.DatabaseError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise PolicyparseError(f"{path}: cannot be written: {reason or error}") from None
        run = self.connection.execute
        try:
            run("PRAGMA locking_mode = EXCLUSIVE")
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = NORMAL")
            run("PRAGMA cache_size = -8000")
            (layout,) = run("PRAGMA user_version").fetchone()
            if layout not in (0, LAYOUT):
                self.connection.close()
                raise PolicyparseError(f"{path}: made by another version of policyparse; delete it and start again")
            self.connection.executescript(TABLES)
            run(f"PRAGMA user_version = {LAYOUT}")
            run("BEGIN")
        except sqlite3.DatabaseError as error:
            self.connection.close()
            if is_damage(error):
                raise damaged(path) from None
            reason = f"cannot be written: {error}"
            if "locked" in str(error):
                reason = "another run is writing this output; wait for it to end"
            raise PolicyparseError(f"{path}: {reason}") from None

    def plan(self, sources: Iterable[tuple[int, Source]], suffix: str | None, absolute: bool) -> None:
        """Take up the files of this run, in order: those of a SOURCE by name.

        With a suffix each has an output of its own, and the second that would write the same one is a failure.
        """
        self.connection.executemany(
            "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    rank,
                    shown(source.path),
                    os.fsencode(os.path.abspath(source.path) if absolute else source.path),
                    os.path.normcase(shown(output)) if output else shown(source.path),
                    os.fsencode(output) if output else None,
                    source.size,
                    source.problem,
                )
                for rank, source in sources
                for output in [suffix and output_name(source.place, suffix)]
            ),
        )
        self.connection.execute(ORDERED, {"inside": os.sep, "after": chr(ord(os.sep) + 1)})
        self.connection.execute("DROP TABLE found")

    def total(self) -> tuple[int, int]:
        """Files of the plan, and their bytes."""
        count, size = self.connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM plan").fetchone()
        return count, size

    def problems(self) -> Iterator[Result]:
        """The failures that the plan itself has found."""
        for number, kind, problem in self.connection.execute(
            "SELECT number, kind, problem FROM plan WHERE problem NOT NULL ORDER BY number"
        ).fetchall():
            yield Result(number, failure=kind, reason=problem)

    def tasks(self, force: bool) -> Iterator[Task]:
        """What there is to do, in order, with what is known of the result at hand."""
        last = 0
        while page := self.connection.execute(
            "SELECT number, path, plan.name, plan.output, size, sha256, written FROM plan "
            "LEFT JOIN results ON results.name = plan.name AND made_by = ? AND reason IS NULL "
            "AND results.output IS plan.output AND NOT ? "
            "WHERE number > ? AND problem IS NULL ORDER BY number LIMIT ?",
            (self.made_by, force, last, PAGE),
        ).fetchall():
            last = page[-1][0]
            for number, path, name, output, size, digest, written in page:
                yield Task(number, os.fsdecode(path), name, output and os.fsdecode(output), size, digest, written)

    def settle(self, result: Result) -> Settled:
        """Keep a result."""
        number = result.number
        name, output, size, settled, *before, old_output, written = self.connection.execute(
            "SELECT plan.name, plan.output, size, settled, made_by, failure, reason, results.output, written "
            "FROM plan LEFT JOIN results USING (name) WHERE number = ?",
            (number,),
        ).fetchone()
        new, stale = False, None
        if not settled and not result.unchanged:
            values = (
                name,
                result.sha256,
                self.made_by,
                result.format,
                *result.counts,
                result.payload,
                output,
                result.written,
                result.failure,
                result.reason,
            )
            new = result.reason is None or before != [self.made_by, result.failure, result.reason]
            if result.reason and written is not None and old_output == output:
                stale = os.fsdecode(output)
            if new:
                self._mark(None)  # before the result, or a run that ends here leaves it out of the output for good
            self.connection.execute(f"INSERT OR REPLACE INTO results VALUES ({', '.join('?' * len(values))})", values)
            if result.written is not None:  # where another file's output was
                self.connection.execute(
                    "UPDATE results SET written = NULL WHERE output = ? AND name <> ?", (output, name)
                )
        self.connection.execute("UPDATE plan SET settled = 1 WHERE number = ?", (number,))
        if time.monotonic() - self.committed > PAUSE:
            self.commit()
        return Settled(name, size, new, stale)

    def settled(self, number: int) -> Kept | None:
        """What has become of a file of the plan, as soon as it is settled."""
        row = self.connection.execute(
            "SELECT plan.name, payload, failure, reason FROM plan JOIN results USING (name) "
            "WHERE number = ? AND settled",
            (number,),
        ).fetchone()
        return Kept(*row) if row else None

    def commit(self) -> None:
        """Make all results so far durable."""
        self.connection.commit()  # which may have been done when Ctrl-C came
        self.connection.execute("BEGIN")
        self.committed = time.monotonic()

    def fingerprint(self) -> str:
        """A hash of the plan's names in order."""
        digest = sha256(self.made_by.encode())
        for (name,) in self.connection.execute("SELECT name FROM plan ORDER BY number"):
            digest.update(b"\0" + name.encode())
        return digest.hexdigest()

    def finished(self) -> str | None:
        """The plan of the run that the output is of, None while it is of none."""
        row = self.connection.execute("SELECT value FROM settings WHERE key = 'finished'").fetchone()
        return row[0] if row else None

    def finish(self, plan: str | None) -> None:
        """The output is now that of a plan, or of none."""
        self._mark(plan)
        self.commit()

    def forget(self) -> None:
        """Drop what no output needs any more: payloads and failures of files that are not in the plan."""
        self.connection.execute(
            "DELETE FROM results WHERE (output IS NULL OR reason NOT NULL) AND name NOT IN (SELECT name FROM plan)"
        )

    def _mark(self, plan: str | None) -> None:
        self.connection.execute(
            "INSERT INTO settings VALUES ('finished', ?) "
            "ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value",
            (plan,),
        )

    def summary(self, summary: Summary, first: int) -> None:
        """Fill in what the files of this run have come to, with so many of its failures."""
        of_run = "FROM plan JOIN results USING (name) WHERE settled"
        run = self.connection.execute
        summary.formats = run(
            f"SELECT format, count(*), sum(size) {of_run} AND reason IS NULL GROUP BY format ORDER BY 2 DESC, 1"
        ).fetchall()
        sums = run(f"SELECT {', '.join(f'coalesce(sum({kind}), 0)' for kind in COUNTED)} {of_run}").fetchone()
        summary.facts = dict(zip(COUNTED, sums, strict=True))
        summary.failures = run(
            f"SELECT failure, count(*) {of_run} AND reason NOT NULL GROUP BY failure ORDER BY 2 DESC, 1"
        ).fetchall()
        summary.failed = run(
            f"SELECT name, reason {of_run} AND reason NOT NULL ORDER BY number LIMIT ?", (first,)
        ).fetchall()

    def close(self) -> None:
        """Let go; what cannot be committed is done again by the next run."""
        with suppress(sqlite3.Error):
            if self.connection.in_transaction:  # a full disk ends it
                self.connection.execute("COMMIT")
            self.connection.execute("PRAGMA journal_mode = DELETE")  # one file, which anybody can read
        self.connection.close()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether a database says that its file is damaged, or is none at all."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def damaged(path: Path) -> PolicyparseError:
    """What is said of a store that is damaged."""
    return PolicyparseError(
        f"{path}: damaged, so that nothing is known of what is done; --force sets it aside and does everything again"
    )


def _has_damage(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=0.1)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return is_damage(error)


def shown(path: str) -> str:
    """A path as a text: bytes of it that are none are shown with a backslash."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def output_name(place: str, suffix: str) -> str:
    """The name of a file's own output: its own, with a suffix; cut and told apart by a hash where that is too long."""
    folder, slash, name = place.rpartition("/")
    raw = os.fsencode(name)
    if len(raw) + len(suffix) > LONGEST_NAME:
        tail = "~" + sha256(raw).hexdigest()[:8]
        name = raw[: LONGEST_NAME - len(tail) - len(suffix)].decode("utf-8", "ignore") + tail
    return folder + slash + name + suffix
