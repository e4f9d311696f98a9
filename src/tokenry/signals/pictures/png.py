"""PNG files of pixels."""

from __future__ import annotations

import io
import os
from pathlib import Path

from tokenry.errors import SignalError
from tokenry.extras import importing
from tokenry.files import write_atomically
from tokenry.signals.pictures.picture import Pixels


def png_bytes(pixels: Pixels) -> bytes:
    """A PNG without metadata: the same pixels are the same bytes."""
    with importing("signals", "writing pictures"):
        from PIL import Image
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def write_png(pixels: Pixels, path: str | os.PathLike[str]) -> Path:
    """Write pixels, shape (height, width, 3) uint8, as a PNG, whole or not at all.

    Raises:
        SignalError: the shape or the type is another.
    """
    if pixels.ndim != 3 or pixels.shape[-1] != 3 or pixels.dtype != "uint8" or 0 in pixels.shape:
        raise SignalError(
            f"{path} would be written of shape {pixels.shape}, {pixels.dtype}; expected "
            "(height, width, 3), uint8"
        )
    return write_atomically(path, png_bytes(pixels))
