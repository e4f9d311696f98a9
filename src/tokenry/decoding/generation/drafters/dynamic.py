"""DySpec: a tree that grows where the draft expects most to be accepted.

Source: Xiong et al. 2024, "DySpec: Faster Speculative Decoding with Dynamic Token Tree Structure",
arXiv:2410.11744. A node's value is the chance that it is reached, if the target agrees with the
draft. The most valuable place of all is taken: a child y is drawn there from what is left, R, of
the draft's distribution. Its next sibling is then worth the value times 1 - R(y), its first child
the value times R(y). This maximises the expected number of accepted ids for a number of nodes.

With ``threshold`` whole levels grow at once, each place whose value is not below it, so that a call
of the draft serves a level; without, each node costs a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import ROOT
from tokenry.decoding.generation.drafter import SHARPER, Setting
from tokenry.decoding.generation.growing import Growing, GrownDrafts


@dataclass(frozen=True)
class DynamicTree:
    """Trees that grow by value.

    Attributes:
        nodes: of a tree at most.
        threshold: the least value of a place that is taken, and then levels grow at once; None: the
            most valuable place each time.
        drawing: how the draft draws.
    """

    nodes: int = 16
    threshold: float | None = None
    drawing: Drawing = SHARPER

    def session(self, setting: Setting) -> GrownDrafts:
        """Begin a run."""
        return GrownDrafts(setting, self.nodes, partial(ValuedTree, self))


class ValuedTree(Growing):
    """A tree, and its places by value.

    Args:
        how: size and threshold.
        source: of chance.
    """

    def __init__(self, how: DynamicTree, source: np.random.Generator) -> None:
        super().__init__(how.drawing, source)
        self.how = how
        self._places: list[tuple[float, int]] = []  # minus value, parent
        self._values: dict[int, float] = {ROOT: 1.0}

    def open(self, node: int, logits: NDArray[np.float32]) -> None:
        """The first place below a node is worth what the node is."""
        super().open(node, logits)
        heappush(self._places, (-self._values[node], node))

    def next_nodes(self) -> list[int]:
        """Take places until the draft has to be asked; the nodes to ask it about."""
        new: list[int] = []
        while self._places and len(self.ids) < self.how.nodes:
            value, parent = -self._places[0][0], self._places[0][1]
            if self.how.threshold is not None and value < self.how.threshold:
                break
            heappop(self._places)
            added = self.add(parent)
            if added is None:
                continue
            node, share = added
            self._values[node] = value * share
            heappush(self._places, (-value * (1 - share), parent))
            new.append(node)
            if self.how.threshold is None:
                break
        return new if len(self.ids) < self.how.nodes else []
