"""One picture: pixels of 8 bits in red, green and blue, whatever the file or the array had.

Grey becomes three equal channels; 16 bits are rounded to 8; what is transparent is laid over white;
a palette, CMYK and an orientation in EXIF are undone. What has no right answer is an error.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.extras import importing

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels: TypeAlias = NDArray[np.uint8]
"""Shape (height, width, 3): red, green, blue; or such pictures behind one another."""
SUFFIXES: Final = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".ppm",
    ".pgm",
)
_WHITE: Final = 255.0
_DEEP: Final = 65_535.0


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels with what is known of them.

    Attributes:
        pixels: shape (height, width, 3), uint8.
        name: the path within its source, without the suffix: ``test/cat/0001``.
        label: the class that it is of; None where none is known.
    """

    pixels: Pixels
    name: str = "picture"
    label: str | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.pixels.shape[0], self.pixels.shape[1]


def as_picture(array: Any, name: str = "picture", label: str | None = None) -> Picture:
    """A picture of an array.

    Args:
        array: shape (height, width), or with a last axis of 1 (grey), 2 (grey, alpha), 3 or 4
            (alpha) channels; uint8, uint16, bool, or floats from 0 to 1.
        name: for messages.
        label: of its class.

    Raises:
        SignalError: another shape or type, no pixels, NaN, infinities, or floats beyond 0 to 1.
    """
    values = np.asarray(array)
    if values.ndim == 2:
        values = values[..., None]
    if values.ndim != 3 or values.shape[-1] not in (1, 2, 3, 4):
        raise SignalError(
            f"{name} has shape {np.shape(array)}; expected (height, width) or "
            "(height, width, channels) with 1 to 4 channels"
        )
    if 0 in values.shape:
        raise SignalError(f"{name} has no pixels: its shape is {values.shape}")
    unit = _as_unit(values, name)
    color, alpha = _split(unit)
    if alpha is not None:
        color = color * alpha + (1.0 - alpha)
    return Picture(np.rint(color * _WHITE).astype(np.uint8), name, label)


def _as_unit(values: NDArray[Any], name: str) -> NDArray[np.float64]:
    """The same from 0 to 1."""
    if values.dtype == np.uint8:
        return values / _WHITE
    if values.dtype == np.uint16:
        return values / _DEEP
    if values.dtype == np.bool_:
        return values.astype(np.float64)
    if not np.issubdtype(values.dtype, np.floating):
        raise SignalError(
            f"{name} has values of {values.dtype}; expected uint8, uint16, bool or floats 0 to 1"
        )
    found = values.astype(np.float64)
    if not np.isfinite(found).all():
        count = int((~np.isfinite(found)).sum())
        raise SignalError(
            f"{name} has {count} values that are NaN or infinite; mend or leave it out"
        )
    if found.min() < 0 or found.max() > 1:
        raise SignalError(
            f"{name} has floats from {found.min():.4g} to {found.max():.4g}; expected 0 to 1: "
            "divide them by their largest value, or give uint8"
        )
    return found


def _split(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Three channels, and the alpha where there is one."""
    count = values.shape[-1]
    alpha = values[..., -1:] if count in (2, 4) else None
    color = values[..., : count - 1] if alpha is not None else values
    return (np.repeat(color, 3, axis=-1) if color.shape[-1] == 1 else color), alpha


def decode_picture(data: bytes, name: str = "picture", label: str | None = None) -> Picture:
    """A picture of the bytes of a file: PNG, JPEG, WebP, BMP, GIF (its first), TIFF, PNM.

    Raises:
        SignalError: the file is empty, broken, cut off, or of no such format.
    """
    if not data:
        raise SignalError(f"{name} is empty; expected a picture")
    with importing("signals", "reading pictures"):
        from PIL import Image, ImageOps, UnidentifiedImageError
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data)) as opened:
                opened.load()
                array = _array_of(ImageOps.exif_transpose(opened))
        except UnidentifiedImageError:
            raise SignalError(
                f"{name} is no picture ({len(data):,} bytes that no known format begins with); "
                f"expected one of {', '.join(SUFFIXES)}"
            ) from None
        except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError) as error:
            raise SignalError(f"{name} is broken or cut off: {error}") from None
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise SignalError(f"{name} is too large to be read: {error}") from None
    return as_picture(array, name, label)


def _array_of(image: Image) -> NDArray[Any]:
    """Pixels as `as_picture` takes them."""
    mode = image.mode
    if mode in ("I;16", "I;16B", "I;16L", "I;16N"):
        return np.asarray(image).astype(np.uint16)
    if mode == "I":  # of 32 bits, in which Pillow keeps a PNG's 16
        return np.asarray(image).clip(0, int(_DEEP)).astype(np.uint16)
    if mode == "F":
        return np.asarray(image, dtype=np.float64)
    if mode in ("L", "RGB", "1"):
        return np.asarray(image)
    has_alpha = "transparency" in image.info or mode in ("RGBA", "LA", "PA", "RGBa", "La")
    return np.asarray(image.convert("RGBA" if has_alpha else "RGB"))
