"""Between two quantiles of each channel to [-1, 1], as FAST does with actions.

Pertsch et al. 2025, "FAST: Efficient Action Tokenization", arXiv:2501.09747.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.normalisers.contract import Normalised, finite


@dataclass(frozen=True)
class Quantiles:
    """Quantiles are taken over all axes but the last, which is of channels.

    What lies beyond them stays beyond -1 and 1, so that the way back is exact. A channel that does
    not change becomes 0. Side information: two float32 a channel.
    """

    low: float = 0.01
    high: float = 0.99

    def __post_init__(self) -> None:
        if not 0 <= self.low < self.high <= 1:
            raise SignalError(
                f"quantiles {self.low} and {self.high}; expected 0 <= low < high <= 1"
            )

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """Values of float32, ends as ``low`` and ``high``."""
        found = finite(values, self)
        rows = found.reshape(-1, found.shape[-1] if found.ndim else 1)
        ends = np.quantile(rows, [self.low, self.high], axis=0).astype(np.float32)
        middle, half = _middle_and_half(ends[0], ends[1])
        normal = ((found - middle) / half).astype(np.float32)
        return Normalised(normal, {"low": ends[0], "high": ends[1]})

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """Values of float32."""
        middle, half = _middle_and_half(given.side["low"], given.side["high"])
        return (finite(given.values, self) * half + middle).astype(np.float32)


def _middle_and_half(
    low: NDArray[np.generic], high: NDArray[np.generic]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    ends = np.asarray(low, np.float64), np.asarray(high, np.float64)
    half = (ends[1] - ends[0]) / 2
    return (ends[0] + ends[1]) / 2, np.where(half > 0, half, 1.0)
