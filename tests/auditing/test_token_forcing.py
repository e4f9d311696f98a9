from __future__ import annotations

import numpy as np

from tokenry.auditing.token_forcing import force_tokens
from tokenry.models import Enumerable, causal_model


def test_a_planted_chain_comes_first_and_loops_come_last() -> None:
    size, begin = 14, 12
    table = np.random.default_rng(1).normal(size=(size, size)).astype(np.float32)
    for one, two in ((3, 5), (5, 8), (8, 1), (1, 6), (6, 9)):
        table[one, two] = 14.0
    table[7, 7] = 30.0  # says itself for ever
    table[:, begin] = -np.inf
    model = causal_model(Enumerable(table, begin=begin, end=13))
    found = force_tokens(model, range(12), begin=[begin], length=5, batch=5)
    assert (found[0].id, found[0].ids) == (3, (5, 8, 1, 6, 9))
    assert found[0].probability > 0.99
    assert found[0].least <= found[0].probability
    assert sorted(each.id for each in found) == list(range(12))
    looping = [each.id for each in found if each.loops]
    assert 7 in looping
    assert [each.id for each in found[-len(looping) :]] == looping
