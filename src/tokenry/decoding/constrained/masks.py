"""Which ids a constraint allows after a beginning: exactly those whose bytes it accepts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.constrained.constraint import Constraint, State, advanced
from tokenry.decoding.piece_order import PieceOrder, TrieNode

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
        order: the same, sorted; None: it is made.
    """

    def __init__(
        self,
        constraint: Constraint,
        pieces: tuple[bytes | None, ...],
        order: PieceOrder | None = None,
    ) -> None:
        self._constraint, self._pieces = constraint, pieces
        self._order = order or PieceOrder(pieces)
        self._known: dict[Hashable, Mask] = {}

    def mask(self, state: State) -> Mask:
        """See `Masks`; masks of the last states are kept."""
        found = self._known.get(state)
        if found is None:
            found = np.zeros(len(self._pieces), np.bool_)
            found[self._order.ids[self._places(state)]] = True
            while len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[state] = found
        return found

    def consume(self, state: State, id_: int) -> State | None:
        """See `Masks`."""
        piece = self._pieces[id_]
        return advanced(self._constraint, state, piece) if piece else None

    def _places(self, state: State) -> list[int]:
        found: list[int] = []
        left: list[tuple[TrieNode, State]] = [(self._order.root, state)]
        while left:
            node, at = left.pop()
            branches = self._order.branches(node)
            for byte, low, high in zip(
                branches.bytes.tolist(),
                branches.starts.tolist(),
                branches.ends.tolist(),
                strict=True,
            ):
                after = self._constraint.advance(at, byte)
                if after is not None:
                    child = TrieNode(low, high, node.depth + 1)
                    found += self._order.ending(child)
                    left.append((child, after))
        return found
