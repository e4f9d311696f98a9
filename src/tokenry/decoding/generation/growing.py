"""A draft tree while it grows: children are drawn from a draft, without replacement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.decoding.generation.verification import Probabilities, drawn, without
from tokenry.models.causal import log_softmax


class Growing:
    """Nodes, and what is left to draw below each of them.

    Args:
        drawing: how the draft draws.
        source: of chance.
    """

    def __init__(self, drawing: Drawing, source: np.random.Generator) -> None:
        self.drawing, self.source = drawing, source
        self.ids: list[int] = []
        self.parents: list[int] = []
        self.left: dict[int, Probabilities] = {}
        self._whole: dict[int, Probabilities] = {}
        self._open: list[int] = []

    def open(self, node: int, logits: NDArray[np.float32]) -> None:
        """Say what the draft gives after a node, so that children can be drawn."""
        probabilities = self.drawing.probabilities(log_softmax(logits))
        self._whole[node] = self.left[node] = probabilities
        self._open.append(node)

    def add(self, parent: int) -> tuple[int, float] | None:
        """Draw one more child: its node, and its probability among what was left.

        None where nothing is left to draw.
        """
        left = self.left[parent]
        if left.sum() <= 0:
            return None
        id_ = drawn(left, self.source)
        self.left[parent] = without(left, id_)
        self.ids.append(id_)
        self.parents.append(parent)
        return len(self.ids) - 1, float(left[id_])

    def widen(self, width: int) -> list[int]:
        """Draw children below every node that was opened since the last time; the new nodes."""
        parents, self._open = self._open, []
        added = [self.add(parent) for parent in parents for _ in range(width)]
        return [each[0] for each in added if each is not None]

    def done(self) -> DraftTree:
        """The tree."""
        return DraftTree(tuple(self.ids), tuple(self.parents), dict(self._whole))
