"""WebDataset: a tar file in which a sample is the files of one base name.

Each sample has ``KEY.tokens.npy``, a ``KEY.CHANNEL.npy`` for each channel and, of rows,
``KEY.segments.npy``. Times and owners are zero, so that equal data are equal files.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.formats.samples import samples_of
from tokenry.shards.sequences import TokenSequences


class WebDataset:
    """``NAME.tar``."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "uint32")
    part_bytes: ClassVar[int] = 1 << 28

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part."""
        with (
            writing(f"{path}.tar") as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive,
        ):
            written = 0

            def add(sequences: TokenSequences) -> None:
                nonlocal written
                for sample in samples_of(sequences, shape):
                    for name, array in sample.items():
                        _add(archive, f"{Path(path).name}-{written:08d}.{name}.npy", array)
                    written += 1

            yield add

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """Nothing beside what every job writes."""
        return {}


def _add(archive: tarfile.TarFile, name: str, array: NDArray[Any]) -> None:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    member = tarfile.TarInfo(name)
    member.size = content.tell()
    content.seek(0)
    archive.addfile(member, content)
