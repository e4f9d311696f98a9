"""Which covers are kept, where there are too many.

The number of all sequences of ids that write a text grows with its length; most of them have next
to no probability. A beam keeps the likeliest covers and says what share of the mass it has dropped,
so what is left is a lower bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tokenry.errors import ModelError

if TYPE_CHECKING:
    from tokenry.decoding.bytewise.covers import Cover
    from tokenry.decoding.piece_order import PieceOrder


@dataclass(frozen=True)
class Beam:
    """The likeliest covers.

    Attributes:
        width: how many are kept.
        share: those with less than this share of the likeliest one's mass are dropped too.
    """

    width: int
    share: float = 0.0

    def __post_init__(self) -> None:
        if self.width < 1 or not 0 <= self.share < 1:
            raise ModelError(
                f"a beam of {self.width} covers and a share of {self.share}; expected one cover or "
                "more and a share from 0 to below 1"
            )

    def chosen(self, covers: list[Cover], order: PieceOrder) -> tuple[list[Cover], float]:
        """The covers that are kept, and the logarithm of their share of the mass."""
        weights = np.array([cover.head.weight() for cover in covers])
        if not len(covers) or np.isinf(weights.max()):
            return covers, 0.0
        masses = np.exp(weights - weights.max()) * [cover.mass(order) for cover in covers]
        kept = np.argsort(-masses, kind="stable")[: self.width]
        kept = np.sort(kept[masses[kept] > self.share * masses.max()])
        if not len(kept):
            return covers[:0], 0.0
        left = float(masses[kept].sum() / masses.sum())
        return [covers[at] for at in kept.tolist()], math.log(left)
