"""What a baseline is: pixels to bytes and back, and how an album is coded by one."""

from __future__ import annotations

import os
import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.signals.measures.measured import CodedPictures
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Pixels


class PictureCoder(Protocol):
    """A frozen dataclass. What all pictures of an album share, such as tables, is part of it."""

    def encode(self, pixels: Pixels) -> bytes:
        """The bytes of one picture, shape (height, width, 3).

        Raises:
            SignalError: the coder is of another size.
        """

    def decode(self, data: bytes) -> Pixels:
        """A picture of these bytes.

        Raises:
            SignalError: they are broken.
        """


def code_album(
    coder: PictureCoder,
    album: Album,
    *,
    codes: NDArray[np.int64] | None = None,
    levels: tuple[int, ...] = (),
) -> CodedPictures:
    """All pictures through a coder, one by one; bits are those of the bytes, times are CPU time.

    Args:
        coder: of any kind.
        album: pictures of one size.
        codes, levels: as in `CodedPictures`, for coders that have codes.
    """
    start = cpu_seconds()
    data = [coder.encode(pixels) for pixels in album.pixels]
    between = cpu_seconds()
    decoded = np.stack([coder.decode(each) for each in data])
    end = cpu_seconds()
    bits = np.array([8.0 * len(each) for each in data])
    return CodedPictures(decoded, bits, codes, levels, between - start, end - between)


def cpu_seconds() -> float:
    """Of this process and of the programs that it ran."""
    return time.process_time() + sum(os.times()[2:4])
