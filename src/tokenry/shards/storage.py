"""Where shards and sources are: a folder of this machine, or what fsspec reaches (S3, GCS, HTTP).

A remote source is fetched to a temporary file while it is read. A remote shard is written to a
temporary folder, and its files are put in place when all are whole, the record last; object stores
put a file whole or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tokenry.errors import ShardError
from tokenry.extras import require
from tokenry.files import AnyPath, write_atomically


def is_remote(place: AnyPath) -> bool:
    """Whether this is a URL rather than a path."""
    return isinstance(place, str) and "://" in place


def filesystem(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it.

    Raises:
        MissingExtraError: fsspec, or what it needs for this kind of URL, is not installed.
    """
    core = require("fsspec.core", "scale", f"reading and writing {url.partition(':')[0]}://")
    try:
        found: tuple[Any, str] = core.url_to_fs(url)
    except (ImportError, ValueError) as error:  # of what serves this kind of URL
        raise ShardError(f"{url}: {error}") from None
    found[0].invalidate_cache()  # another process may have written since
    return found


def expanded(url: str) -> list[str]:
    """Files of a URL: itself, those of a glob, or all below a folder, in the order of their names.

    Raises:
        ShardError: there is nothing.
    """
    system, path = filesystem(url)
    if "*" in path:
        names = system.glob(path)
    elif system.isdir(path):
        names = system.find(path)
    else:
        names = [path] if system.exists(path) else []
    if not names:
        raise ShardError(f"{url} does not exist and matches no file")
    return [str(system.unstrip_protocol(name)) for name in sorted(names)]


def size_of(source: AnyPath) -> int:
    """Bytes of a file."""
    if not is_remote(source):
        return Path(source).stat().st_size
    system, path = filesystem(str(source))
    return int(system.size(path))


def remote_stamp(url: str) -> tuple[int, int, str]:
    """What changes when a remote file does: its size, when it was written, and its tag."""
    system, path = filesystem(url)
    facts = system.info(path)
    try:
        modified = int(system.modified(path).timestamp() * 1e9)
    except (NotImplementedError, FileNotFoundError):
        modified = 0
    return int(facts["size"]), modified, str(facts.get("ETag", "")).strip('"')


@contextmanager
def at_hand(source: AnyPath) -> Iterator[Path]:
    """A source as a file of this machine, as long as the context lasts."""
    if not is_remote(source):
        yield Path(source)
        return
    system, path = filesystem(str(source))
    with tempfile.TemporaryDirectory(prefix="tokenry-") as folder:
        local = Path(folder, path.rpartition("/")[2])
        system.get_file(path, str(local))
        yield local


@contextmanager
def fetched(folder: AnyPath, names: Sequence[str]) -> Iterator[Path]:
    """A folder of this machine with some files of a folder, as long as the context lasts."""
    if not is_remote(folder):
        yield Path(folder)
        return
    system, path = filesystem(str(folder))
    with tempfile.TemporaryDirectory(prefix="tokenry-") as local:
        for name in names:
            system.get_file(f"{path.rstrip('/')}/{name}", str(Path(local, name)))
        yield Path(local)


class ShardFolder(Protocol):
    """A folder of shards, wherever it is. Names may have one slash."""

    def sizes(self) -> dict[str, int]:
        """Bytes of all files by name, those of the folder of records too."""

    def read(self, name: str) -> bytes | None:
        """A file; None where there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def filling(self) -> Any:
        """A context that gives a folder of this machine; files in it are here when it ends."""


@dataclass(frozen=True)
class LocalFolder:
    """A folder of this machine."""

    path: Path

    def sizes(self) -> dict[str, int]:
        """Bytes of all files by name."""
        files = [*self.path.glob("*"), *self.path.glob("*/*")]
        return {
            path.relative_to(self.path).as_posix(): path.stat().st_size
            for path in files
            if path.is_file()
        }

    def read(self, name: str) -> bytes | None:
        """A file; None where there is none."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        write_atomically(self.path / name, data)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """The folder itself: its files are renamed when they are whole."""
        self.path.mkdir(parents=True, exist_ok=True)
        yield self.path


@dataclass(frozen=True)
class RemoteFolder:
    """A folder that fsspec reaches."""

    url: str

    def _at(self, name: str) -> tuple[Any, str]:
        system, path = filesystem(self.url)
        return system, f"{path.rstrip('/')}/{name}"

    def sizes(self) -> dict[str, int]:
        """Bytes of all files by name."""
        system, path = filesystem(self.url)
        found = system.find(path, detail=True)
        begin = len(path.rstrip("/")) + 1
        return {name[begin:]: int(facts["size"]) for name, facts in found.items()}

    def read(self, name: str) -> bytes | None:
        """A file; None where there is none."""
        system, path = self._at(name)
        try:
            data: bytes = system.cat_file(path)
        except FileNotFoundError:
            return None
        return data

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        system, path = self._at(name)
        system.pipe_file(path, data)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        system, path = self._at(name)
        if system.exists(path):
            system.rm_file(path)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """A temporary folder, whose files are put in place when the context ends without error."""
        folder = Path(tempfile.mkdtemp(prefix="tokenry-"))
        try:
            yield folder
            for path in sorted(folder.iterdir()):
                system, target = self._at(path.name)
                system.put_file(str(path), target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def folder_at(place: AnyPath) -> ShardFolder:
    """The folder at a path or a URL."""
    return RemoteFolder(str(place)) if is_remote(place) else LocalFolder(Path(place))
