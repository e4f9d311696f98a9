"""Formats of files through Pillow."""

from __future__ import annotations

import io
from typing import Any

from tokenry.errors import SignalError
from tokenry.extras import importing
from tokenry.signals.pictures.picture import Pixels, decode_picture


def file_of(pixels: Pixels, kind: str, **options: Any) -> bytes:
    """A file of a format that Pillow writes.

    Raises:
        SignalError: Pillow cannot write it.
    """
    with importing("signals", f"writing {kind}"):
        from PIL import Image
    buffer = io.BytesIO()
    try:
        Image.fromarray(pixels).save(buffer, kind, **options)
    except (KeyError, OSError, ValueError) as error:
        raise SignalError(f"Pillow cannot write {kind} here: {error}") from None
    return buffer.getvalue()


def pixels_of(data: bytes, kind: str) -> Pixels:
    """The picture of a file; errors as for `decode_picture`."""
    return decode_picture(data, kind).pixels


def quality_in(quality: int, least: int, most: int) -> None:
    """Raise where a quality is none."""
    if not least <= quality <= most:
        raise SignalError(f"quality {quality}; expected {least} to {most}")
