"""Token recycling: the shape of the tree, the table, its warm start."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.decoding.generation.draft_tree import ROOT, DraftTree
from tokenry.decoding.generation.drafter import Setting
from tokenry.decoding.generation.drafters.recycling import (
    Recycling,
    balanced,
    likeliest,
    warmed,
)
from tokenry.errors import ModelError

SETTING = Setting(7, None, [np.random.default_rng(0)])


def test_the_shape_is_a_tree_of_ranks() -> None:
    shape = balanced(8, 80, 6)
    assert len(shape) == len(set(shape)) == 80
    assert all(parent < node for node, (parent, _) in enumerate(shape))
    depths: list[int] = []
    for parent, _ in shape:
        depths.append(0 if parent == ROOT else depths[parent] + 1)
    assert depths == sorted(depths)
    assert max(depths) < 6
    assert sum(depth == 0 for depth in depths) > 2
    ranks = {node: [rank for parent, rank in shape if parent == node] for node in range(-1, 80)}
    assert all(each == [*range(len(each))] for each in ranks.values())


def test_what_was_said_is_drafted() -> None:
    session = Recycling(ranks=2, nodes=6, levels=2).session(SETTING)
    assert session.draft([[3]])[0].ids == ()
    logits = np.zeros((1, 2, 7), np.float32)
    logits[0, 0, [4, 5]] = 9, 8  # after 3
    logits[0, 1, [6, 0]] = 9, 8  # after 4
    session.learn([[3]], [DraftTree.chain([4])], logits)
    tree = session.draft([[1, 3]])[0]
    assert tree.children()[ROOT].keys() == {4, 5}
    assert tree.children()[0].keys() == {6, 0}
    assert 1 not in tree.children()  # nothing is known after 5


def test_warm_tables_hold_the_commonest_successors() -> None:
    table = warmed([[1, 2, 1, 2, 1, 3, 1, 4, 1, 4, 1, 4], [5], []], 7, ranks=2)
    assert table[1].tolist() == [4, 2]
    assert table[2].tolist() == [1, -1]
    assert table[5].tolist() == [-1, -1]
    session = Recycling(ranks=2, nodes=3, levels=1, warm=table).session(SETTING)
    assert session.draft([[1]])[0].ids == (4, 2)
    with pytest.raises(ModelError, match="shape"):
        Recycling(ranks=3, warm=table).session(SETTING)


def test_likeliest_ids_first() -> None:
    logits = np.array([[0, 5, 3, 9, 1]], np.float32)
    assert likeliest(logits, 3).tolist() == [[3, 1, 2]]
    assert likeliest(logits, 6).tolist() == [[3, 1, 2, 4, 0, -1]]


@pytest.mark.parametrize("wrong", [{"ranks": 0}, {"nodes": 0}, {"levels": -1}])
def test_sizes_are_positive(wrong: dict[str, int]) -> None:
    with pytest.raises(ModelError, match="1 or more"):
        Recycling(**wrong)
