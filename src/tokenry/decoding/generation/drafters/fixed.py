"""Trees of one shape from a draft model, a call a level: the baseline of dynamic trees.

Sources: Leviathan, Kalman, Matias 2023, arXiv:2211.17192 (a chain: widths of 1); Miao et al. 2023,
"SpecInfer", arXiv:2305.09781 (a tree of given widths). Children are drawn from the draft without
replacement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.drafter import SHARPER, Setting
from tokenry.decoding.generation.growing import Growing, GrownDrafts


@dataclass(frozen=True)
class FixedTree:
    """Trees of one shape.

    Attributes:
        widths: children of each node of a level, from the first level on.
        drawing: how the draft draws.
    """

    widths: tuple[int, ...] = (1, 1, 1, 1)
    drawing: Drawing = SHARPER

    def session(self, setting: Setting) -> GrownDrafts:
        """Begin a run."""
        return GrownDrafts(setting, len(self.widths), partial(LevelTree, self))


class LevelTree(Growing):
    """A tree, level by level.

    Args:
        how: widths.
        source: of chance.
    """

    def __init__(self, how: FixedTree, source: np.random.Generator) -> None:
        super().__init__(how.drawing, source)
        self._widths = list(how.widths)
        self._open: list[int] = []

    def open(self, node: int, logits: NDArray[np.float32]) -> None:
        """Its children are in the next level."""
        super().open(node, logits)
        self._open.append(node)

    def next_nodes(self) -> list[int]:
        """Draw a level; the draft is not asked about the last."""
        if not self._widths:
            return []
        width, parents, self._open = self._widths.pop(0), self._open, []
        added = [self.add(parent) for parent in parents for _ in range(width)]
        return [each[0] for each in added if each is not None] if self._widths else []
