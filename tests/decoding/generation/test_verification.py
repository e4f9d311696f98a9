"""The step that accepts: an id with the target's distribution, whatever was proposed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from shares import draw
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.verification import drawn, tried, verified, without

VOCAB = 6


def proposals(draft: np.ndarray, count: int, source: np.random.Generator) -> list[int]:
    """Ids without replacement."""
    found = []
    for _ in range(count):
        found.append(drawn(draft, source))
        draft = without(draft, found[-1])
    return found


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("sharp", [0.3, 3.0])
def test_tried_ids_are_distributed_like_the_target(count: int, sharp: float) -> None:
    source = np.random.default_rng(draw("tried").randrange(2**32))
    target, draft = (source.dirichlet(np.full(VOCAB, s)) for s in (1.0, sharp))
    draft = (draft + 1e-3) / (draft + 1e-3).sum()
    runs = 20_000
    found = np.zeros(VOCAB)
    for _ in range(runs):
        found[tried(target, draft, proposals(draft, count, source), source)] += 1
    expected = target * runs
    kept = expected > 5
    distance = ((found - expected)[kept] ** 2 / expected[kept]).sum()
    assert stats.chi2.sf(distance, kept.sum()) > 1e-6
    assert found[~kept].sum() < 5 * VOCAB + 50


def test_the_likeliest_id_is_accepted_wherever_it_is_proposed() -> None:
    source, target = np.random.default_rng(0), np.eye(VOCAB)[4]
    draft = np.full(VOCAB, 1 / VOCAB)
    for children in ([4], [1, 4], [0, 1, 2], []):
        assert tried(target, draft, children, source) == 4


def test_walk_goes_as_far_as_the_target_agrees() -> None:
    logits = np.full((4, VOCAB), -10.0, np.float32)
    for node, likeliest in enumerate([2, 3, 0, 5]):
        logits[node, likeliest] = 10
    tree = DraftTree((2, 1, 3), (ROOT, ROOT, 0))
    path, behind = verified(tree, logits, Drawing(0), np.random.default_rng(0))
    assert (path, behind) == ([0, 2], 5)
    assert verified(DraftTree(), logits, Drawing(0), np.random.default_rng(0)) == ([], 2)
