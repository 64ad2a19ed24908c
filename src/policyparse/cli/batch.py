"""Commands for many notices, and for the tables made from them."""

import gc
import sys
from pathlib import Path
from typing import Any

import click

from policyparse.cli.console import end, patterns_option, put

FORMATS = ("json", "yaml", "jsonl", "csv", "sqlite", "duckdb", "parquet")
ENGINES = ("local", "dask")
ANSWERS = ("table", "csv", "json")
WIDE = 1_000_000
"""Columns of a table that goes to no terminal: no line of it is broken."""


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", required=True, metavar="OUT", help="The folder, file or URL that results go to.")
@click.option("--to", type=click.Choice(FORMATS), default="json", show_default=True, help="What comes out.")
@click.option("--include", multiple=True, metavar="GLOB", help="Of a folder take these files, whatever their suffix.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Of a folder leave out these files or folders.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Worker processes; without it one for each core.")
@click.option(
    "--timeout", type=click.IntRange(1, 86_400), default=60, show_default=True, metavar="SECONDS", help="For each file."
)
@click.option("--force", is_flag=True, help="Do again what is done already.")
@click.option("--watch", is_flag=True, help="Go on, and convert what comes or changes, until Ctrl-C.")
@click.option("--engine", type=click.Choice(ENGINES), default="local", show_default=True, help="Who does the work.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786; implies --engine dask.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what stops the run.")
@patterns_option
def batch(
    sources: tuple[str, ...],
    output: str,
    to: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    quiet: bool,
    watch: bool,
    scheduler: str | None,
    engine: str,
    **options: Any,
) -> None:
    """Metadata, tasks and the rest of many notices, as files or as tables.

    SOURCE is a folder with all that is in it, a file, a pattern in quotes, or - for a list of paths, one a line. The
    same command again does what is new, changed or was interrupted.
    """
    import signal

    from policyparse import report
    from policyparse.batch.run import Batch
    from policyparse.batch.run import run as run_once
    from policyparse.batch.sources import Sources
    from policyparse.batch.watch import watch as run_on

    gc.enable()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if "-" in sources and sys.stdin is None:
        raise click.UsageError("- takes a list of paths from standard input, which is closed")
    if watch and "-" in sources:
        raise click.UsageError("--watch takes folders and files, and no list of them")
    given = Sources(
        sources, include, exclude, Path(output.removeprefix("file://")), sys.stdin.buffer if "-" in sources else ()
    )
    job = Batch(given, output, to, engine="dask" if scheduler else engine, scheduler=scheduler, **options)
    progress = report.BatchProgress(quiet)
    failed = False
    try:
        for number, summary in enumerate(run_on(job, progress) if watch else [run_once(job, progress)]):
            progress.stop()
            failed = bool(summary.failures) or (summary.interrupted and not watch)
            if not quiet:
                progress.tell(report.batch_summary(summary, output, again=number > 0))
    except KeyboardInterrupt:
        if not watch:  # which has no other end
            raise
    finally:
        progress.stop()
    click.get_current_context().exit(1 if failed else 0)


@click.command(context_settings={"ignore_unknown_options": True})  # a question may begin with a comment: -- which
@click.argument("database", metavar="DB")
@click.argument("sql", metavar="SQL")
@click.option("--format", "to", type=click.Choice(ANSWERS), default="table", show_default=True, help="How to print it.")
@click.option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="For the answer.",
)
def query(database: str, sql: str, to: str, timeout: int) -> None:
    """Ask a database made with `batch --to sqlite` or `--to duckdb`.

    SQL is one SELECT; nothing is written.
    """
    from policyparse.query import StuckError, as_csv, as_json, as_table
    from policyparse.query import query as ask

    try:
        answer = ask(Path(database), sql, timeout)
        if to == "table":
            from policyparse.report import answer_table

            put([answer_table(*as_table(answer), None if sys.stdout.isatty() else WIDE)])
        else:
            put((as_csv if to == "csv" else as_json)(answer))
    except StuckError as error:
        end(str(error))
