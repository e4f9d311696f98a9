"""MosaicML's MDS, for ``StreamingDataset``: a sample a sequence, with ``index.json``.

A shard: how many samples (u32), where each begins and the last ends (u32), the columns as JSON,
then the samples. A sample: the bytes of each column of no fixed size (u32), then the columns, in
order of their names. Columns are ``tokens`` (``ndarray`` of the type of ids), each channel
(``ndarray:uint8``) and, for rows, ``segments``: how long each stretch of a row is
(``ndarray:uint32``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.formats.samples import samples_of
from tokenry.shards.sequences import TokenSequences

VERSION: Final = 2
# Bits of a dimension, by the code in the byte before it.
_DIMENSIONS: Final = (("<u1", 1 << 8), ("<u2", 1 << 16), ("<u4", 1 << 32))


class Mosaic:
    """``NAME.mds`` and ``index.json``."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "uint32")
    part_bytes: ClassVar[int] = 1 << 26

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part, which is in memory until it ends: places stand before samples."""
        samples: list[bytes] = []
        columns = _columns(shape)
        fixed = [size for _, _, size in columns]

        def add(sequences: TokenSequences) -> None:
            for sample in samples_of(sequences, shape):
                samples.append(_sample(sample, fixed))

        yield add
        facts = json.dumps(_facts(shape), sort_keys=True).encode()
        begin = 4 + 4 * (len(samples) + 1) + len(facts)
        places = np.cumsum([begin, *map(len, samples)], dtype=np.int64).astype("<u4")
        with writing(f"{path}.mds") as file:
            file.write(np.uint32(len(samples)).tobytes() + places.tobytes() + facts)
            file.writelines(samples)

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """``index.json``."""
        return {"index.json": {"shards": [_entry(each, shape) for each in parts], "version": 2}}


def _columns(shape: ShardShape) -> list[tuple[str, str, int | None]]:
    """Name, encoding and bytes of each column; None where they differ."""
    end = "" if shape.length is None else f":{shape.length}"

    def size(itemsize: int) -> int | None:
        return None if shape.length is None else itemsize * shape.length

    columns: list[tuple[str, str, int | None]] = [
        ("tokens", f"ndarray:{shape.dtype}{end}", size(shape.itemsize)),
        *((name, f"ndarray:uint8{end}", size(1)) for name in shape.channels),
    ]
    if shape.length is not None:
        columns.append(("segments", "ndarray:uint32", None))
    return sorted(columns)


def _facts(shape: ShardShape) -> dict[str, Any]:
    columns = _columns(shape)
    return {
        "column_encodings": [encoding for _, encoding, _ in columns],
        "column_names": [name for name, _, _ in columns],
        "column_sizes": [size for _, _, size in columns],
        "compression": None,
        "format": "mds",
        "hashes": [],
        "size_limit": Mosaic.part_bytes,
        "version": VERSION,
    }


def _sample(sample: dict[str, NDArray[Any]], fixed: list[int | None]) -> bytes:
    values = [_value(sample[name], size) for name, size in zip(sorted(sample), fixed, strict=True)]
    sizes = [len(value) for value, size in zip(values, fixed, strict=True) if size is None]
    return np.array(sizes, "<u4").tobytes() + b"".join(values)


def _value(array: NDArray[Any], size: int | None) -> bytes:
    """An array; where its length is not fixed, behind it."""
    if size is not None:
        return array.tobytes()
    code = next(code for code, (_, end) in enumerate(_DIMENSIONS) if len(array) < end)
    return (
        bytes([1 << 2 | code])
        + np.array([len(array)], _DIMENSIONS[code][0]).tobytes()
        + (array.tobytes())
    )


def _entry(part: PartFacts, shape: ShardShape) -> dict[str, Any]:
    ((name, size),) = part.files.items()
    raw = {"basename": name, "bytes": size, "hashes": {}}
    return {**_facts(shape), "raw_data": raw, "samples": part.sequences, "zip_data": None}
