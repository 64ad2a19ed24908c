"""What takes long to make and is always the same: rule files read and patterns compiled, kept in the user's cache.

To read and compile the built-in rules takes most of a second, to fetch them from here a few milliseconds. The cache may
be deleted at any time; where it cannot be read or written everything is made afresh.
"""

import atexit
import os
import pickle
import re
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import regex

T = TypeVar("T")
LARGEST = 1_500_000
"""Bytes above which only what this process has used is kept: rules that are changed leave their old forms behind."""
VERSIONS = (sys.version, regex.__version__)


class Store:
    """Pickled values by the hash of what they were made from; read when first needed, written at the end."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.changed = False
        self.values: dict[bytes, bytes] = {}
        self.used: set[bytes] = set()
        try:
            stored = pickle.loads(path.read_bytes()) if path else {}
            if isinstance(stored, dict):
                self.values = stored
        except Exception:  # what cannot be used is as good as missing
            pass

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The value that was made from `key`, made now if it is not here."""
        name = sha256(repr((VERSIONS, key)).encode()).digest()
        self.used.add(name)
        try:
            value: T = pickle.loads(self.values[name])
        except Exception:
            value = make()
            if not self.changed:
                atexit.register(self.save)
            self.values[name] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            self.changed = True
        return value

    def save(self) -> None:
        """Write what is new, whole or not at all."""
        if not self.changed or self.path is None:
            return
        self.changed = False
        if sum(map(len, self.values.values())) > LARGEST:
            self.values = {name: value for name, value in self.values.items() if name in self.used}
        fresh = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(pickle.dumps(self.values, pickle.HIGHEST_PROTOCOL))
            fresh.replace(self.path)
        except OSError:  # no room, or not ours to write
            with suppress(OSError):
                fresh.unlink(missing_ok=True)


def _place() -> Path | None:
    """The cache's file, None where the user has no folder for such things."""
    try:
        home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(home) / "policyparse" / f"{sys.implementation.cache_tag}.pickle"


_stores: list[Store] = []


def store() -> Store:
    """The one store of this process."""
    if not _stores:
        _stores.append(Store(_place()))
    return _stores[0]


def compile_re(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """As re.compile, for what scans much text: there `re` is faster than `regex`, but its patterns do not pickle."""
    try:
        from _sre import compile as engine  # type: ignore[import-not-found]

        flags, code, *rest = store().get(("re", pattern, int(flags)), lambda: _parts(pattern, flags))
        compiled: re.Pattern[str] = engine(pattern, flags, list(code), *rest)
        return compiled
    except (AttributeError, ImportError, TypeError, RuntimeError):  # a Python that does it in another way
        return re.compile(pattern, flags)


def _parts(pattern: str, flags: int) -> tuple[Any, ...]:
    """What re.compile hands to its engine, as Python 3.11 to 3.14 do it."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(pattern, flags)
    names = parsed.state.groupdict
    by_number: list[str | None] = [None] * parsed.state.groups
    for name, number in names.items():
        by_number[number] = name
    code = array("L", _compiler._code(parsed, flags))
    return int(flags) | parsed.state.flags, code, parsed.state.groups - 1, names, tuple(by_number)


def compile(pattern: str, flags: int = 0, **lists: Any) -> "regex.Pattern[str]":
    """As regex.compile."""
    return store().get((pattern, int(flags), sorted(lists.items())), lambda: regex.compile(pattern, flags, **lists))
