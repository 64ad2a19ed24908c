"""The output folder, here or in an object store: files are written whole or not at all."""

import errno
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

from policyparse.errors import PolicyparseError

ONE_FILE = {
    *(errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOENT),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
    *(errno.EACCES, errno.EPERM, errno.EBUSY),
}
"""What a file system says of the place of one file, as against its disk: a name that it cannot have, a file in a
folder's place, a file that is protected or, on Windows, open in another program."""
TRIES = 5 if os.name == "nt" else 1
"""How often a file is put in its place: on Windows a virus scanner may hold it for a moment."""
PAUSE = 0.1
"""Seconds between tries."""


class OutputError(PolicyparseError):
    """The output cannot be written, so that there is no sense in going on."""


class Folder(Protocol):
    """Files by their path below the folder, divided by /."""

    def write(self, name: str, content: Iterable[bytes]) -> None:
        """A file from its pieces.

        Raises OSError where this file cannot be put in its place, OutputError where nothing can be written.
        """

    def size(self, name: str) -> int | None:
        """Bytes of a file, None where there is none."""

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""

    def clean(self) -> None:
        """Remove what was never completed."""


class LocalFolder:
    """A folder of this machine, or one that it has mounted."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.partial = os.path.join(path, ".policyparse.partial")

    def write(self, name: str, content: Iterable[bytes]) -> None:
        target = os.path.join(self.path, name)
        partial = os.path.join(self.partial, uuid4().hex)
        try:
            os.makedirs(self.partial, exist_ok=True)
            with open(partial, "wb") as file:
                file.writelines(content)
        except OSError as error:
            _remove(partial)
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from None
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _replace(partial, target)
        except OSError as error:
            _remove(partial)
            if error.errno in ONE_FILE:
                raise
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from None

    def size(self, name: str) -> int | None:
        try:
            return os.stat(os.path.join(self.path, name)).st_size
        except OSError:
            return None

    def remove(self, name: str) -> None:
        _remove(os.path.join(self.path, name))

    def clean(self) -> None:
        shutil.rmtree(self.partial, ignore_errors=True)


def _replace(partial: str, target: str) -> None:
    for _ in range(TRIES - 1):
        with suppress(PermissionError):
            return os.replace(partial, target)
        time.sleep(PAUSE)
    return os.replace(partial, target)


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


class RemoteFolder:
    """A folder behind a URL that fsspec knows."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec

            self.files: Any
            self.files, self.path = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise PolicyparseError(f"{url}: {error}; 'policyparse[dask]' brings fsspec") from None

    def write(self, name: str, content: Iterable[bytes]) -> None:
        target, file = f"{self.path}/{name}", None
        try:
            self.files.makedirs(target.rpartition("/")[0], exist_ok=True)
            file = self.files.open(target, "wb", autocommit=False)
            for piece in content:
                file.write(piece)
            file.close()
            file.commit()
        except Exception as error:  # each kind of store has errors of its own
            if file:
                with suppress(Exception):
                    file.discard()
            raise OutputError(f"{target}: cannot be written: {error}") from None

    def size(self, name: str) -> int | None:
        try:
            return int(self.files.size(f"{self.path}/{name}"))
        except Exception:
            return None

    def remove(self, name: str) -> None:
        with suppress(Exception):
            self.files.rm_file(f"{self.path}/{name}")

    def clean(self) -> None:
        pass  # a store of objects shows none that is not complete


def is_url(out: str) -> bool:
    """Whether an output is a URL: C: is none."""
    return "://" in out


def folder(out: str) -> Folder:
    """The folder at a path or URL."""
    return RemoteFolder(out) if is_url(out) else LocalFolder(out)
