"""Entropies of token streams, held to known sources and to a model written out."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from tokenry.errors import CorpusError
from tokenry.measuring.entropy import (
    held_out_conditional_entropy,
    plug_in_conditional_entropy,
    unigram_entropy,
)


def test_a_source_without_memory() -> None:
    ids = np.random.default_rng(0).integers(0, 16, 40_000).astype(np.uint32)
    assert unigram_entropy(ids) == pytest.approx(4, abs=0.002)
    for order in (0, 1):
        assert held_out_conditional_entropy(ids[:20_000], ids[20_000:], order, 16) == (
            pytest.approx(4, abs=0.06)
        )
    # The bias that the held-out figure does not have:
    assert plug_in_conditional_entropy(ids[:500], 2) < 1.5


def test_a_source_that_repeats() -> None:
    ids = np.tile(np.arange(8, dtype=np.uint32), 500)
    assert unigram_entropy(ids) == pytest.approx(3, abs=0.01)
    assert plug_in_conditional_entropy(ids, 1) == pytest.approx(0, abs=0.01)
    assert held_out_conditional_entropy(ids, ids, 1, 8) < 0.02


@pytest.mark.parametrize("order", [0, 1, 2])
def test_it_is_the_model_written_out(order: int) -> None:
    draw = np.random.default_rng(1)
    fitted, held = (draw.geometric(0.4, n).astype(np.uint32) % 9 for n in (300, 60))
    counts = [Counter(zip(*(fitted[i:] for i in range(k + 1)), strict=False)) for k in range(3)]

    def p(gram: tuple[int, ...]) -> float:
        lower = p(gram[1:]) if len(gram) > 1 else 1 / 12
        table = {g: n for g, n in counts[len(gram) - 1].items() if g[:-1] == gram[:-1]}
        if not table:
            return lower
        return (table.get(gram, 0) + len(table) * lower) / (sum(table.values()) + len(table))

    grams = [tuple(held[i - order : i + 1].tolist()) for i in range(order, len(held))]
    expected = -sum(math.log2(p(gram)) for gram in grams) / len(grams)
    found = held_out_conditional_entropy(fitted, held, order, 12)
    assert found == pytest.approx(expected)


def test_too_little_text_is_refused() -> None:
    with pytest.raises(CorpusError):
        held_out_conditional_entropy(np.zeros(1, np.uint32), np.zeros(5, np.uint32), 1, 4)
