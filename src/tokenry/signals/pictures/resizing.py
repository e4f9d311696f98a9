"""Pixels of one size: the middle square, scaled; tiles of a large picture; odd sizes filled up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tokenry.errors import SignalError
from tokenry.extras import importing
from tokenry.signals.pictures.picture import Pixels


def square(pixels: Pixels, size: int) -> Pixels:
    """The largest square in the middle, scaled to ``size`` (Lanczos); pixels of it stay.

    Raises:
        SignalError: ``size`` is below 1.
    """
    if size < 1:
        raise SignalError(f"size {size}; expected 1 pixel or more")
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = pixels[top : top + side, left : left + side]
    return scaled(cut, size, size)


def scaled(pixels: Pixels, height: int, width: int) -> Pixels:
    """The same picture of another size (Lanczos)."""
    if pixels.shape[:2] == (height, width):
        return pixels
    with importing("signals", "scaling pictures"):
        from PIL import Image
    image = Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(image)


def tiles(pixels: Pixels, size: int, step: int | None = None) -> Iterator[Pixels]:
    """Squares of a picture, row by row; what is left at right and below is left out.

    Args:
        pixels: shape (height, width, 3).
        size: of a tile.
        step: from one tile to the next; None: ``size``.
    """
    step = step or size
    for top in range(0, pixels.shape[0] - size + 1, step):
        for left in range(0, pixels.shape[1] - size + 1, step):
            yield pixels[top : top + size, left : left + size]
