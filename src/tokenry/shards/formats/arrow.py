"""Arrow's stream format, as ``datasets`` maps it: a row a sequence.

Columns: ``input_ids`` (list of the type of ids), each channel (list of uint8), of rows ``segments``
(how long each stretch is, list of uint32), and of documents ``source`` and ``record`` (uint32). The
metadata of the schema name the tokenizer's fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.extras import require
from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.sequences import TokenSequences


class Arrow:
    """``NAME.arrow``."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "uint32")
    part_bytes: ClassVar[int] = 1 << 28  # lists of Arrow count to 2^31

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part."""
        pyarrow = require("pyarrow", "study", "writing Arrow files")
        schema = _schema(pyarrow, shape)
        with (
            writing(f"{path}.arrow") as file,
            pyarrow.ipc.new_stream(file, schema) as stream,
        ):

            def add(sequences: TokenSequences) -> None:
                columns = _columns(pyarrow, sequences, shape)
                arrays = [columns[name] for name in schema.names]
                stream.write_batch(pyarrow.RecordBatch.from_arrays(arrays, schema=schema))

            yield add

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """Nothing beside what every job writes."""
        return {}


def _schema(pyarrow: Any, shape: ShardShape) -> Any:
    ids = pyarrow.type_for_alias(shape.dtype)
    fields = [("input_ids", pyarrow.list_(ids))]
    fields += [(name, pyarrow.list_(pyarrow.uint8())) for name in shape.channels]
    if shape.length is not None:
        fields.append(("segments", pyarrow.list_(pyarrow.uint32())))
    else:
        fields += [("source", pyarrow.uint32()), ("record", pyarrow.uint32())]
    return pyarrow.schema(fields, metadata={"tokenry.fingerprint": shape.fingerprint})


def _columns(pyarrow: Any, sequences: TokenSequences, shape: ShardShape) -> dict[str, Any]:
    def lists(ends: NDArray[np.int64], values: NDArray[Any]) -> Any:
        offsets = np.concatenate([[0], ends]).astype(np.int32)
        return pyarrow.ListArray.from_arrays(pyarrow.array(offsets), pyarrow.array(values))

    found = {"input_ids": lists(sequences.ends, sequences.ids)}
    for name in shape.channels:
        found[name] = lists(sequences.ends, sequences.channels[name])
    if shape.length is not None:
        lengths = np.diff(sequences.segments, prepend=0).astype(np.uint32)
        found["segments"] = lists(np.searchsorted(sequences.segments, sequences.ends) + 1, lengths)
    else:
        found["source"] = pyarrow.array(sequences.origins[:, 0])
        found["record"] = pyarrow.array(sequences.origins[:, 1])
    return found
