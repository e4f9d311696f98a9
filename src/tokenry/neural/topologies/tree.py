"""Tree: nodes of a draft see what was before the tree, their ancestors and themselves.

Miao et al. 2023, arXiv:2305.09781; Cai et al. 2024, arXiv:2401.10774.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import PartError
from tokenry.neural.topologies import Mask, with_corner


@dataclass(frozen=True, kw_only=True)
class Tree:
    """The last ``len(parents)`` places are the nodes of a tree; those before them are causal.

    Attributes:
        parents: for each node the node that it follows, an earlier one; -1 for those that follow
            the text before the tree.
    """

    parents: tuple[int, ...]

    causal = True

    def __post_init__(self) -> None:
        for node, parent in enumerate(self.parents):
            if not -1 <= parent < node:
                raise PartError(
                    f"node {node} of a tree follows {parent}, expected an earlier node or -1"
                )

    def mask(self, queries: int, keys: int) -> Mask:
        """The text before the tree, and a node's ancestors and itself."""
        nodes = len(self.parents)
        if keys < nodes:
            raise PartError(f"a tree of {nodes} nodes does not fit into {keys} places")
        return with_corner(queries, keys, self.ancestors())

    def ancestors(self) -> Mask:
        """Which nodes each node sees: its ancestors and itself, shape (nodes, nodes)."""
        seen = np.eye(len(self.parents), dtype=np.bool_)
        for node, parent in enumerate(self.parents):
            if parent >= 0:
                seen[node] |= seen[parent]
        return seen

    def depths(self) -> NDArray[np.int64]:
        """How many ancestors each node has: its position after that of the text's last place."""
        depths: NDArray[np.int64] = self.ancestors().sum(axis=1) - 1
        return depths
