"""The output folder, here or in an object store: files are written whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

from policyparse.errors import PolicyparseError

UNUSABLE_NAME = {
    *(errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOENT),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
}
"""What a file system says of a name, as against its disk; the last three where a file stands in a folder's place."""


class OutputError(PolicyparseError):
    """The output cannot be written, so that there is no sense in going on."""


class Folder(Protocol):
    """Files by their path below the folder, divided by /."""

    def write(self, name: str, content: Iterable[bytes]) -> None:
        """A file from its pieces.

        Raises OSError where the name cannot be used, OutputError where nothing can be written.
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
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(partial, target)
        except OSError as error:
            with suppress(OSError):
                os.unlink(partial)
            if error.errno in UNUSABLE_NAME:
                raise
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from None

    def size(self, name: str) -> int | None:
        try:
            return os.stat(os.path.join(self.path, name)).st_size
        except OSError:
            return None

    def remove(self, name: str) -> None:
        with suppress(OSError):
            os.unlink(os.path.join(self.path, name))

    def clean(self) -> None:
        shutil.rmtree(self.partial, ignore_errors=True)


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
        target = f"{self.path}/{name}"
        try:
            self.files.makedirs(target.rpartition("/")[0], exist_ok=True)
            file = self.files.open(target, "wb", autocommit=False)
            for piece in content:
                file.write(piece)
            file.close()
            file.commit()
        except Exception as error:  # each kind of store has errors of its own
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
