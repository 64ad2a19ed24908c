"""What all commands share: how they complain, and how they write."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import click

from policyparse.errors import PolicyparseError


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


patterns_option = click.option(
    "--patterns", multiple=True, metavar="DIR", help="A folder of your own rule files, used beside the built-in ones."
)


def complain(message: str) -> None:
    """One line on standard error."""
    click.echo(f"policyparse: {' '.join(message.split())}", err=True)


def end(message: str) -> None:
    """The end, with a line on standard error, of a process that cannot go on."""
    complain(message)
    os._exit(2)


def put(pieces: Iterable[bytes], output: str | None = None) -> None:
    """Write to standard output as it comes, or to a file whole or not at all; no piece, no file."""
    if output is None or output == "-":
        if sys.stdout is None:
            raise Unusable("there is no standard output; -o FILE writes to a file")
        try:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be written would fail again at the end
            if isinstance(error, BrokenPipeError):
                return  # who reads has read enough
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
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
