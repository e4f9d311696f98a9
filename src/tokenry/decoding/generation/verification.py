"""Which drafted ids a model would have drawn itself: the step that makes drafting lossless.

Children that no chance chose: an id is drawn from the target, and followed where it is a child.
Children that were drawn from a draft: each is accepted with probability min(1, target / draft);
when it is not, the target's probabilities lose what the draft had covered, the draft loses the
child, and the next child is tried. Both give ids with exactly the target's distribution.

Sources: Leviathan, Kalman, Matias 2023, arXiv:2211.17192 (one child); Miao et al. 2023,
arXiv:2305.09781, and Chen et al. 2024, arXiv:2402.12374 (several, without replacement).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.models.causal import log_softmax

Probabilities = NDArray[np.float64]


def verified(
    tree: DraftTree, logits: NDArray[np.float32], drawing: Drawing, source: np.random.Generator
) -> tuple[list[int], int]:
    """Walk from the root as far as the target agrees.

    Args:
        tree: the drafts.
        logits: of the target after what was read before the tree and after each node, shape
            (1 + nodes or more, vocab).
        drawing: how the target draws.
        source: of chance.

    Returns:
        The nodes of the path, and the id that the target drew behind them.
    """
    children, path, node = tree.children(), list[int](), ROOT
    while True:
        target = drawing.probabilities(log_softmax(logits[node + 1]))
        below = children.get(node, {})
        proposal = tree.drawn_from.get(node)
        id_ = drawn(target, source) if proposal is None else tried(target, proposal, below, source)
        if id_ not in below:
            return path, id_
        node = below[id_]
        path.append(node)


def tried(
    target: Probabilities,
    proposal: Probabilities,
    children: Iterable[int],
    source: np.random.Generator,
) -> int:
    """An id with the target's distribution, one of ``children`` where one can be accepted.

    Args:
        target: what the id shall be distributed like.
        proposal: from which the children were drawn, in their order, without replacement.
        children: their ids.
        source: of chance, independent of that which drew the children.
    """
    for child in children:
        if source.random() * proposal[child] < target[child]:
            return child
        target = _shared(np.maximum(target - proposal, 0), target)
        proposal = without(proposal, child)
    return drawn(target, source)


def without(probabilities: Probabilities, id_: int) -> Probabilities:
    """Probabilities given that an id is not drawn; zeros where it was certain."""
    left = probabilities.copy()
    left[id_] = 0
    return _shared(left, left)


def drawn(probabilities: Probabilities, source: np.random.Generator) -> int:
    """An id."""
    ends = np.cumsum(probabilities)
    return int(np.searchsorted(ends, source.random() * ends[-1], side="right"))


def _shared(weights: Probabilities, otherwise: Probabilities) -> Probabilities:
    """Weights as probabilities; where nothing but rounding is left of them, ``otherwise``."""
    total = weights.sum()
    return weights / total if total > 1e-12 else otherwise
