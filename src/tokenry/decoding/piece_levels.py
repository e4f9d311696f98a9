"""The trie of pieces, level by level, to be walked by anything that reads bytes.

Nodes of one depth are walked together: each pair of a state and a byte is asked about once, however
many nodes stand there, so a walk through a hundred thousand pieces asks few questions where few
states are reached.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.piece_order import PieceOrder

Integers = NDArray[np.int64]
Step = Callable[[Hashable, int], Hashable | None]
DEAD: Final = -1
SPARSE: Final = 8
"""Pairs a table may have for each node, before they are sorted in its place."""


@dataclass(frozen=True, eq=False)
class Level:
    """The nodes of one depth.

    Attributes:
        parents: numbers of the nodes above, shape (nodes,).
        bytes: that lead to them, shape (nodes,).
        ending: ids whose pieces end at a node, shape (ids,).
        ends: the nodes where they do, shape (ids,).
    """

    parents: Integers
    bytes: NDArray[np.uint8]
    ending: Integers
    ends: Integers


class PieceLevels:
    """All pieces.

    Args:
        order: the pieces in order.
        count: ids, those that write nothing included.
    """

    def __init__(self, order: PieceOrder, count: int) -> None:
        self.count = count
        self._levels = _levels(order)

    def accepted(self, state: Hashable, step: Step) -> NDArray[np.bool_]:
        """Which pieces can be read whole, shape (ids,).

        Args:
            state: before the first byte.
            step: the state after a byte; None where it may not follow.
        """
        found = np.zeros(self.count, np.bool_)
        numbers, states = {state: 0}, [state]
        at = np.zeros(1, np.int64)
        for level in self._levels:
            before = at[level.parents]
            alive = np.flatnonzero(before != DEAD)
            if not len(alive):
                break
            keys = before[alive] * 256 + level.bytes[alive]
            at = np.full(len(before), DEAD, np.int64)
            at[alive] = _stepped(keys, numbers, states, step)
            found[level.ending] = at[level.ends] != DEAD
        return found


def _stepped(
    keys: Integers, numbers: dict[Hashable, int], states: list[Hashable], step: Step
) -> Integers:
    """Numbers of the states behind pairs of a state and a byte."""
    size = 256 * len(states)
    if size <= SPARSE * len(keys) + 4096:
        table = np.full(size, DEAD, np.int64)
        table[keys] = 0
        different = np.flatnonzero(table == 0)
        table[different] = _numbered(different, numbers, states, step)
        return table[keys]
    different, inverse = np.unique(keys, return_inverse=True)
    return _numbered(different, numbers, states, step)[inverse]


def _numbered(
    keys: Integers, numbers: dict[Hashable, int], states: list[Hashable], step: Step
) -> Integers:
    found = np.full(len(keys), DEAD, np.int64)
    for place, key in enumerate(keys.tolist()):
        after = step(states[key >> 8], key & 255)
        if after is None:
            continue
        number = numbers.setdefault(after, len(states))
        if number == len(states):
            states.append(after)
        found[place] = number
    return found


def _levels(order: PieceOrder) -> list[Level]:
    found: list[Level] = []
    left = np.arange(len(order))  # places of pieces that are longer than the depth
    nodes = np.zeros(len(order), np.int64)  # and the nodes where they stand
    for depth in range(int(order.lengths.max(initial=0))):
        longer = order.lengths[left] > depth
        left, nodes = left[longer], nodes[longer]
        bytes_ = order.bytes_at(left, depth)
        fresh = np.ones(len(left), np.bool_)
        fresh[1:] = (nodes[1:] != nodes[:-1]) | (bytes_[1:] != bytes_[:-1])
        parents = nodes[fresh]
        nodes = np.cumsum(fresh) - 1
        ending = order.lengths[left] == depth + 1
        found.append(Level(parents, bytes_[fresh], order.ids[left[ending]], nodes[ending]))
    return found
