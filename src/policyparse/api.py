"""What other programs call: a notice in, a Notice out."""

import os
from pathlib import Path

from policyparse import readers
from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.pipeline import parse
from policyparse.rulebook import Rulebook, load
from policyparse.schema import Notice

Source = os.PathLike[str] | bytes | str
"""A path (a Path, not a str), the bytes of a file, or a text."""


LARGEST = 200 << 20
"""Bytes of the largest file that is read."""


def extract(source: Source, *, format: str | None = None, rules: Rulebook | None = None) -> Notice:
    """Read one notice.

    `source` is a `Path`, the `bytes` of a file, or a `str`, which always is the text itself and never a path.
    `format` is a name in `readers.FORMATS`; without it the content says what it is, and a text is txt.
    `rules` come from `load_rules`; without them the built-in rules are used.

    Raises ReadError where the source cannot be read. What can be read gives a Notice, if an empty one.
    """
    return parse(read(source, format=format), load_rules() if rules is None else rules)


def read(source: Source, *, format: str | None = None) -> Document:
    """The text layer of a notice, in which every span of the result counts, and the tables that its format marks."""
    if isinstance(source, str):
        return readers.read_text(source, format or "txt")
    if isinstance(source, bytes):
        return readers.read(source, "the bytes given", format)._replace(path=None)
    path = Path(source)
    name = str(path).encode("utf-8", "backslashreplace").decode()  # a name may hold bytes that are no text
    return readers.read(_bytes(path), name, format)


def load_rules(*folders: str | os.PathLike[str]) -> Rulebook:
    """The built-in rules, with a user's own from folders of .yaml files; load them once for many notices.

    Raises RuleError, which names the file, the rule and the fault.
    """
    return load([Path(folder) for folder in folders])


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ReadError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ReadError(f"{path}: this is a directory; name the files in it") from None
    except OSError as error:
        if path.is_dir():  # what Windows says is "Permission denied"
            raise ReadError(f"{path}: this is a directory; name the files in it") from None
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(raw) > LARGEST:
        raise ReadError(f"{path}: larger than {LARGEST >> 20} MB, which no notice is; divide it")
    return raw
