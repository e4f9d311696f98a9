"""Slot: what a signal is outside, and the values that a network takes, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Carrier(Protocol):
    """A frozen dataclass; ``restore(values(items))`` gives the items back."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the values of an item, channels first: (channels, height, width)."""

    def values(self, items: Sequence[Any] | NDArray[Any]) -> NDArray[np.float32]:
        """Normalised values, shape (items, \\*shape), about -1 to 1.

        Raises:
            SignalError: an item is of another shape or type, or holds NaN.
        """

    def restore(self, values: NDArray[np.float32]) -> NDArray[Any]:
        """Items of values, such as those of a decoder, shape (items, ...)."""
