"""Where pictures are: files, folders, zips, WebDataset shards, and photographs that packages have.

The label of a picture is the folder that it lies in, or what stands beside it in a shard (``.cls``,
``.txt``). Names of `PHOTOS` are the data that every machine has.
"""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Final

import numpy as np

from tokenry.corpus.compression import open_bytes, plain_suffix
from tokenry.errors import CorpusError, SignalError
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.photos import PHOTOS
from tokenry.signals.pictures.picture import SUFFIXES, Picture, decode_picture
from tokenry.signals.pictures.resizing import square

OnBroken = Callable[[SignalError], None]
_LABELS: Final = (".cls", ".txt")


def read_pictures(
    source: str | os.PathLike[str], *, on_broken: OnBroken | None = None
) -> Iterator[Picture]:
    """All pictures of a source, in the order of their names.

    Args:
        source: a picture, a folder (with those within), a ``.zip``, a ``.tar`` (also ``.gz``,
            ``.zst``) of a WebDataset, or a name of `PHOTOS`.
        on_broken: told of a picture that cannot be read, which is then left out; None: it is
            raised.

    Raises:
        SignalError: there is no such source, it has no pictures, or one of them is broken.
    """
    found = 0
    for label, name, data in _files(source):
        found += 1
        try:
            yield decode_picture(data, name, label)
        except SignalError as error:
            if on_broken is None:
                raise
            on_broken(error)
    if not found:
        raise SignalError(f"{source} has no pictures; expected files of {', '.join(SUFFIXES)}")


def open_album(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    size: int,
    within: str = "",
    limit: int | None = None,
    on_broken: OnBroken | None = None,
) -> Album:
    """Pictures of one size, as training takes them: the middle square of each, scaled.

    Args:
        sources: one or more of what `read_pictures` takes.
        size: height and width in pixels.
        within: only pictures whose name begins so: ``train/``.
        limit: so many at most, evenly spread over all; None: all.
        on_broken: as for `read_pictures`.

    Raises:
        SignalError: as for `read_pictures`, or no name begins so.
    """
    many = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    read = (each for one in many for each in read_pictures(one, on_broken=on_broken))
    chosen = [
        replace(each, pixels=square(each.pixels, size))
        for each in read
        if each.name.startswith(within)
    ]
    if not chosen:
        raise SignalError(f"no picture of {', '.join(map(str, many))} has a name in {within!r}")
    if limit is not None and limit < len(chosen):
        chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, limit).round().astype(int)]
    return Album.of(chosen)


def _files(source: str | os.PathLike[str]) -> Iterator[tuple[str | None, str, bytes]]:
    """Label, name and bytes of each file that should be a picture."""
    if str(source) in PHOTOS:
        for name, data in PHOTOS[str(source)]():
            yield None, name, data
        return
    path = Path(source)
    if path.is_dir():
        yield from _folder(path)
    elif not path.exists():
        raise SignalError(
            f"there is no {path}; expected a picture, a folder, a .zip, a .tar or one of "
            f"{', '.join(PHOTOS)}"
        )
    elif plain_suffix(path) == ".zip":
        yield from _zip(path)
    elif plain_suffix(path) == ".tar":
        yield from _shard(path)
    else:
        yield None, path.stem, path.read_bytes()


def _folder(folder: Path) -> Iterator[tuple[str | None, str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            name = path.relative_to(folder).as_posix()
            yield _label_of(name), _without_suffix(name), path.read_bytes()


def _zip(path: Path) -> Iterator[tuple[str | None, str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if PurePosixPath(name).suffix.lower() in SUFFIXES:
                    yield _label_of(name), _without_suffix(name), archive.read(name)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise SignalError(f"{path} cannot be read as a zip: {error}") from None


def _shard(path: Path) -> Iterator[tuple[str | None, str, bytes]]:
    """Samples of a WebDataset; members of one sample follow each other and share their key."""
    try:
        with open_bytes(path) as file, tarfile.open(fileobj=file, mode="r|") as archive:
            yield from _samples(_members(archive))
    except (tarfile.TarError, EOFError, OSError, CorpusError) as error:
        raise SignalError(f"{path} cannot be read as a shard: {error}") from None


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, str, bytes]]:
    """Key, extension and content; the key is what stands before the first dot of the base name."""
    for member in archive:
        file: IO[bytes] | None = archive.extractfile(member)
        if file is not None:
            folder, base = os.path.split(member.name)
            key, _, extension = base.partition(".")
            content = file.read()
            if len(content) != member.size:
                raise tarfile.ReadError(f"{member.name} is cut off")
            yield f"{folder}/{key}" if folder else key, f".{extension.lower()}", content


def _samples(members: Iterable[tuple[str, str, bytes]]) -> Iterator[tuple[str | None, str, bytes]]:
    waiting: tuple[str, bytes] | None = None
    label: str | None = None
    last = ""
    for key, extension, content in members:
        if key != last:
            if waiting is not None:
                yield label, *waiting
            waiting, label, last = None, None, key
        if extension in SUFFIXES:
            waiting = key, content
        elif extension in _LABELS and label is None:
            label = content.decode("utf-8", "replace").strip()
    if waiting is not None:
        yield label, *waiting


def _label_of(name: str) -> str | None:
    folder = PurePosixPath(name).parent.name
    return folder or None


def _without_suffix(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def write_shard(pictures: Iterable[tuple[str, bytes, str | None]], file: IO[bytes]) -> None:
    """Write a WebDataset shard: of each sample a PNG and, where it has one, its label.

    Args:
        pictures: key, bytes of the PNG, label.
        file: open for writing.
    """
    with tarfile.open(fileobj=file, mode="w") as archive:
        for key, data, label in pictures:
            _add(archive, f"{key}.png", data)
            if label is not None:
                _add(archive, f"{key}.cls", label.encode())


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)  # without time and owner: the same pictures are the same bytes
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))
