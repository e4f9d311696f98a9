"""Images: pixels of one size, 8 bits a channel, to values from -1 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.neural.parts import at_least


@dataclass(frozen=True, kw_only=True)
class Images:
    """Arrays of shape (height, width, channels), uint8.

    Readers of files bring other sizes, depths and channels to this (`tokenry.signals.pictures`).

    Attributes:
        height: in pixels.
        width: in pixels.
        channels: 3 of colour, 1 of grey.
    """

    height: int = 32
    width: int = 32
    channels: int = 3

    def __post_init__(self) -> None:
        at_least(self, 1, "height", "width", "channels")

    @classmethod
    def square(cls, size: int, channels: int = 3) -> Images:
        """Images of one height and width."""
        return cls(height=size, width=size, channels=channels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Channels, height, width."""
        return self.channels, self.height, self.width

    def values(self, items: Sequence[Any] | NDArray[Any]) -> NDArray[np.float32]:
        """Values of uint8 pixels, shape (items, channels, height, width).

        Raises:
            SignalError: an item is of another shape or type.
        """
        expected = self.height, self.width, self.channels
        arrays = [items] if isinstance(items, np.ndarray) else [np.asarray(e)[None] for e in items]
        for each in arrays:
            if each.dtype != np.uint8 or each.shape[1:] != expected:
                raise SignalError(
                    f"an image of shape {each.shape[1:]}, {each.dtype}; this codec takes "
                    f"{expected}, uint8; tokenry.signals.pictures.open_album(..., size=...) "
                    "opens files so"
                )
        pixels = np.concatenate([np.zeros((0, *expected), np.uint8), *arrays])
        scaled = pixels.transpose(0, 3, 1, 2).astype(np.float32) / np.float32(127.5)
        return np.ascontiguousarray(scaled - np.float32(1.0))

    def restore(self, values: NDArray[np.float32]) -> NDArray[Any]:
        """Pixels, uint8; what lies beyond -1 and 1 is cut off, and NaN is black."""
        clean = np.nan_to_num(values, nan=-1.0, posinf=1.0, neginf=-1.0)
        levels = np.rint((clean.astype(np.float64) + 1.0) * 127.5).clip(0, 255)
        return np.ascontiguousarray(levels.astype(np.uint8).transpose(0, 2, 3, 1))
