"""Structural similarity: means, contrasts and correlations in windows.

Wang, Bovik, Sheikh, Simoncelli 2004, "Image quality assessment: from error visibility to structural
similarity". A Gaussian window of 11 x 11 (sigma 1.5), population variances, the mean over the
places where the window lies within the picture, and over red, green and blue.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.measures.fidelity import Scores, paired

_RADIUS: Final = 5
_SIGMA: Final = 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_AT_ONCE: Final = 1 << 22  # values of float64 in one array


def ssim(original: NDArray[Any], decoded: NDArray[Any]) -> Scores:
    """Of each picture, 1 where both are the same.

    Raises:
        SignalError: as for `fidelity.paired`, or a side has fewer than 11 pixels.
    """
    a, b = paired(original, decoded)
    if min(a.shape[1:3]) <= 2 * _RADIUS:
        raise SignalError(f"pictures of {a.shape[1:3]} pixels; SSIM's window needs 11 or more")
    step = max(1, _AT_ONCE // a[0].size)
    parts = [_ssim(a[i : i + step], b[i : i + step]) for i in range(0, len(a), step)]
    return np.concatenate(parts)


def _ssim(a: Scores, b: Scores) -> Scores:
    mean_a, mean_b = _smooth(a), _smooth(b)
    var_a = _smooth(a * a) - mean_a**2
    var_b = _smooth(b * b) - mean_b**2
    shared = _smooth(a * b) - mean_a * mean_b
    above = (2 * mean_a * mean_b + _C1) * (2 * shared + _C2)
    below = (mean_a**2 + mean_b**2 + _C1) * (var_a + var_b + _C2)
    found: Scores = (above / below).mean(axis=(1, 2, 3))
    return found


def _smooth(values: Scores) -> Scores:
    """The window's mean where it lies within, along height, then along width."""
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    window = np.exp(-0.5 * (offsets / _SIGMA) ** 2)
    window /= window.sum()
    for axis in (1, 2):
        size = values.shape[axis] - 2 * _RADIUS
        rows = [
            weight * np.take(values, range(place, place + size), axis=axis)
            for place, weight in enumerate(window)
        ]
        values = np.sum(rows, axis=0)
    return values
