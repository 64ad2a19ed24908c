"""What other programs call: a notice in, a Notice out."""

import os
from dataclasses import replace
from pathlib import Path

from policyparse import readers
from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.pipeline import parse
from policyparse.rulebook import Rulebook, load
from policyparse.schema import Notice

Source = os.PathLike[str] | bytes | str
"""A path (a Path, not a str), the bytes of a file, or a text."""


def extract(source: Source, *, format: str | None = None, rules: Rulebook | None = None) -> Notice:
    """Read one notice.

    `source` is a `Path`, the `bytes` of a file, or a `str`, which always is the text itself and never a path.
    `format` is txt, md or html; without it a path's suffix says, and bytes and texts are txt.
    `rules` come from `load_rules`; without them the built-in rules are used.

    Raises ReadError where the source cannot be read. What can be read gives a Notice, if an empty one.
    """
    return parse(read(source, format=format), load_rules() if rules is None else rules)


def read(source: Source, *, format: str | None = None) -> Document:
    """The text layer of a notice, in which every span of the result counts, and the tables that its format marks."""
    if isinstance(source, str):
        return readers.read_text(source, format or "txt")
    if isinstance(source, bytes):
        return replace(readers.read(source, "the bytes given", format or "txt"), path=None)
    path = Path(source)
    name = str(path).encode("utf-8", "backslashreplace").decode()  # a name may hold bytes that are no text
    return readers.read(_bytes(path), name, format or readers.format_of(name))


def load_rules(*folders: str | os.PathLike[str]) -> Rulebook:
    """The built-in rules, with a user's own from folders of .yaml files; load them once for many notices.

    Raises RuleError, which names the file, the rule and the fault.
    """
    return load([Path(folder) for folder in folders])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ReadError(f"{path}: this is a directory; name the files in it") from None
    except OSError as error:
        if path.is_dir():  # what Windows says is "Permission denied"
            raise ReadError(f"{path}: this is a directory; name the files in it") from None
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}") from None
