"""K-means over patches: the codec without a network that a learnt one should beat at equal bits.

Every patch is the nearest of ``codes`` centres (Lloyd 1982, k-means++ of Arthur & Vassilvitskii
2007); its number costs ``log2(codes)`` bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.clusters import k_means
from tokenry.errors import SignalError
from tokenry.seeds import generator
from tokenry.signals.baselines.packing import packed, unpacked
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Pixels


@dataclass(frozen=True, eq=False)
class PatchKMeans:
    """Centres of patches.

    Attributes:
        centres: shape (codes, patch * patch * 3), 0 to 1.
        patch: pixels of a side.
        size: height and width of all pictures.
    """

    centres: NDArray[np.float32] = field(repr=False)
    patch: int
    size: tuple[int, int]

    @classmethod
    def fit(
        cls, album: Album, *, codes: int, patch: int = 4, sample: int = 20_000, seed: int = 0
    ) -> PatchKMeans:
        """Centres of patches of an album.

        Args:
            album: pictures that are not measured on.
            codes: centres.
            patch: pixels of a side, which divides those of the pictures.
            sample: patches at most that are grouped.
            seed: of the choice and of the start.

        Raises:
            SignalError: no such patches, or fewer than centres.
        """
        size = album.pixels.shape[1], album.pixels.shape[2]
        if patch < 1 or size[0] % patch or size[1] % patch:
            raise SignalError(f"patches of {patch} pixels do not divide pictures of {size}")
        rows = _patches(album.pixels, patch)
        draw = generator(seed, "patches")
        if len(rows) > sample:
            rows = rows[np.sort(draw.choice(len(rows), sample, replace=False))]
        if not 0 < codes <= len(rows):
            raise SignalError(f"{codes} codes of {len(rows)} patches; expected 1 to as many")
        return cls(k_means(rows, codes, draw), patch, size)

    @property
    def levels(self) -> tuple[int]:
        """How many codes a token has."""
        return (len(self.centres),)

    def codes(self, pixels: Pixels) -> NDArray[np.int64]:
        """The nearest centre of each patch, row by row, shape (n, patches) or (patches,)."""
        if pixels.shape[-3:-1] != self.size:
            raise SignalError(f"a picture of {pixels.shape[-3:-1]} for a coder of {self.size}")
        rows = _patches(pixels.reshape(-1, *pixels.shape[-3:]), self.patch)
        half = (self.centres**2).sum(axis=1) / 2
        parts = [
            (half - rows[start : start + 4096] @ self.centres.T).argmin(axis=1)
            for start in range(0, len(rows), 4096)
        ]
        return np.concatenate(parts).reshape(*pixels.shape[:-3], -1).astype(np.int64)

    def restored(self, codes: NDArray[Any]) -> Pixels:
        """The pictures of codes, shape (n, patches) or (patches,)."""
        height, width = (side // self.patch for side in self.size)
        rows = self.centres[np.asarray(codes)].reshape(-1, height, width, self.patch, self.patch, 3)
        pictures = rows.swapaxes(2, 3).reshape(*np.shape(codes)[:-1], *self.size, 3)
        return np.asarray(np.rint(pictures.clip(0, 1) * 255), np.uint8)

    def encode(self, pixels: Pixels) -> bytes:
        """The codes of one picture, as bits without gaps."""
        return packed(self.codes(pixels), len(self.centres))

    def decode(self, data: bytes) -> Pixels:
        """The picture of such bytes; any bytes of their number are one."""
        count = (self.size[0] // self.patch) * (self.size[1] // self.patch)
        return self.restored(unpacked(data, len(self.centres), count))


def _patches(pixels: Pixels, patch: int) -> NDArray[np.float32]:
    """All patches, shape (patches of all pictures, patch * patch * 3), 0 to 1."""
    count, height, width, channels = pixels.shape
    cut = pixels.reshape(count, height // patch, patch, width // patch, patch, channels)
    rows = cut.swapaxes(2, 3).reshape(-1, patch * patch * channels)
    return np.divide(rows, 255, dtype=np.float32)
