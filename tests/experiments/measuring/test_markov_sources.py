"""Sources cost what their entropy rate says, and no less."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.measuring.markov_sources import OTHER, source, unigram_bits
from tokenry.learning import Bpe


@pytest.mark.parametrize("order", [1, 2, 4])
def test_a_source_repeats_the_letter_so_many_places_back(order: int) -> None:
    text = source(order, 3, 60, 0)
    letters = np.array([[letter == "b" for letter in row] for row in text.learnt])
    for back in (1, 2, 4):
        changed = float((letters[:, back:] != letters[:, :-back]).mean())
        expected = {order: OTHER, 2 * order: 2 * OTHER * (1 - OTHER)}
        if back % order:
            assert changed == pytest.approx(0.5, abs=0.03)
        elif back in expected:
            assert changed == pytest.approx(expected[back], abs=0.01)
    assert text.optimum == pytest.approx(-sum(p * math.log2(p) for p in (OTHER, 1 - OTHER)))


def test_no_unigram_model_is_below_the_optimum() -> None:
    text = source(1, 0, 60, 20)
    letters, tokens = (
        Bpe(vocab_size=256 + more, pretokenizer="whole").learn(text.learnt) for more in (0, 30)
    )
    bits = [unigram_bits(each, text) for each in (letters, tokens)]
    assert bits[0] == pytest.approx(1.0, abs=0.02)
    assert text.optimum < bits[1] < 0.8
