"""So many places a call: from left to right, at random, or the most confident ones.

Source of the schedule: Nie et al. 2025, LLaDA, arXiv:2502.09992: a block of n places and s steps
unmasks n // s of them a step, and one more in each of the first n % s.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.diffusion.policy import BlockView, Chosen, highest
from tokenry.seeds import generator


def counts(view: BlockView, steps: int) -> NDArray[np.int64]:
    """Places to unmask now, shape (batch,), if the block is to take so many steps."""
    places = view.masked.shape[1]
    now = places // steps + (view.step < places % steps)
    return np.full(len(view.masked), max(now, 1))


@dataclass(frozen=True)
class InOrder:
    """From left to right, in ``steps`` calls a block."""

    steps: int

    def choose(self, view: BlockView) -> Chosen:
        """The first masked places."""
        places = np.arange(view.masked.shape[1], dtype=np.float64)
        return highest(
            np.broadcast_to(-places, view.masked.shape), view.masked, counts(view, self.steps)
        )


@dataclass(frozen=True)
class AtRandom:
    """Places by chance, in ``steps`` calls a block."""

    steps: int
    seed: int = 0
    _source: np.random.Generator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_source", generator(self.seed, "unmask at random"))

    def choose(self, view: BlockView) -> Chosen:
        """Any masked places."""
        return highest(
            self._source.random(view.masked.shape), view.masked, counts(view, self.steps)
        )


@dataclass(frozen=True)
class Confident:
    """The most confident places, in ``steps`` calls a block."""

    steps: int

    def choose(self, view: BlockView) -> Chosen:
        """Those with the highest confidence."""
        return highest(view.confidence, view.masked, counts(view, self.steps))
