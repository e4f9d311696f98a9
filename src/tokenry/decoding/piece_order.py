"""Pieces in the order of their bytes: those that begin alike stand together.

A range of places and a depth stand for a node of the trie of all pieces: the ids there share their
first ``depth`` bytes. The children of a node are found by looking at one byte of each piece, so no
trie is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenry.vocabulary import pack


class TrieNode(NamedTuple):
    """Ids whose pieces share their first bytes.

    Attributes:
        low: the first place.
        high: the place after the last.
        depth: bytes that are shared.
    """

    low: int
    high: int
    depth: int


class Branches(NamedTuple):
    """The children of a node.

    Attributes:
        first: the first place of a piece that is longer than the node's depth; those before it end
            there.
        bytes: the next byte of each child, ascending.
        starts: the first place of each child.
        ends: the place after its last.
    """

    first: int
    bytes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class PieceOrder:
    """Ids sorted by their pieces.

    Args:
        pieces: bytes by id; None, or nothing, for an id that writes no bytes.

    Attributes:
        ids: the ids by place, shape (n,).
        root: the node of all of them.
        first_bytes: of their pieces, by place, shape (n,).
        lengths: of their pieces, by place, shape (n,).
    """

    def __init__(self, pieces: Sequence[bytes | None]) -> None:
        ids = [id_ for id_, piece in enumerate(pieces) if piece]
        ids.sort(key=lambda id_: pieces[id_] or b"")
        run, offsets = pack([pieces[id_] for id_ in ids])
        self.ids: NDArray[np.int64] = np.array(ids, np.int64)
        self.root = TrieNode(0, len(ids), 0)
        self._run = np.frombuffer(run, np.uint8)
        self._starts = offsets[:-1].astype(np.int64)
        self.lengths: NDArray[np.int64] = np.diff(offsets).astype(np.int64)
        self.first_bytes: NDArray[np.uint8] = self._run[self._starts]
        self._known: dict[TrieNode, Branches] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def bytes_at(self, places: NDArray[np.int64], depth: int) -> NDArray[np.uint8]:
        """One byte of each of several pieces that have so many."""
        found: NDArray[np.uint8] = self._run[self._starts[places] + depth]
        return found

    def branches(self, node: TrieNode) -> Branches:
        """Where the node's ids go on."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._branches(node)
        return found

    def child(self, node: TrieNode, byte: int) -> TrieNode | None:
        """The ids of a node that go on with ``byte``; None where there are none."""
        branches = self.branches(node)
        at = int(np.searchsorted(branches.bytes, byte))
        if at == len(branches.bytes) or branches.bytes[at] != byte:
            return None
        return TrieNode(int(branches.starts[at]), int(branches.ends[at]), node.depth + 1)

    def descend(self, node: TrieNode | None, data: bytes) -> TrieNode | None:
        """The ids of a node that go on with ``data``."""
        for byte in data:
            if node is None:
                return None
            node = self.child(node, byte)
        return node

    def ending(self, node: TrieNode) -> range:
        """Places of the ids whose pieces are what the node's ids share."""
        return range(node.low, self.branches(node).first)

    def sums(self, node: TrieNode, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums of values by place, over each of `branches`."""
        branches = self.branches(node)
        if not len(branches.bytes):
            return np.zeros(0)
        found: NDArray[np.float64] = np.add.reduceat(
            values[branches.first : node.high], branches.starts - branches.first
        )
        return found

    def _branches(self, node: TrieNode) -> Branches:
        # Of pieces that begin alike the shortest stand first.
        lengths = self.lengths[node.low : node.high]
        first = node.low + int(np.searchsorted(lengths > node.depth, True))
        following = self._run[self._starts[first : node.high] + node.depth]
        starts = np.flatnonzero(np.diff(following.astype(np.int16), prepend=-1)) + first
        ends = np.append(starts[1:], node.high) if len(starts) else starts
        return Branches(first, following[starts - first], starts, ends)
