"""To one root mean square, as audio codecs bring clips to one loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.normalisers.contract import Normalised, finite


@dataclass(frozen=True)
class Loudness:
    """One factor for the whole signal; silence stays silence. Side information: one float32.

    Attributes:
        level: decibels of the root mean square below 1.
    """

    level: float = -20.0

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """Values of float32, and the factor back as ``gain``."""
        found = finite(values, self)
        size = float(np.sqrt((found**2).mean()))
        gain = np.float32(size / 10 ** (self.level / 20)) if size else np.float32(1.0)
        if not gain > 0:
            raise SignalError(f"a signal of root mean square {size:.3g} is too quiet to be scaled")
        return Normalised((found / float(gain)).astype(np.float32), {"gain": np.array(gain)})

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """Values of float32."""
        gain = float(np.asarray(given.side["gain"], np.float64))
        return (finite(given.values, self) * gain).astype(np.float32)
