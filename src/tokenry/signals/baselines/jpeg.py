"""JPEG (ISO/IEC 10918-1), as a file and without what its files have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.baselines.pillow import file_of, pixels_of, quality_in
from tokenry.signals.pictures.picture import Pixels

_END: Final = b"\xff\xd9"
_SCAN: Final = b"\xff\xda"


@dataclass(frozen=True)
class Jpeg:
    """A file: 4:2:0, the standard's Huffman tables. Some 600 bytes of it are tables and sizes.

    Attributes:
        quality: 1 to 95.
    """

    quality: int = 50

    def __post_init__(self) -> None:
        quality_in(self.quality, 1, 95)

    def encode(self, pixels: Pixels) -> bytes:
        """The file."""
        return file_of(pixels, "JPEG", quality=self.quality, subsampling=2, optimize=False)

    def decode(self, data: bytes) -> Pixels:
        """Its picture."""
        return pixels_of(data, "JPEG")


@dataclass(frozen=True)
class JpegScan:
    """The coded coefficients alone.

    Tables and the size are the coder's, as in the standard's abbreviated format, and as weights
    are the codec's, against which it stands.

    Attributes:
        quality: 1 to 95.
        size: height and width of all pictures.
    """

    quality: int
    size: tuple[int, int]

    def __post_init__(self) -> None:
        quality_in(self.quality, 1, 95)

    def encode(self, pixels: Pixels) -> bytes:
        """What stands behind the header of the scan, without the mark of the end."""
        if pixels.shape[:2] != self.size:
            raise SignalError(f"a picture of {pixels.shape[:2]} for a coder of {self.size}")
        data = Jpeg(self.quality).encode(pixels)
        header = _header(self.quality, self.size)
        if not data.startswith(header):
            raise SignalError("this JPEG encoder writes other tables for each picture")
        return data[len(header) :].removesuffix(_END)

    def decode(self, data: bytes) -> Pixels:
        """The picture."""
        return Jpeg(self.quality).decode(_header(self.quality, self.size) + data + _END)


@lru_cache(maxsize=256)
def _header(quality: int, size: tuple[int, int]) -> bytes:
    """All up to the coefficients."""
    data = Jpeg(quality).encode(np.zeros((*size, 3), np.uint8))
    place = data.index(_SCAN)
    return data[: place + 2 + int.from_bytes(data[place + 2 : place + 4])]
