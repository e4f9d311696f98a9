"""What a normaliser is: values of one signal to values that a network takes, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError

Values: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Normalised:
    """Values of one signal and what brings them back.

    Attributes:
        values: as the network takes them.
        side: arrays by name that `undo` needs; a receiver has to be sent them.
    """

    values: Values
    side: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)

    @property
    def bits(self) -> int:
        """Of the side information, as it stands in its arrays."""
        return sum(8 * each.nbytes for each in self.side.values())


class Normaliser(Protocol):
    """A frozen dataclass; ``undo(apply(x))`` is ``x`` up to rounding of float32."""

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """The normalised values of one signal.

        Raises:
            SignalError: a value is NaN or infinite, or not what this normaliser takes.
        """

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """The values as they were; of other normalised values, such as a decoder's, the same way
        back.
        """


def finite(values: NDArray[np.generic], normaliser: object) -> NDArray[np.float64]:
    """The values as float64.

    Raises:
        SignalError: one is NaN or infinite, or there is none.
    """
    found = np.asarray(values, dtype=np.float64)
    name = type(normaliser).__name__
    if found.size == 0:
        raise SignalError(f"{name} was given no values (shape {found.shape})")
    bad = int((~np.isfinite(found)).sum())
    if bad:
        raise SignalError(f"{name} was given {bad} values that are NaN or infinite of {found.size}")
    return found
