"""Baselines at a number of bits: the setting of each that comes nearest from below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.baselines.contract import PictureCoder
from tokenry.signals.baselines.jpeg import Jpeg, JpegScan
from tokenry.signals.baselines.jpeg_xl import JpegXl, has_jpeg_xl
from tokenry.signals.baselines.scaled import Scaled
from tokenry.signals.baselines.webp import WebP, WebPFrame
from tokenry.signals.pictures.album import Album

Size = tuple[int, int]
Ladder = Callable[[Size], Sequence[tuple[str, PictureCoder]]]
"""Settings of a format for pictures of a size, from few bits to many, with a text of each."""


def _qualities(most: int) -> list[int]:
    return sorted({1, 2, 3, 4, 5, *range(6, 31, 2), *range(30, most + 1, 5)})


def _jpeg(size: Size) -> list[tuple[str, PictureCoder]]:
    return [(f"quality {q}", Jpeg(q)) for q in _qualities(95)]


def _webp(size: Size) -> list[tuple[str, PictureCoder]]:
    return [(f"quality {q}", WebP(q)) for q in [0, *_qualities(100)]]


def _jpeg_scan(size: Size) -> list[tuple[str, PictureCoder]]:
    half = _half(size)
    small = [(f"half, quality {q}", Scaled(JpegScan(q, half), size)) for q in _qualities(60)]
    return [*small, *((f"quality {q}", JpegScan(q, size)) for q in _qualities(95))]


def _webp_frame(size: Size) -> list[tuple[str, PictureCoder]]:
    half = _half(size)
    small = [(f"half, quality {q}", Scaled(WebPFrame(q, half), size)) for q in [0, *_qualities(60)]]
    return [*small, *((f"quality {q}", WebPFrame(q, size)) for q in [0, *_qualities(100)])]


def _jpeg_xl(size: Size) -> list[tuple[str, PictureCoder]]:
    distances = (25, 20, 16, 13, 10, 8, 6.4, 5, 4, 3, 2, 1.5, 1, 0.7, 0.5)
    half = _half(size)
    small = [(f"half, distance {d:g}", Scaled(JpegXl(d), size)) for d in distances if half[0] >= 8]
    return [*small, *((f"distance {d:g}", JpegXl(d)) for d in distances)]


def _half(size: Size) -> Size:
    return size[0] // 2, size[1] // 2


FORMATS: Final[Mapping[str, Ladder]] = MappingProxyType(
    {
        "JPEG": _jpeg,
        "JPEG, header shared": _jpeg_scan,
        "WebP": _webp,
        "WebP, header shared": _webp_frame,
        "JPEG XL": _jpeg_xl,
    }
)
"""Formats of files. Those with a shared header do without what all pictures of one size and quality
have in common, as a codec does without its weights.
"""


def formats_here() -> list[str]:
    """Names of `FORMATS` that can be used on this machine."""
    return [name for name in FORMATS if name != "JPEG XL" or has_jpeg_xl()]


def format_at_bits(
    name: str, album: Album, bits: float, *, sample: int = 64
) -> tuple[str, PictureCoder] | None:
    """The setting of a format whose pictures are best at no more bits than given, on average.

    Args:
        name: of `FORMATS`.
        album: pictures to choose on; not those that are measured.
        bits: of a picture.
        sample: pictures that are tried.

    Returns:
        What the setting is called, and its coder; None where all take more.

    Raises:
        SignalError: there is no such format.
    """
    if name not in FORMATS:
        raise SignalError(f"no format is named {name!r}; there are {', '.join(FORMATS)}")
    size = album.pixels.shape[1], album.pixels.shape[2]
    places = np.linspace(0, len(album) - 1, min(sample, len(album))).round().astype(np.int64)
    best: tuple[float, tuple[str, PictureCoder]] | None = None
    for text, coder in FORMATS[name](size):
        error = _error_within(coder, album, places, bits)
        if error is not None and (best is None or error < best[0]):
            best = error, (text, coder)
    return None if best is None else best[1]


def _error_within(
    coder: PictureCoder, album: Album, places: NDArray[np.int64], bits: float
) -> float | None:
    """The mean squared error; None where the bits are more."""
    first = coder.encode(album.pixels[places[0]])
    if 8 * len(first) > 4 * bits:
        return None
    data = [coder.encode(album.pixels[place]) for place in places]
    if 8 * np.mean([len(each) for each in data]) > bits:
        return None
    pairs = zip(data, album.pixels[places], strict=True)
    return float(np.mean([((coder.decode(a).astype(float) - b) ** 2).mean() for a, b in pairs]))
