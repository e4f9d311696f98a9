"""Parquet as rows of JSON, and back to the same file.

What a table says is not what its file is: pages, codecs, statistics. Where writing the table again
with the settings in the file's own metadata gives equal bytes, these settings stand aside, else the
file itself does.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

from tokenry.errors import DomainError
from tokenry.extras import importing

_AGAIN, _WHOLE = b"A", b"W"
_EXTRA: Final = "study"


def read(data: bytes, *, exact: bool) -> tuple[bytes, bytes]:
    """Rows as JSON lines, and what gives the file back: nothing unless ``exact``.

    Raises:
        DomainError: it is no parquet file, or it is damaged.
        MissingExtraError: the package pyarrow is not installed.
    """
    with importing(_EXTRA, "reading parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    try:
        table = pq.read_table(io.BytesIO(data))
        rows = _rows(table)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DomainError(f"no parquet file, or a damaged one: {error}") from error
    if not exact:
        return rows, b""
    settings = _settings(pq.ParquetFile(io.BytesIO(data)).metadata)
    if _written(table, settings) == data:
        return rows, _AGAIN + json.dumps(settings).encode() + b"\n" + _schema(table)
    return rows, _WHOLE + data


def write(rows: bytes, settings: bytes) -> bytes:
    """The file again.

    Raises:
        DomainError: rows or settings are none that `read` gives.
    """
    if settings[:1] == _WHOLE:
        return settings[1:]
    with importing(_EXTRA, "writing parquet"):
        import pyarrow as pa
    try:
        head, _, schema = settings[1:].partition(b"\n")
        found = pa.ipc.read_schema(pa.py_buffer(schema))
        table = pa.Table.from_pylist(
            [_undone(json.loads(each)) for each in rows.splitlines()], found
        )
        return _written(table, json.loads(head))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise DomainError(f"rows and settings give no parquet file: {error}") from error


def _rows(table: Any) -> bytes:
    lines = (json.dumps(_plain(row), ensure_ascii=False) for row in table.to_pylist())
    return "".join(line + "\n" for line in lines).encode()


def _plain(value: Any) -> Any:
    """A value as JSON has it; what JSON has not, as text behind its kind."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return {"bytes": value.decode("latin-1")} if isinstance(value, bytes) else str(value)


def _undone(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"bytes"} and isinstance(value["bytes"], str):
        return value["bytes"].encode("latin-1")
    if isinstance(value, dict):
        return {key: _undone(each) for key, each in value.items()}
    return [_undone(each) for each in value] if isinstance(value, list) else value


def _schema(table: Any) -> bytes:
    return bytes(table.schema.serialize())


def _settings(metadata: Any) -> dict[str, Any]:
    """What a writer must be told to write such a file."""
    group = metadata.row_group(0) if metadata.num_row_groups else None
    columns = range(group.num_columns) if group else range(0)
    codecs = {group.column(i).compression for i in columns if group}
    return {
        "compression": codecs.pop().lower() if len(codecs) == 1 else "snappy",
        "row_group_size": group.num_rows if group else 1 << 20,
        "version": metadata.format_version,
    }


def _written(table: Any, settings: dict[str, Any]) -> bytes:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    compression = settings["compression"].replace("uncompressed", "none")
    rows = max(1, int(settings["row_group_size"]))
    pq.write_table(
        table, out, compression=compression, row_group_size=rows, version=settings["version"]
    )
    return out.getvalue()
