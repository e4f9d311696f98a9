"""From one file to the texts in it; which reader a file has depends on its extension only."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from tokenry.corpus.compression import COMPRESSED, is_compressed, open_bytes, plain_suffix
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.records import read_arrow, read_jsonl, read_parquet, read_tar
from tokenry.errors import CorpusError

Reader = Callable[[Path, ReadOptions], Iterator[bytes]]
BLOCK: Final = 1 << 16  # bytes of a document of unit "block"
_SNIFFED: Final = 8192  # bytes looked at to tell text from binary


def read_texts(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """The texts of one file, one at a time.

    Raises:
        CorpusError: the file cannot be read, is damaged, is binary (holds a NUL byte in its first
            8,192) or lacks the field or column; the message names the file.
        MissingExtraError: the package that reads this format is not installed.
    """
    path = Path(path)
    reader = READERS.get(plain_suffix(path), read_plain)
    try:
        yield from reader(path, options)
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error
    except Exception as error:
        if is_compressed(path) and type(error).__name__ == "ZstdError":
            raise CorpusError(f"cannot read {path}: {error}") from error
        raise


def is_binary(path: str | os.PathLike[str]) -> bool:
    """Whether the beginning of the file holds a NUL byte, which text does not."""
    path = Path(path)
    if plain_suffix(path) in READERS:
        return False
    if not is_compressed(path):
        with path.open("rb") as file:
            return b"\0" in file.read(_SNIFFED)
    return False  # found out when it is read; opening it here would read it twice


def read_plain(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """Text as it is; ``options.unit`` says what a document is."""
    path = Path(path)
    with open_bytes(path) as file:
        head = file.read(_SNIFFED)
        if b"\0" in head:
            raise CorpusError(
                f"{path} is binary: it holds a NUL byte; convert it to UTF-8 text (UTF-16 counts "
                "as binary too), or leave it out"
            )
        yield from _UNITS[options.unit](file, head)


def _whole(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    if file.seekable():
        file.seek(0)
        yield file.read()  # one copy, not a head, a rest and their sum
    else:
        yield head + file.read()


def _lines(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    whole, last = _complete_lines(head + file.readline())
    yield from whole
    if last:
        yield last
    for line in file:
        yield line.rstrip(b"\r\n")


def _complete_lines(data: bytes) -> tuple[list[bytes], bytes]:
    *whole, last = data.split(b"\n")
    return [line.rstrip(b"\r") for line in whole], last.rstrip(b"\r")


def _blocks(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    block = head
    while True:
        block += file.read(BLOCK - len(block)) if len(block) < BLOCK else b""
        block += file.readline()
        if not block:
            return
        yield block
        block = b""


def _paragraphs(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    rest = head
    while True:
        more = file.read(BLOCK)
        parts = re.split(rb"\n[ \t\r]*\n\s*", rest + more)
        rest = parts.pop() if more else b""
        yield from parts
        if not more:
            return


_UNITS: Final = {"file": _whole, "line": _lines, "block": _blocks, "paragraph": _paragraphs}


READERS: Final[dict[str, Reader]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
    ".arrow": read_arrow,
    ".tar": read_tar,
}
"""Extensions that are not plain text, each also with one of `COMPRESSED` after it."""
assert not set(READERS) & set(COMPRESSED)
