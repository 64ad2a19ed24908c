"""Commands that read a notice, or a few."""

import atexit
import gc
import os
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from os.path import samefile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policyparse.cli.console import Unusable, complain, end, patterns_option, put
from policyparse.errors import ReadError

if TYPE_CHECKING:
    from policyparse.document import Document
    from policyparse.schema import Notice

INPUTS = ("txt", "md", "html", "pdf", "ofd", "docx", "xlsx", "doc", "rtf")
OUTPUTS = ("json", "jsonl", "yaml")

format_in = click.option(
    "--format-in", type=click.Choice(INPUTS), help="Format of the input, where its content does not say."
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "to", type=click.Choice(OUTPUTS), default="json", show_default=True, help="Format of the output."
)
@click.option(
    "-o", "--output", metavar="FILE", help="Write to a file, whole or not at all, instead of standard output."
)
@format_in
@patterns_option
@click.pass_context
def extract(
    ctx: click.Context,
    files: tuple[str, ...],
    to: str,
    output: str | None,
    format_in: str | None,
    patterns: tuple[str, ...],
) -> None:
    """Metadata, heading tree, tasks and citations of notices.

    FILE is a text, a web page, a Word, Excel, PDF or OFD file, or - for standard input. Several files give a JSON
    array, with jsonl a line each, with yaml a document each.
    """
    from policyparse.api import load_rules
    from policyparse.writers import write

    rules = load_rules(*patterns)
    failed: list[str] = []
    if output and any(os.path.exists(output) and os.path.exists(name) and samefile(output, name) for name in files):
        raise Unusable(f"{output}: this is one of the files to read; give the result another name")

    def notices() -> Iterator["Notice"]:
        from policyparse.pipeline import parse

        if not gc.isenabled():  # nor is anything to be collected when the process ends, which Python else tries
            atexit.register(gc.freeze)
        if len(files) > 1:  # now memory counts
            gc.enable()
        for name in files:
            try:
                yield parse(document(name, format_in), rules)
            except ReadError as error:
                complain(str(error))
                failed.append(name)

    put(write(notices(), to, many=len(files) > 1), output)
    if failed:
        ctx.exit(1 if len(failed) < len(files) else 2)


@click.command()
@click.argument("file", metavar="FILE")
@format_in
@patterns_option
def outline(file: str, format_in: str | None, patterns: tuple[str, ...]) -> None:
    """The heading tree of a notice, with the number of facts in each section."""
    from policyparse import report
    from policyparse.api import load_rules
    from policyparse.pipeline import parse

    found = document(file, format_in)
    notice = parse(found, load_rules(*patterns))
    remarks = [remark.message for remark in found.remarks]
    remarks += [one.message for one in notice.diagnostics if one.span is None and one.message not in remarks]
    if sys.stdout.isatty():
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        report.print_tree(notice)
    else:
        put([report.outline(notice).encode()])
    _tell(file, remarks)


@click.command()
@click.argument("file", metavar="FILE")
@format_in
def text(file: str, format_in: str | None) -> None:
    """The text layer of a file, in which the spans of the output count."""
    found = document(file, format_in)
    put([found.text.encode()])
    remarks = [remark.message for remark in found.remarks]
    _tell(file, remarks if found.text.strip() else [*remarks, "文件里没有文字。"])


@click.command()
def schema() -> None:
    """The JSON Schema of the output."""
    from policyparse.writers.data import schema

    put([schema()])


def _tell(name: str, remarks: Iterable[str]) -> None:
    """What could not be read of a file, a line each."""
    for remark in remarks:
        complain(f"{name}: {remark}")


def document(name: str, format: str | None) -> "Document":
    """Read a file, or standard input for -."""
    from policyparse import api, readers

    if not name:
        raise Unusable("the name of a file is empty; name the file to read, or - for standard input")
    readers.hung = end
    if name != "-":
        return api.read(Path(name), format=format)
    return readers.read(sys.stdin.buffer.read(), "<stdin>", format)
