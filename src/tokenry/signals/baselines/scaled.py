"""Fewer pixels through another coder: what formats of files need below their lowest quality."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import SignalError
from tokenry.signals.baselines.contract import PictureCoder
from tokenry.signals.pictures.picture import Pixels
from tokenry.signals.pictures.resizing import scaled


@dataclass(frozen=True)
class Scaled:
    """Scaled down before, and up to ``size`` after (Lanczos).

    Attributes:
        coder: of the smaller pictures.
        size: height and width of all pictures.
        by: pixels of a side that become one.
    """

    coder: PictureCoder
    size: tuple[int, int]
    by: int = 2

    def __post_init__(self) -> None:
        if self.by < 1 or self.size[0] % self.by or self.size[1] % self.by:
            raise SignalError(f"{self.by} does not divide {self.size}")

    def encode(self, pixels: Pixels) -> bytes:
        """Of the smaller picture."""
        if pixels.shape[:2] != self.size:
            raise SignalError(f"a picture of {pixels.shape[:2]} for a coder of {self.size}")
        height, width = (side // self.by for side in self.size)
        return self.coder.encode(scaled(pixels, height, width))

    def decode(self, data: bytes) -> Pixels:
        """Of the size that was given."""
        return scaled(self.coder.decode(data), *self.size)
