"""click: arguments in, exit code out. Data goes to standard output in UTF-8, everything else to standard error."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import chain
from os.path import samefile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyparse import __version__
from policyparse.errors import PolicyparseError, ReadError

if TYPE_CHECKING:
    from policyparse.document import Document
    from policyparse.rulebook import CompiledRule, Rulebook
    from policyparse.schema import Notice

INPUTS = ("txt", "md", "html")
OUTPUTS = ("json", "jsonl", "yaml")


class Unusable(click.ClickException):
    """Input that cannot be used: one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature
        complain(self.message)


class Commands(click.Group):
    """Turns what the library raises about bad input into a line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PolicyparseError as error:
            raise Unusable(str(error)) from None


def run() -> None:
    """The command: `main` in a process of its own, most of which end before it pays to collect garbage."""
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # there are none, and looking for them takes long
    main(prog_name="policyparse")


format_in = click.option(
    "--format-in", type=click.Choice(INPUTS), help="Format of the input, where its content does not say."
)
patterns_option = click.option(
    "--patterns", multiple=True, metavar="DIR", help="A folder of your own rule files, used beside the built-in ones."
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def main() -> None:
    """Read Chinese policy notices as data.

    Exit codes: 0 all went well, 1 some files failed or a rule does not hold its examples, 2 wrong usage or unreadable
    input.
    """


@main.command()
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

        for name in files:
            try:
                yield parse(document(name, format_in), rules)
                gc.enable()  # more than one file: now memory counts
            except ReadError as error:
                complain(str(error))
                failed.append(name)

    put(write(notices(), to, many=len(files) > 1), output)
    if failed:
        ctx.exit(1 if len(failed) < len(files) else 2)


@main.command()
@click.argument("file", metavar="FILE")
@format_in
@patterns_option
def outline(file: str, format_in: str | None, patterns: tuple[str, ...]) -> None:
    """The heading tree of a notice, with the number of facts in each section."""
    from policyparse import report
    from policyparse.api import load_rules
    from policyparse.pipeline import parse

    notice = parse(document(file, format_in), load_rules(*patterns))
    if sys.stdout.isatty():
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        report.print_tree(notice)
    else:
        put([report.outline(notice).encode()])


@main.command()
@click.argument("file", metavar="FILE")
@format_in
def text(file: str, format_in: str | None) -> None:
    """The text layer of a file, in which the spans of the output count."""
    put([document(file, format_in).text.encode()])


@main.command()
def schema() -> None:
    """The JSON Schema of the output."""
    from policyparse.writers.data import schema

    put([schema()])


@main.group()
def patterns() -> None:
    """The rules: list them, or test them by their own examples."""


@patterns.command("list")
@click.argument("folder", required=False, metavar="[DIR]")
def list_rules(folder: str | None) -> None:
    """Every rule with its kind and what it finds; with DIR the rules of that folder."""
    rows = [(kind, rule.rule.id, rule.rule.summary) for kind, rule in chosen(folder)[1]]
    width = max((len(id) for _, id, _ in rows), default=0)
    put([f"{kind:<12} {id:<{width}}  {summary}\n".encode() for kind, id, summary in rows])


@patterns.command("test")
@click.argument("folder", required=False, metavar="[DIR]")
@click.pass_context
def test_rules(ctx: click.Context, folder: str | None) -> None:
    """Run every example and reject of the rules; with DIR of the rules in that folder."""
    from policyparse.rule_check import rule_checks

    rulebook, rules = chosen(folder)
    checks = list(rule_checks(rulebook, frozenset(rule.source for _, rule in rules)))
    faults = [f"{check.name}: {fault}" for check in checks if (fault := check.fault())]
    put([f"{line}\n".encode() for line in (*faults, f"{len(checks)} examples, {len(faults)} faults")])
    ctx.exit(1 if faults else 0)


@main.command()
@click.argument("rule_id", metavar="RULE-ID")
@patterns_option
def explain(rule_id: str, patterns: tuple[str, ...]) -> None:
    """What a rule finds, how, and its examples."""
    from policyparse.api import load_rules

    rulebook = load_rules(*patterns)
    for kind, rules in rulebook.rules.items():
        for compiled in rules:
            if compiled.rule.id == rule_id:
                put([explanation(kind, compiled).encode()])
                return
    from difflib import get_close_matches

    near = get_close_matches(rule_id, [compiled.rule.id for compiled in rulebook.all()], n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `policyparse patterns list` names them all"
    raise Unusable(f"no rule has the id {rule_id!r}{hint}")


def explanation(kind: str, compiled: "CompiledRule") -> str:
    """A rule in the words of its file."""
    rule = compiled.rule
    lines = [f"{rule.id} ({kind}, {compiled.source})", "", f"  {rule.summary}"]
    if rule.ignore:
        lines.append("  What it matches is hidden from the other rules of its kind.")
    lines += ["", "Pattern:", *(f"  {line}" for line in rule.pattern.strip().splitlines())]
    if rule.cues:
        lines += ["", f"Tried only near: {'、'.join(rule.cues)}"]
    if rule.set:
        lines += ["", "Sets:", *(f"  {name}: {value}" for name, value in rule.set.items())]
    if rule.examples:
        lines += ["", "Finds:"]
        for example in rule.examples:
            fields = ", ".join(f"{name}={value}" for name, value in example.fields.items())
            lines.append(f"  {example.text}" + (f"  ({fields})" if fields else ""))
    if rule.rejects:
        lines += ["", "Does not find anything in:", *(f"  {sentence}" for sentence in rule.rejects)]
    return "\n".join(lines) + "\n"


def chosen(folder: str | None) -> tuple["Rulebook", list[tuple[str, "CompiledRule"]]]:
    """The rules with those of a folder, and the ones that are meant: the folder's, or all."""
    from policyparse.api import load_rules

    rulebook = load_rules(*([folder] if folder else []))
    rules = [(kind, compiled) for kind, found in rulebook.rules.items() for compiled in found]
    if folder:
        rules = [(kind, compiled) for kind, compiled in rules if Path(compiled.source).parent == Path(folder)]
    return rulebook, rules


def document(name: str, format: str | None) -> "Document":
    """Read a file, or standard input for -."""
    from policyparse import api, readers

    if name != "-":
        return api.read(Path(name), format=format)
    return readers.read(sys.stdin.buffer.read(), "<stdin>", format)


def complain(message: str) -> None:
    """One line on standard error."""
    click.echo(f"policyparse: {' '.join(message.split())}", err=True)


def put(pieces: Iterable[bytes], output: str | None = None) -> None:
    """Write to standard output as it comes, or to a file whole or not at all; no piece, no file."""
    if output is None or output == "-":
        if sys.stdout is None:
            raise Unusable("there is no standard output; -o FILE writes to a file")
        try:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise  # click ends quietly
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be written would fail again at the end
            raise Unusable(f"standard output cannot be written: {error.strerror or error}") from None
        return
    first = next(iter(pieces := iter(pieces)), None)
    if first is None:
        return
    path = Path(output).resolve()
    fresh = path if path.exists() and not path.is_file() else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.writelines(chain([first], pieces))
        if fresh != path:
            fresh.replace(path)
    except OSError as error:
        raise Unusable(f"{output}: cannot be written: {error.strerror or error}") from None
    finally:
        if fresh != path:
            fresh.unlink(missing_ok=True)
