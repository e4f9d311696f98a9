"""The contract of what chooses places to unmask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array

Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class BlockView:
    """A block of several texts after a call.

    Attributes:
        masked: places that are, shape (batch, block).
        proposed: the ids that would be written there; settled ids elsewhere.
        confidence: the model's probability of each proposed id, 1 where settled.
        before: ids before the block, shape (batch, length).
        step: calls for this block before this one.
    """

    masked: Chosen
    proposed: Array
    confidence: NDArray[np.float64]
    before: Array
    step: int


class UnmaskPolicy(Protocol):
    """A frozen dataclass, or a trained network."""

    def choose(self, view: BlockView) -> Chosen:
        """Places to unmask, shape (batch, block); those that are not masked do not count.

        Where it chooses none of a text, the place with the highest confidence is unmasked.
        """


def highest(scores: NDArray[np.float64], masked: Chosen, counts: NDArray[np.integer]) -> Chosen:
    """The masked places with the highest scores, so many of each row.

    >>> highest(np.array([[3., 9, 5]]), np.array([[True, False, True]]), np.array([1])).tolist()
    [[False, False, True]]
    """
    ranked = np.argsort(np.where(masked, -scores, np.inf), axis=1, kind="stable")
    rank = np.empty_like(ranked)
    np.put_along_axis(rank, ranked, np.broadcast_to(np.arange(scores.shape[1]), scores.shape), 1)
    found: Chosen = masked & (rank < counts[:, None])
    return found
