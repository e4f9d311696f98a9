"""Token recycling: a table of the likeliest successors of each id, read as a tree.

Source: Luo et al. 2024, "Turning Trash into Treasure: Accelerating Inference of Large Language
Models with Token Recycling", arXiv:2408.08696. Each call of the target computes logits at all
nodes of a draft, most of which are thrown away. Here the ids with the highest logits at a node are
kept as the successors of the node's id, and the next tree is filled from that table, breadth first,
over a fixed shape. No model is trained, and the table takes ``vocab_size * ranks`` integers.

Where an id stands at several nodes of one draft, the last node counts. A table may be warmed with a
corpus; ids that were never seen have no successors, and their branches stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.drafter import Setting
from tokenry.errors import ModelError

UNKNOWN: Final = -1
DECAY: Final = 0.45
"""How much likelier each rank is than the next, for the shape of the tree."""


@dataclass(frozen=True)
class Recycling:
    """Drafts from remembered successors.

    Attributes:
        ranks: successors that are kept for each id.
        nodes: of the tree.
        levels: of the tree.
        warm: a table to begin with, of `warmed`; None: an empty one.
    """

    ranks: int = 8
    nodes: int = 80
    levels: int = 6
    warm: NDArray[np.int32] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if min(self.ranks, self.nodes, self.levels) < 1:
            raise ModelError(
                f"ranks={self.ranks}, nodes={self.nodes}, levels={self.levels}; each is 1 or more"
            )

    def session(self, setting: Setting) -> Recycled:
        """Begin a run; all texts of a batch share one table."""
        table = np.full((setting.vocab_size, self.ranks), UNKNOWN, np.int32)
        if self.warm is not None:
            if self.warm.shape != table.shape:
                raise ModelError(
                    f"a table of shape {self.warm.shape}, expected {table.shape}: ids of the "
                    "model times ranks"
                )
            table[:] = self.warm
        return Recycled(table, balanced(self.ranks, self.nodes, self.levels))


class Recycled:
    """A session of `Recycling`."""

    reach = 0

    def __init__(self, table: NDArray[np.int32], shape: tuple[tuple[int, int], ...]) -> None:
        self.table, self.shape = table, shape

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """The shape, filled from the table."""
        return [self._tree(text[-1]) for text in texts]

    def learn(
        self,
        texts: Sequence[Sequence[int]],
        trees: Sequence[DraftTree],
        logits: NDArray[np.float32],
    ) -> None:
        """Keep the likeliest ids at all nodes, and after the texts."""
        for text, tree, rows in zip(texts, trees, logits, strict=True):
            ids = [text[-1], *tree.ids]
            self.table[ids] = likeliest(rows[: len(ids)], self.table.shape[1])

    def keep(self, chosen: Sequence[int]) -> None:
        """The table is for all texts."""

    def _tree(self, last: int) -> DraftTree:
        ids: list[int] = []
        parents: list[int] = []
        nodes = {ROOT: ROOT}  # of the shape: of the tree
        for number, (parent, rank) in enumerate(self.shape):
            if parent not in nodes:
                continue
            above = last if parent == ROOT else ids[nodes[parent]]
            id_ = int(self.table[above, rank])
            if id_ != UNKNOWN:
                nodes[number] = len(ids)
                ids.append(id_)
                parents.append(nodes[parent])
        return DraftTree(tuple(ids), tuple(parents))


def likeliest(logits: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """The ids with the highest logits, the highest first, shape (rows, count)."""
    if count >= logits.shape[1]:
        found: NDArray[np.int64] = np.argsort(-logits, axis=1, kind="stable")
        return np.pad(found, ((0, 0), (0, count - found.shape[1])), constant_values=UNKNOWN)
    some = np.argpartition(-logits, count, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(logits, some, 1), axis=1, kind="stable")
    return np.take_along_axis(some, order, 1)


@cache
def balanced(ranks: int, nodes: int, levels: int) -> tuple[tuple[int, int], ...]:
    """A shape that expects most accepted ids, if a child of rank r is right with a chance of
    ``(1 - DECAY) * DECAY**r`` wherever it stands.

    Returns:
        Of each node its parent and its rank among its siblings, parents first, level by level.
    """
    from heapq import heappop, heappush

    chances = [(1 - DECAY) * DECAY**rank for rank in range(ranks)]
    heap: list[tuple[float, tuple[int, ...]]] = [(-chances[0], (0,))]
    chosen: list[tuple[int, ...]] = []
    while heap and len(chosen) < nodes:
        value, path = heappop(heap)
        chosen.append(path)
        if path[-1] + 1 < ranks:
            beside = value * chances[path[-1] + 1] / chances[path[-1]]
            heappush(heap, (beside, (*path[:-1], path[-1] + 1)))
        if len(path) < levels:
            heappush(heap, (value * chances[0], (*path, 0)))
    chosen.sort(key=lambda path: (len(path), path))
    number = {(): ROOT, **{path: at for at, path in enumerate(chosen)}}
    return tuple((number[path[:-1]], path[-1]) for path in chosen)


def warmed(texts: Iterable[Sequence[int]], vocab_size: int, ranks: int = 8) -> NDArray[np.int32]:
    """A table from a corpus: the commonest successors of each id.

    Args:
        texts: ids of texts.
        vocab_size: of the target.
        ranks: successors of each id.

    Returns:
        int32, shape (vocab_size, ranks); -1 where fewer were seen.
    """
    pairs = [np.stack([x[:-1], x[1:]]) for x in map(np.asarray, texts) if len(x) > 1]
    table = np.full((vocab_size, ranks), UNKNOWN, np.int32)
    if not pairs:
        return table
    keys, counts = np.unique(
        np.ravel_multi_index(np.concatenate(pairs, 1).astype(np.int64), (vocab_size, vocab_size)),
        return_counts=True,
    )
    before, after = np.divmod(keys, vocab_size)
    order = np.lexsort((after, -counts, before))
    before, after = before[order], after[order]
    first = np.r_[True, before[1:] != before[:-1]]
    rank = np.arange(len(before)) - np.flatnonzero(first)[np.cumsum(first) - 1]
    kept = rank < ranks
    table[before[kept], rank[kept]] = after[kept]
    return table
