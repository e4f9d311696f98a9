"""Drafts of what may follow a text: a tree of ids, read by a model in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array, ReadSequence

ROOT = -1
"""The node that stands for what was read before the tree."""


@dataclass(frozen=True, eq=False)
class DraftTree:
    """Ids that may come next, and what may follow each.

    Attributes:
        ids: of the nodes; siblings stand in the order in which they were proposed, and no two have
            one id.
        parents: of each node the number of an earlier node, or `ROOT`.
        drawn_from: by node, `ROOT` included, the probabilities, float64 of shape (vocab,), from
            which its children were drawn one after the other without replacement. Nodes that are
            missing have children that no chance chose.
    """

    ids: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()
    drawn_from: Mapping[int, NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def chain(cls, ids: Sequence[int]) -> DraftTree:
        """One id after the other.

        >>> DraftTree.chain([7, 8, 9]).parents
        (-1, 0, 1)
        """
        return cls(tuple(ids), tuple(range(-1, len(ids) - 1)))

    def depths(self) -> Array:
        """Ancestors of each node."""
        return ReadSequence(nodes=np.array(self.ids), parents=np.array(self.parents)).depths()

    def children(self) -> dict[int, dict[int, int]]:
        """By node, `ROOT` included, the children by id, in their order."""
        found: dict[int, dict[int, int]] = {}
        for node, (id_, parent) in enumerate(zip(self.ids, self.parents, strict=True)):
            found.setdefault(parent, {})[id_] = node
        return found

    def cut(self, levels: int) -> DraftTree:
        """Without nodes at that depth and below; what is kept is numbered anew."""
        if levels > 0 and levels >= len(self):
            return self
        kept = np.flatnonzero(self.depths() < levels).tolist()
        number = {ROOT: ROOT, **{node: at for at, node in enumerate(kept)}}
        return DraftTree(
            tuple(self.ids[node] for node in kept),
            tuple(number[self.parents[node]] for node in kept),
            {number[at]: p for at, p in self.drawn_from.items() if at in number},
        )

    def hung_on(self, id_: int) -> tuple[list[int], list[int]]:
        """Ids and parents of the tree below an id that the model has not read yet, node 0."""
        return [id_, *self.ids], [ROOT, *(parent + 1 for parent in self.parents)]
