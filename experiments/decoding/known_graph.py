"""A task whose steps can be undecided for long: walks through a graph that a model knows by heart.

From each place a few arrows lead on. A prompt names a beginning and two places, of which one can be
reached in `STEPS` steps; the answer is a walk that ends there. A model learns arrows from walks.
Which arrow to take first hangs on where all walks from there end, and pairs of a beginning and an
end that are scored were never learnt: so a model is unsure at first, and a step that settles on one
place can miss the end, where one that keeps several need not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array
from tokenry.seeds import generator

PLACES: Final = 200
ARROWS: Final = 2
STEPS: Final = 4
BEHIND, IDS = PLACES, PLACES + 1
PROMPT: Final = 4
HELD: Final = 0.3
"""Share of the pairs of a beginning and an end that are not learnt from."""
DRAWN: Final = 12  # walks of which one at least has a held-out pair, hardly ever none


@dataclass(frozen=True, eq=False)
class Graph:
    """Arrows, by seed.

    Attributes:
        arrows: where they lead, shape (PLACES, ARROWS); as many lead to each place.
        ends: whether a place is reached from another in `STEPS` steps, shape (PLACES, PLACES).
        held: pairs of a beginning and an end that are only scored, likewise.
        seed: of all chance.
    """

    arrows: Array
    ends: NDArray[np.bool_]
    held: NDArray[np.bool_]
    seed: int

    @classmethod
    def drawn(cls, seed: int) -> Graph:
        """By chance."""
        source = generator(seed, "known graph")
        arrows = np.stack([source.permutation(PLACES) for _ in range(ARROWS)], axis=1)
        step = np.zeros((PLACES, PLACES), np.int64)
        np.add.at(step, (np.repeat(np.arange(PLACES), ARROWS), arrows.ravel()), 1)
        ends = np.linalg.matrix_power(step, STEPS) > 0
        return cls(arrows, ends, source.random((PLACES, PLACES)) < HELD, seed)

    def walks(self, count: int, purpose: str, *, held: bool) -> Array:
        """Prompts with their walks, shape (count, PROMPT + STEPS): the beginning, the end and a
        place that is none, in either order, and `BEHIND`; then a place a step."""
        source = generator(self.seed, "walks", purpose)
        walk = [source.integers(0, PLACES, DRAWN * count)]
        for _ in range(STEPS):
            walk.append(self.arrows[walk[-1], source.integers(0, ARROWS, DRAWN * count)])
        chosen = np.flatnonzero(self.held[walk[0], walk[-1]] == held)[:count]
        first, *path = (each[chosen] for each in walk)
        other = (source.random((len(chosen), PLACES)) * ~self.ends[first]).argmax(1)
        swap = source.random(len(chosen)) < 0.5
        both = np.where(swap, [other, path[-1]], [path[-1], other])
        return np.stack([first, *both, np.full(len(chosen), BEHIND), *path], axis=1)
