"""Energies of many magnitudes by their logarithm, as charge clouds and spectra have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.normalisers.contract import Normalised, finite


@dataclass(frozen=True)
class LogEnergy:
    """``log(1 + x / scale)``, with the sign kept: small values stay as they are but for the scale.

    Attributes:
        scale: where the curve bends, in units of the values.
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise SignalError(f"scale {self.scale}; expected more than 0")

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """Values of float32."""
        found = finite(values, self)
        return Normalised(
            (np.sign(found) * np.log1p(np.abs(found) / self.scale)).astype(np.float32)
        )

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """Values of float64, since they grow exponentially."""
        found = finite(given.values, self)
        return np.asarray(np.sign(found) * np.expm1(np.abs(found)) * self.scale)
