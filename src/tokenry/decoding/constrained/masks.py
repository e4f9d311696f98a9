"""Which ids a constraint allows after a beginning: exactly those whose bytes it accepts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.constrained.constraint import Constraint, State, advanced
from tokenry.decoding.piece_levels import PieceLevels
from tokenry.decoding.piece_order import PieceOrder

Mask = NDArray[np.bool_]
KEPT: Final = 512


class Masks(Protocol):
    """Masks of a constraint for one vocabulary."""

    def mask(self, state: State) -> Mask:
        """Which ids may follow, shape (ids,); what writes nothing never may."""

    def consume(self, state: State, id_: int) -> State | None:
        """The state after an id; None where it may not follow."""


class TrieMasks:
    """Walks the trie of pieces with the constraint: common beginnings are asked about once.

    Args:
        constraint: what is asked.
        pieces: bytes by id; None for ids that write nothing.
        levels: the same as a trie; None: it is made.
    """

    def __init__(
        self,
        constraint: Constraint,
        pieces: Sequence[bytes | None],
        levels: PieceLevels | None = None,
    ) -> None:
        self._constraint, self._pieces = constraint, pieces
        self._levels = levels or PieceLevels(PieceOrder(pieces), len(pieces))
        self._known: dict[Hashable, Mask] = {}

    def mask(self, state: State) -> Mask:
        """See `Masks`; masks of the last states are kept."""
        found = self._known.get(state)
        if found is None:
            found = self._levels.accepted(state, self._constraint.advance)
            while len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[state] = found
        return found

    def consume(self, state: State, id_: int) -> State | None:
        """See `Masks`."""
        piece = self._pieces[id_]
        return advanced(self._constraint, state, piece) if piece else None
