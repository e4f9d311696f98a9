"""litdata's chunks, for ``StreamingDataset(..., item_loader=TokensLoader())``.

A chunk: how many items (u32), where each begins and the last ends (u32), then ids without heads of
their own. ``index.json`` says how many ids each chunk has. Its loader cuts blocks of any size from
the ids of a chunk, so segments and channels have no place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

import numpy as np

from tokenry.errors import ShardError
from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.sequences import TokenSequences

# litdata's numbers for types of torch.
_TYPES: Final = {"uint16": 20, "int32": 15}
_LEAF: Final = '[1, {"type": null, "context": null, "children_spec": []}]'


class LitData:
    """``NAME.bin`` and ``index.json``."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "int32")
    part_bytes: ClassVar[int] = 1 << 26

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part, which is in memory until it ends: places stand before ids."""
        if shape.channels:
            raise ShardError(
                f"litdata's tokens have no place for {', '.join(shape.channels)}; write another "
                "format, such as format='mosaic'"
            )
        blocks: list[bytes] = []
        sizes: list[int] = []

        def add(sequences: TokenSequences) -> None:
            lengths = np.diff(sequences.ends, prepend=0) * shape.itemsize
            sizes.extend(lengths.tolist())
            blocks.append(sequences.ids.tobytes())

        yield add
        begin = 4 + 4 * (len(sizes) + 1)
        places = np.cumsum([begin, *sizes], dtype=np.int64).astype("<u4")
        with writing(f"{path}.bin") as file:
            file.write(np.uint32(len(sizes)).tobytes() + places.tobytes())
            file.writelines(blocks)

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """``index.json``."""
        chunks = [
            {
                "chunk_bytes": part.tokens * shape.itemsize,
                "chunk_size": part.sequences,
                "dim": part.tokens,
                "filename": next(iter(part.files)),
            }
            for part in parts
        ]
        config = {
            "chunk_bytes": self.part_bytes,
            "chunk_size": None,
            "compression": None,
            "data_format": [f"no_header_tensor:{_TYPES[shape.dtype]}"],
            "data_spec": _LEAF,
            "encryption": None,
            "item_loader": "TokensLoader",
        }
        return {"index.json": {"chunks": chunks, "config": config}}
