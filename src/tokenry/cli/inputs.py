"""Inputs of a command: files, folders, or stdin."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from tokenry.errors import CorpusError

# What is read otherwise than byte by byte, by its last extension.
_RECORDS = (".jsonl", ".ndjson", ".parquet", ".arrow", ".tar")
_COMPRESSED = (".gz", ".zst")


def open_inputs(names: Sequence[str] | None) -> Iterator[tuple[str, BinaryIO]]:
    """(name, stream) of each file as it is; ``-`` and no names mean stdin."""
    for name in names or ["-"]:
        with _open(name) as stream:
            yield name, stream


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def open_documents(
    names: Sequence[str] | None, *, as_bytes: bool = False, field: str = "text"
) -> Iterator[tuple[str, Iterator[BinaryIO]]]:
    """(name, documents) of each file, read as `tokenry.corpus` does.

    A folder is all text files in it; ``.gz`` and ``.zst`` are undone; each record of ``.jsonl`` and
    ``.parquet`` is a document, and any other file is one, which need not be UTF-8.

    Args:
        names: files and folders; ``-`` and no names mean stdin, which is one document.
        as_bytes: take each file as it is.
        field: what holds the text of a record.

    Raises:
        CorpusError: a folder without texts, a damaged file, a record without the field.
    """
    for name in names or ["-"]:
        if name == "-" or as_bytes:
            yield from ((each, iter((stream,))) for each, stream in open_inputs([name]))
        elif Path(name).is_dir():
            for path in _texts_in(name):
                yield str(path), _documents(path, field)
        else:
            yield name, _documents(Path(name), field)


def _texts_in(folder: str) -> Iterator[Path]:
    from tokenry.corpus.files import find_files
    from tokenry.corpus.options import ReadOptions

    return (found.path for found in find_files(folder, ReadOptions()))


def _documents(path: Path, field: str) -> Iterator[BinaryIO]:
    suffixes = [each.lower() for each in path.suffixes[-2:]]
    packed = suffixes[-1:] and suffixes[-1] in _COMPRESSED
    kind = suffixes[-2:-1] if packed else suffixes[-1:]
    if kind and kind[0] in _RECORDS:
        from tokenry.corpus.options import ReadOptions
        from tokenry.corpus.readers import read_texts

        yield from map(io.BytesIO, read_texts(path, ReadOptions(field=field, column=field)))
    elif packed:
        yield from _unpacked(path)
    else:
        with path.open("rb") as stream:
            yield stream


def _unpacked(path: Path) -> Iterator[BinaryIO]:
    from tokenry.corpus.compression import open_bytes

    with open_bytes(path) as stream:
        yield io.BufferedReader(_Unpacking(stream, path), 1 << 20)


class _Unpacking(io.RawIOBase):
    """A stream that is decompressed; damage is an error that names the file."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        import zlib

        try:
            data = self._stream.read(len(buffer))
        except Exception as error:  # zstandard has an error of its own
            damaged = isinstance(error, EOFError | zlib.error | OSError)
            if not damaged and type(error).__name__ != "ZstdError":
                raise
            raise CorpusError(
                f"cannot read {self._path}: {error}; --bytes takes it as it is"
            ) from error
        buffer[: len(data)] = data
        return len(data)
