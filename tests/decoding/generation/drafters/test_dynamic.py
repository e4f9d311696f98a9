"""DySpec's tree takes the most valuable place each time, and asks the draft when it must."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from shares import draw
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.drafter import Setting
from tokenry.decoding.generation.drafters.dynamic import DynamicTree
from tokenry.models import Enumerable, causal_model

TABLE = Enumerable.drawn(8, order=1, seed=3)


def grown(how: DynamicTree, seed: int) -> tuple[DraftTree, int]:
    """A tree, and the draft's calls."""
    model = causal_model(TABLE)
    setting = Setting(8, model, [np.random.default_rng(seed)])
    tree = how.session(setting).draft([[TABLE.begin]])[0]
    return tree, model.counters.calls


def places(tree: DraftTree) -> tuple[list[float], list[float]]:
    """What the places were worth at which nodes were drawn, by node; and those that were left."""
    reached, taken, left = {ROOT: 1.0}, [0.0] * len(tree), list[float]()
    for parent in range(-1, len(tree)):
        if parent not in tree.drawn_from:
            continue
        chances, place = tree.drawn_from[parent], reached[parent]
        for id_, node in tree.children().get(parent, {}).items():
            share = chances[id_] / chances.sum()
            taken[node], reached[node] = place, place * share
            place *= 1 - share
            chances = np.where(np.arange(8) == id_, 0, chances)
        left.append(place)
    return taken, left


@pytest.mark.parametrize("seed", [draw("dynamic").randrange(1000) for _ in range(5)])
def test_the_most_valuable_place_is_taken(seed: int) -> None:
    tree, calls = grown(DynamicTree(nodes=9, drawing=Drawing(1.0)), seed)
    assert (len(tree), calls) == (9, 9)  # one for the text before; the last node needs none
    taken, left = places(tree)
    assert all(one >= other - 1e-12 for one, other in pairwise(taken))
    assert max(left) <= taken[-1] + 1e-12


@pytest.mark.parametrize("seed", [draw("levels").randrange(1000) for _ in range(5)])
def test_with_a_threshold_levels_share_calls(seed: int) -> None:
    how = DynamicTree(nodes=500, threshold=0.05, drawing=Drawing(1.0))
    tree, calls = grown(how, seed)
    taken, left = places(tree)
    assert min(taken) >= how.threshold > max(left)
    assert calls < len(tree)
