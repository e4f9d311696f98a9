"""Megatron's indexed data set: ``.bin`` with ids, ``.idx`` with lengths and places.

``.idx``: the magic ``MMIDIDX`` with two zero bytes, version 1 (u64), the code of the type of ids
(u8), how many sequences (u64) and how many documents and one (u64), then lengths of sequences
(i32), their places in ``.bin`` in bytes (i64), and the first sequence of each document (i64).
Megatron-LM, NeMo and GPT-NeoX read it. Here a document of Megatron's is one of our sequences and a
sequence of Megatron's one of our segments: without packing both are a document of the data, with
packing a row and the stretches that it is made of.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ShardError
from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.sequences import TokenSequences

MAGIC: Final = b"MMIDIDX\x00\x00"
CODES: Final = {"int32": 4, "uint16": 8}


class Megatron:
    """``NAME.bin`` and ``NAME.idx``; NAME is what ``--data-path`` takes."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "int32")
    part_bytes: ClassVar[int] = 1 << 40  # of any size: it is mapped

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part."""
        if shape.channels:
            raise ShardError(
                f"Megatron's format has no place for {', '.join(shape.channels)}; write another "
                "format, such as format='own'"
            )
        lengths: list[NDArray[np.int32]] = []
        documents: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        index, data = (f"{path}.{kind}" for kind in ("idx", "bin"))
        with writing(index) as index_file, writing(data) as data_file:
            written = 0

            def add(sequences: TokenSequences) -> None:
                nonlocal written
                data_file.write(sequences.ids.data)
                lengths.append(np.diff(sequences.segments, prepend=0).astype(np.int32))
                last = np.searchsorted(sequences.segments, sequences.ends) + 1
                documents.append(last + written)
                written += len(sequences.segments)

            yield add
            index_file.write(_index(lengths, np.concatenate(documents), shape))

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """Nothing beside what every job writes."""
        return {}


def _index(
    lengths: list[NDArray[np.int32]], documents: NDArray[np.int64], shape: ShardShape
) -> bytes:
    sizes = np.concatenate([np.zeros(0, np.int32), *lengths])
    places = np.cumsum(sizes, dtype=np.int64) * shape.itemsize - sizes * np.int64(shape.itemsize)
    head = struct.pack("<QBQQ", 1, CODES[shape.dtype], len(sizes), len(documents))
    arrays = (sizes.astype("<i4"), places.astype("<i8"), documents.astype("<i8"))
    return MAGIC + head + b"".join(each.tobytes() for each in arrays)
