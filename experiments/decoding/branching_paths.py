"""Paths to a goal in a tree: steps that a small model cannot choose before it has gone further.

A prompt has the edges of a tree and of a chain, by random names and in random order, then two
goals, then the root. What follows is the path from the root to the goal that is in the tree; the
other goal ends the chain. At first both ways look alike to a model of few blocks, which does not
see so far: it is unsure. A step or two later it sees which nodes lead to a goal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array
from tokenry.seeds import generator

BRANCHES: Final = (2, 2, 1)
"""Children of each node, by its depth."""
DEPTH: Final = len(BRANCHES)
NAMES: Final = 20
GOALS, BEGIN = NAMES, NAMES + 1
IDS: Final = NAMES + 2


def _tree() -> list[tuple[int, int]]:
    """Edges of the tree from node 0, level by level, then of the chain, whose nodes come last."""
    edges: list[tuple[int, int]] = []
    level, nodes = [0], 1
    for branches in BRANCHES:
        below = list(range(nodes, nodes + branches * len(level)))
        edges += [(level[at // branches], node) for at, node in enumerate(below)]
        level, nodes = below, nodes + len(below)
    return edges + [(nodes + each, nodes + each + 1) for each in range(DEPTH)]


EDGES: Final = np.array(_tree())
NODES: Final = int(EDGES.max()) + 1
PARENTS: Final = {int(child): int(parent) for parent, child in EDGES}
LEAVES: Final = [node for node in range(NODES - DEPTH - 1) if node not in EDGES[:, 0]]
PROMPT: Final = 2 * len(EDGES) + 5


@dataclass(frozen=True, eq=False)
class Paths:
    """Prompts and the path of each.

    Attributes:
        prompts: shape (count, PROMPT).
        paths: from the child of the root to the goal, shape (count, DEPTH).
    """

    prompts: Array
    paths: Array

    @classmethod
    def drawn(cls, count: int, seed: int, purpose: str) -> Paths:
        """Names, an order of the edges and a goal by chance."""
        source = generator(seed, "branching paths", purpose)
        names = source.permuted(np.tile(np.arange(NAMES), (count, 1)), axis=1)[:, :NODES]
        order = source.permuted(np.tile(np.arange(len(EDGES)), (count, 1)), axis=1)
        edges = np.take_along_axis(names[:, EDGES], order[..., None], 1).reshape(count, -1)
        leaves = source.choice(LEAVES, count)
        paths = np.take_along_axis(names, np.array([_path(each) for each in leaves]), 1)
        both = np.stack([paths[:, -1], names[:, -1]], axis=1)
        goals = source.permuted(both, axis=1)
        marks = np.broadcast_to([GOALS, BEGIN], (count, 2))
        parts = [edges, marks[:, :1], goals, marks[:, 1:], names[:, :1]]
        return cls(np.concatenate(parts, axis=1), paths)

    def right(self, ids: Array) -> NDArray[np.float64]:
        """1 where the last id is the goal that can be reached."""
        found: NDArray[np.float64] = (ids[:, -1] == self.paths[:, -1]).astype(np.float64)
        return found


def _path(leaf: int) -> list[int]:
    found = [int(leaf)]
    while PARENTS[found[0]]:
        found.insert(0, PARENTS[found[0]])
    return found
