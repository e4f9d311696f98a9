"""Trees of one shape from a draft model, a call a level: the baseline of dynamic trees.

Sources: Leviathan, Kalman, Matias 2023, arXiv:2211.17192 (a chain: widths of 1); Miao et al. 2023,
"SpecInfer", arXiv:2305.09781 (a tree of given widths). Children are drawn from the draft without
replacement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_reader import DraftReader
from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.drafter import SHARPER, Setting, Stateless
from tokenry.decoding.generation.growing import Growing


@dataclass(frozen=True)
class FixedTree:
    """Trees of one shape.

    Attributes:
        widths: children of each node of a level, from the first level on.
        drawing: how the draft draws.
    """

    widths: tuple[int, ...] = (1, 1, 1, 1)
    drawing: Drawing = SHARPER

    def session(self, setting: Setting) -> LevelByLevel:
        """Begin a run."""
        return LevelByLevel(self, DraftReader.of(setting), setting)


class LevelByLevel(Stateless):
    """A session of `FixedTree`."""

    def __init__(self, how: FixedTree, reader: DraftReader, setting: Setting) -> None:
        self.how, self.reader, self.sources = how, reader, list(setting.sources)
        self.reach = len(how.widths)

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """All levels; the last is not read by the draft."""
        first = self.reader.read(texts)
        trees = [Growing(self.how.drawing, source) for source in self.sources]
        for tree, logits in zip(trees, first, strict=True):
            tree.open(ROOT, logits)
        for level, width in enumerate(self.how.widths):
            added = [tree.widen(width) for tree in trees]
            if level + 1 == len(self.how.widths) or not any(added):
                break
            rows = self.reader.grow(
                [[tree.ids[node] for node in new] for tree, new in zip(trees, added, strict=True)],
                [[tree.parents[n] for n in new] for tree, new in zip(trees, added, strict=True)],
            )
            for tree, new, logits in zip(trees, added, rows, strict=True):
                for node, row in zip(new, logits, strict=False):
                    tree.open(node, row)
        return [tree.done() for tree in trees]

    def keep(self, chosen: Sequence[int]) -> None:
        """Go on with chosen texts."""
        self.reader.keep(chosen)
        self.sources = [self.sources[at] for at in chosen]
