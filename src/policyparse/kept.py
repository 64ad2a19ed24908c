"""The built-in rules as read and compiled, kept in the user's cache: to make them anew takes most of a second.

Like Python's own compiled modules it is made when it is missing, of another version or not to be trusted, it may be
deleted at any time, and where it cannot be written nothing is kept.
"""

import atexit
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")


class Store:
    """Pickled values by name, each unpickled when it is asked for; written at the end of the process if any is new.

    `key` says what the values were made from: those of another key are not used.
    """

    def __init__(self, path: Path | None, key: bytes) -> None:
        self.path, self.key = path, key
        self.values: dict[str, bytes] = {}
        self.changed = False
        if path and _private(path):
            with suppress(Exception):  # whatever is wrong with it, it is as good as missing
                made_from, values = pickle.loads(path.read_bytes())
                if made_from == key:
                    self.values = {str(name): bytes(value) for name, value in values.items()}

    def get(self, name: str, kind: type[Value], make: Callable[[], Value]) -> Value:
        """The value of a name, made now if it is not here or not of its kind."""
        if name in self.values:
            with suppress(Exception):
                kept = pickle.loads(self.values[name])
                if isinstance(kept, kind):
                    return kept
        value = make()
        self.values[name] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        if not self.changed:
            self.changed = True
            atexit.register(self.save)
        return value

    def save(self) -> None:
        """Write what is new, whole or not at all."""
        if not self.changed or self.path is None:
            return
        self.changed = False
        fresh = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(pickle.dumps((self.key, self.values), pickle.HIGHEST_PROTOCOL))
            fresh.replace(self.path)
        except OSError:  # no room, or not ours to write
            with suppress(OSError):
                fresh.unlink(missing_ok=True)


def _private(path: Path) -> bool:
    """Whether nobody but the user can have written a file: pickles of others are never loaded."""
    if sys.platform == "win32":
        return path.is_file()  # %LOCALAPPDATA% is the user's alone
    try:
        states = [path.stat(), path.parent.stat()]
    except OSError:
        return False
    return all(state.st_uid == os.getuid() and not state.st_mode & 0o022 for state in states)


def place() -> Path | None:
    """The cache's file, None where the user has no folder for such things."""
    name = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    try:
        home = Path(os.environ.get(name) or Path.home() / ".cache")
    except RuntimeError:
        return None
    return home / "policyparse" / f"{sys.implementation.cache_tag}.pickle"
