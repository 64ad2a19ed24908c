"""Notice -> a format, one module per family."""

from collections.abc import Iterable, Iterator
from importlib import import_module

from policyparse.schema import Notice

FORMATS = {"json": "policyparse.writers.data", "jsonl": "policyparse.writers.data", "yaml": "policyparse.writers.data"}
"""Format -> the module that has a function of its name: (notices, many) -> pieces of UTF-8."""


def write(notices: Iterable[Notice], format: str, *, many: bool = False) -> Iterator[bytes]:
    """The notices in a format, piece by piece. `many`: more than one is expected, so that a list is written."""
    pieces: Iterator[bytes] = getattr(import_module(FORMATS[format]), format)(notices, many)
    return pieces
