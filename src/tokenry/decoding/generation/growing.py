"""Draft trees while they grow: children are drawn from a draft, without replacement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_reader import DraftReader
from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.drafter import Setting, Stateless
from tokenry.decoding.generation.verification import Probabilities, drawn, without
from tokenry.models.causal import log_softmax


class Growing(ABC):
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

    def open(self, node: int, logits: NDArray[np.float32]) -> None:
        """Say what the draft gives after a node, so that children can be drawn."""
        probabilities = self.drawing.probabilities(log_softmax(logits))
        self._whole[node] = self.left[node] = probabilities

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

    @abstractmethod
    def next_nodes(self) -> list[int]:
        """Draw more children, as the kind of tree has it; those that the draft is asked about."""

    def done(self) -> DraftTree:
        """The tree."""
        return DraftTree(tuple(self.ids), tuple(self.parents), dict(self._whole))


class GrownDrafts(Stateless):
    """A session of drafts that grow: the trees of a batch share the draft's calls.

    Args:
        setting: what the drafter may use.
        reach: ids behind a text that the draft reads at most.
        make: a tree, by a source of chance.
    """

    def __init__(
        self, setting: Setting, reach: int, make: Callable[[np.random.Generator], Growing]
    ) -> None:
        self.reader, self.make = DraftReader.of(setting), make
        self.sources, self.reach = list(setting.sources), reach

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """Grow a tree for each text; the last nodes are not read by the draft."""
        trees = [self.make(source) for source in self.sources]
        for tree, logits in zip(trees, self.reader.read(texts), strict=True):
            tree.open(ROOT, logits)
        while any(added := [tree.next_nodes() for tree in trees]):
            pairs = list(zip(trees, added, strict=True))
            rows = self.reader.grow(
                [[tree.ids[node] for node in new] for tree, new in pairs],
                [[tree.parents[node] for node in new] for tree, new in pairs],
            )
            for (tree, new), logits in zip(pairs, rows, strict=True):
                for node, row in zip(new, logits, strict=False):
                    tree.open(node, row)
        return [tree.done() for tree in trees]

    def keep(self, chosen: Sequence[int]) -> None:
        """Go on with chosen texts."""
        self.reader.keep(chosen)
        self.sources = [self.sources[at] for at in chosen]
