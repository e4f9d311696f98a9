"""Our own: raw ids, where segments end and whence they are, beside a record with the fingerprint.

``NAME.bin`` has ids, ``NAME.ends`` where each segment ends (uint64), ``NAME.origins`` three uint32
a segment (source, record, first token), and ``NAME.CHANNEL`` a byte an id. All numbers are
little-endian, so that each file is an array for `numpy.memmap`. The records of the job say the
rest: `tokenry.shards.records`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar

import numpy as np

from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.sequences import TokenSequences


class Own:
    """Three arrays a part, and one a channel."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "uint32")
    part_bytes: ClassVar[int] = 1 << 30

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part."""
        with ExitStack() as stack:
            names = ("bin", "ends", "origins", *shape.channels)
            files = {name: stack.enter_context(writing(f"{path}.{name}")) for name in names}
            before = 0

            def add(sequences: TokenSequences) -> None:
                nonlocal before
                files["bin"].write(sequences.ids.data)
                files["ends"].write((sequences.segments + before).astype("<u8").data)
                files["origins"].write(np.ascontiguousarray(sequences.origins, "<u4").data)
                for name in shape.channels:
                    files[name].write(np.ascontiguousarray(sequences.channels[name]).data)
                before += len(sequences.ids)

            yield add

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """Nothing beside what every job writes."""
        return {}
