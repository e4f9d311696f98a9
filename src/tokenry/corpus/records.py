"""Records to the text of one of their fields: JSON lines, Parquet, Arrow, WebDataset."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from tokenry.corpus.compression import is_compressed, open_bytes
from tokenry.corpus.large_records import LARGE_LINE, large_field
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.parquet_headers import DamagedPageError
from tokenry.corpus.parquet_pages import LargePages
from tokenry.errors import CorpusError, MissingExtraError
from tokenry.text.unicode.utf8 import to_utf8

_ROWS: Final = 1024
_DECODED: Final = 8 << 20  # bytes of a Parquet file's row group that are decoded together
_LARGE: Final = 16 << 20  # bytes of a document that is not encoded beside Arrow's copies of it


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


def read_parquet(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """Rows of a Parquet file; ``options.column`` holds the text. Nulls are left out.

    Arrow keeps the page that a row is of, and up to two copies of it, for as long as a row group is
    read. So from a large document on, those of its row group wait in a temporary file until Arrow
    has let go of them. Pages that are larger than one document should be are read without Arrow.
    """
    path = Path(path)
    pyarrow = _pyarrow(path)
    group, groups = 0, 1
    while group < groups:
        with tempfile.TemporaryFile() as waiting:
            sizes: list[int] = []
            try:
                with _seekable(path) as file:
                    table = pyarrow.parquet.ParquetFile(file)
                    _check_column(table.schema_arrow, options.column, path)
                    groups = table.num_row_groups
                    while group < groups and not sizes:
                        pages = _large_pages(file, table, group, options)
                        if pages is not None:
                            yield from pages
                            group += 1
                            continue
                        for text in _row_group(table, group, options, path):
                            if sizes or len(text) > _LARGE:
                                sizes.append(waiting.write(text))
                            else:
                                yield text
                            del text
                        group += 1
                    del table
            except (pyarrow.ArrowException, DamagedPageError) as error:
                raise CorpusError(f"cannot read {path} as Parquet: {error}") from error
            if sizes:
                pyarrow.default_memory_pool().release_unused()
                waiting.seek(0)
                yield from map(waiting.read, sizes)


def _large_pages(
    file: IO[bytes], table: Any, group: int, options: ReadOptions
) -> LargePages | None:
    if options.content == "json" or not _is_text(table.schema_arrow.field(options.column).type):
        return None
    return LargePages.of(file, table.metadata, group, options.column)


def _row_group(table: Any, group: int, options: ReadOptions, path: Path) -> Iterator[bytes]:
    facts = table.metadata.row_group(group)
    rows = _rows_at_a_time(facts.total_byte_size, facts.num_rows)
    batches = table.iter_batches(rows, [group], [options.column])
    for values in map(itemgetter(0), batches):
        yield from _column(values, options, path)
        del values  # it may be large, and the next one is about to be read


def _rows_at_a_time(size: int, rows: int) -> int:
    """So many rows that a few megabytes are decoded together: one where documents are large."""
    return max(1, min(_ROWS, _DECODED * rows // max(size, 1)))


def read_arrow(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """Rows of an Arrow file, of the stream format (as ``datasets`` has it) or the file format."""
    path = Path(path)
    pyarrow = _pyarrow(path)
    try:
        with _seekable(path) as file:
            for batch in _arrow_batches(pyarrow, file):
                _check_column(batch.schema, options.column, path)
                yield from _column(batch.column(options.column), options, path)
    except pyarrow.ArrowException as error:
        raise CorpusError(f"cannot read {path} as Arrow: {error}") from error


def _arrow_batches(pyarrow: Any, file: IO[bytes]) -> Iterator[Any]:
    magic = file.read(6)
    file.seek(0)
    if magic != b"ARROW1":
        yield from pyarrow.ipc.open_stream(file)
        return
    reader = pyarrow.ipc.open_file(file)
    for number in range(reader.num_record_batches):
        yield reader.get_batch(number)


def read_tar(path: str | os.PathLike[str], options: ReadOptions) -> Iterator[bytes]:
    """Samples of a WebDataset: members whose name ends in ``.txt``, or in ``options.field``.

    Of members ``KEY.json`` and ``KEY.FIELD.json`` it is the field that ``options.field`` names, and
    all of the JSON. Other members, such as images, are left out.
    """
    path = Path(path)
    with open_bytes(path) as file:
        try:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                for member in archive:
                    yield from _member(archive, member, options, path)
        except tarfile.TarError as error:
            raise CorpusError(f"cannot read {path} as tar: {error}") from error


def _member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, options: ReadOptions, path: Path
) -> Iterator[bytes]:
    # The key of a sample is what stands before the first dot of the base name.
    extension = member.name.rpartition("/")[2].partition(".")[2].lower()
    wanted = options.field.lower()
    taken = extension in ("txt", wanted, f"{wanted}.txt", "json", f"{wanted}.json")
    content = archive.extractfile(member) if member.isfile() and taken else None
    if content is None:
        return
    data = content.read()
    where = f"{path}, member {member.name}"
    yield _field(data, options, where) if extension == "json" else data


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


def _pyarrow(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "study", f"reading {path}") from None
    return pyarrow


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


def _column(values: Any, options: ReadOptions, path: Path) -> Iterator[bytes]:
    if options.content == "json":
        found = (value for value in values.to_pylist() if value is not None)
        yield from (to_utf8(json.dumps(value, ensure_ascii=False)) for value in found)
    elif _is_text(values.type):
        yield from _as_bytes(values)
    elif values.null_count < len(values):
        raise CorpusError(
            f"{path}: column {options.column!r} holds {values.type}, expected text or bytes"
        )


def _as_bytes(values: Any) -> Iterator[bytes]:
    """Texts of a column as UTF-8, without the nulls.

    From Arrow's buffers: a str would have up to four bytes a character, and Arrow's scalars are one
    more copy.
    """
    import pyarrow

    if pyarrow.types.is_dictionary(values.type) or values.type in (
        pyarrow.string_view(),
        pyarrow.binary_view(),
    ):
        values = values.cast(pyarrow.large_binary())
    values = values.drop_null()
    _, places, data = values.buffers()
    wide = values.type in (pyarrow.large_string(), pyarrow.large_binary())
    offsets = np.frombuffer(places, np.int64 if wide else np.int32)[values.offset :]
    run = memoryview(data if data is not None else b"")
    for begin, end in pairwise(offsets[: len(values) + 1].tolist()):
        yield bytes(run[begin:end])


def _is_text(kind: Any) -> bool:
    """Whether a type of Arrow is text or bytes, in whatever layout."""
    import pyarrow

    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    return str(kind) in ("string", "binary", "large_string", "large_binary", "string_view",
                         "binary_view")  # fmt: skip
