"""From one file to the texts in it; which reader a file has depends on its extension only."""

from __future__ import annotations

import io
import json
import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from tokenry.corpus.compression import COMPRESSED, is_compressed, open_bytes, plain_suffix
from tokenry.corpus.large_records import LARGE_LINE, large_field
from tokenry.corpus.options import ReadOptions
from tokenry.errors import CorpusError, MissingExtraError
from tokenry.text.unicode.utf8 import to_utf8

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


def read_jsonl(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """One JSON object a line; ``options.field`` holds the text."""
    path = Path(path)
    number, line = 0, b""
    with open_bytes(path) as file:
        while line := file.readline():
            number += 1
            if line.strip():
                text = _field(line, options, f"{path}, line {number}")
                del line  # it may be large, and whoever takes the text works for long
                yield text
                del text


def _field(line: bytes, options: ReadOptions, where: str) -> bytes:
    value = _value(line, options.field, where)
    if options.content == "json":
        return to_utf8(json.dumps(_text(value), ensure_ascii=False))
    if not isinstance(value, str | bytes):
        raise CorpusError(
            f"{where}: field {options.field!r} is {type(value).__name__}, expected a string"
        )
    return to_utf8(value)


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _value(line: bytes, field: str, where: str) -> Any:
    try:
        if len(line) > LARGE_LINE:
            return large_field(line, field)
        record = json.loads(line)
    except (LookupError, TypeError):
        record = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where} is not JSON: {error}") from error
    if not isinstance(record, dict) or field not in record:
        have = ", ".join(map(repr, record)) if isinstance(record, dict) else "no object"
        raise CorpusError(f"{where} has no field {field!r}; it has {have}; choose one with field=")
    return record[field]


def read_parquet(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """Rows of a Parquet file; ``options.column`` holds the text. Nulls are left out."""
    path = Path(path)
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "study", f"reading {path}") from None
    try:
        with _seekable(path) as file:
            table = pyarrow.parquet.ParquetFile(file)
            _check_column(table.schema_arrow, options.column, path)
            for batch in table.iter_batches(batch_size=1024, columns=[options.column]):
                yield from _values(batch.column(0), options, path)
    except pyarrow.ArrowException as error:
        raise CorpusError(f"cannot read {path} as Parquet: {error}") from error


def _seekable(path: Path) -> IO[bytes]:
    if not is_compressed(path):
        return path.open("rb")
    with open_bytes(path) as file:
        return io.BytesIO(file.read())


def _check_column(schema: Any, column: str, path: Path) -> None:
    if column not in schema.names:
        raise CorpusError(
            f"{path} has no column {column!r}; it has {', '.join(map(repr, schema.names))}; "
            "choose one with column="
        )


def _values(values: Any, options: ReadOptions, path: Path) -> Iterator[bytes]:
    for value in values.to_pylist():
        if options.content == "json" and value is not None:
            yield to_utf8(json.dumps(value, ensure_ascii=False))
        elif isinstance(value, str):
            yield to_utf8(value)
        elif isinstance(value, bytes):
            yield value
        elif value is not None:
            raise CorpusError(
                f"{path}: column {options.column!r} holds {type(value).__name__}, expected text or "
                "bytes"
            )


READERS: Final[dict[str, Reader]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
}
"""Extensions that are not plain text, each also with one of `COMPRESSED` after it."""
assert not set(READERS) & set(COMPRESSED)
