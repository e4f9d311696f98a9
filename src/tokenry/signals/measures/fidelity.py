"""How near pixels are to those before: mean absolute and squared error, PSNR."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError

Scores = NDArray[np.float64]
"""A score of each picture, shape (n,)."""
MOST: Final = 100.0
"""Decibels of pixels that are all the same; rounding to 8 bits alone costs all beyond 59."""


def paired(original: NDArray[Any], decoded: NDArray[Any]) -> tuple[Scores, Scores]:
    """Both as float64.

    Raises:
        SignalError: they are not pictures of uint8 of one shape, (n, height, width, 3).
    """
    for name, each in (("original", original), ("decoded", decoded)):
        if each.dtype != np.uint8 or each.ndim != 4 or each.shape[-1] != 3 or 0 in each.shape:
            raise SignalError(
                f"{name} pictures are {each.dtype} of shape {each.shape}; expected uint8, "
                "(n, height, width, 3)"
            )
    if original.shape != decoded.shape:
        raise SignalError(f"decoded pictures are {decoded.shape}, the originals {original.shape}")
    return original.astype(np.float64), decoded.astype(np.float64)


def absolute_error(original: NDArray[Any], decoded: NDArray[Any]) -> Scores:
    """The mean difference in levels of 255, of each picture; errors as for `paired`."""
    a, b = paired(original, decoded)
    return np.asarray(np.abs(a - b).mean(axis=(1, 2, 3)))


def squared_error(original: NDArray[Any], decoded: NDArray[Any]) -> Scores:
    """The mean squared difference in levels of 255, of each picture; errors as for `paired`."""
    a, b = paired(original, decoded)
    return np.asarray(((a - b) ** 2).mean(axis=(1, 2, 3)))


def psnr(original: NDArray[Any], decoded: NDArray[Any]) -> Scores:
    """``10 log10(255² / MSE)`` of each picture, in decibels, at most `MOST`.

    Errors as for `paired`.
    """
    least = 255.0**2 * 10 ** (-MOST / 10)
    return 10 * np.log10(255.0**2 / np.maximum(squared_error(original, decoded), least))
