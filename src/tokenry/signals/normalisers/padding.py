"""Sizes that no patch divides: filled up at the end, and cut back to what was there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.normalisers.contract import Normalised, finite


@dataclass(frozen=True)
class FilledUp:
    """The first axes to the next multiples, with the values of the edge.

    Side information: 32 bits an axis. Values are as they were, float32.

    Attributes:
        multiple: what each axis becomes a multiple of.
        axes: so many axes from the first.
    """

    multiple: int = 16
    axes: int = 2

    def __post_init__(self) -> None:
        if self.multiple < 1 or self.axes < 1:
            raise SignalError(f"multiple {self.multiple} of {self.axes} axes; expected 1 or more")

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """The filled array, and the sizes before as ``sizes``."""
        found = finite(values, self)
        if found.ndim < self.axes:
            raise SignalError(f"{found.ndim} axes; expected {self.axes} or more to fill up")
        more = [(0, -size % self.multiple) for size in found.shape[: self.axes]]
        filled = np.pad(found, more + [(0, 0)] * (found.ndim - self.axes), mode="edge")
        sizes = np.array(found.shape[: self.axes], np.uint32)
        return Normalised(filled.astype(np.float32), {"sizes": sizes})

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """The part that was there."""
        sizes = np.asarray(given.side["sizes"]).astype(int).tolist()
        return given.values[tuple(slice(size) for size in sizes)]
