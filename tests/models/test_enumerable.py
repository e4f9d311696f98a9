"""A table is a distribution: what it lists sums to one and is what the protocol says."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tokenry.errors import ModelError
from tokenry.models import Enumerable, causal_model, log_softmax


@pytest.mark.parametrize("order", [1, 2, 3])
def test_what_is_listed_sums_to_one(order: int) -> None:
    model = Enumerable.drawn(5, order=order, seed=3)
    listed = dict(model.sequences(4))
    assert math.fsum(math.exp(each) for each in listed.values()) == pytest.approx(1, abs=1e-12)
    for ids, logprob in listed.items():
        assert model.begin not in ids
        assert model.end not in ids[:-1]
        assert ids[-1] == model.end or len(ids) == 4
        assert model.logprob(ids) == pytest.approx(logprob, abs=1e-12)
    whole = [ids for n in range(1, 5) for ids in itertools.product(range(5), repeat=n)]
    possible = {
        ids
        for ids in whole
        if model.begin not in ids
        and model.end not in ids[:-1]
        and (ids[-1] == model.end or len(ids) == 4)
    }
    assert set(listed) == possible


def test_the_protocol_gives_the_same_probabilities() -> None:
    source = Enumerable.drawn(6, order=2, seed=1)
    model = causal_model(source)
    for ids, logprob in source.sequences(4):
        step = model.start([[source.begin, *ids]], logits="all")
        found = log_softmax(step.logits[0])[np.arange(len(ids)), list(ids)]
        assert float(found.sum()) == pytest.approx(logprob, abs=1e-12)


def test_short_contexts_are_filled_with_the_id_that_begins() -> None:
    table = np.zeros((4, 4, 4), np.float32)
    table[..., 2] = -np.inf
    table[2, 2, 0], table[2, 0, 1] = 5, 7
    model = Enumerable(table, begin=2, end=3)
    step = causal_model(model).start([[2, 0, 0]], logits="all")
    assert [row.argmax() for row in step.logits[0][:2]] == [0, 1]
    assert model.next_logprobs([]).argmax() == 0
    assert model.next_logprobs([2]).argmax() == 0
    assert model.next_logprobs([2, 0]).argmax() == 1
    assert np.ptp(model.next_logprobs([2, 0, 0])[[0, 1, 3]]) == 0


def test_seeds_decide() -> None:
    first, again, other = (Enumerable.drawn(5, seed=seed).table for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_is_no_table_is_refused() -> None:
    good = Enumerable.drawn(4).table
    for table, begin, end, message in (
        (good[:2], 2, 3, "equal sides"),
        (good.astype(np.float64), 2, 3, "float32"),
        (good, 2, 2, "begin is 2 and end 2"),
        (good, 2, 4, "end 4 of 4 ids"),
        (good, 1, 3, "logits of -inf"),
    ):
        with pytest.raises(ModelError, match=message):
            Enumerable(table, begin=begin, end=end)
