"""Small language models learn what they should, the same for a seed, and count every id once."""

from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.neural.recipes.language import (  # noqa: E402
    LanguageModel,
    bits_per_byte,
    train_language_model,
)
from tokenry.neural.recipes.sizes import Passes, Shape  # noqa: E402
from tokenry.neural.training.data.blocks import Blocks  # noqa: E402
from tokenry.neural.training.data.padded import PAD  # noqa: E402

TINY = Shape(width=32, layers=2, heads=2, context=16)


def test_stretches_predict_every_id_once() -> None:
    documents = [[1, 2, 3], [4] * 20, [5]]
    blocks = Blocks.of(documents, end=9, length=8)
    rows = blocks.rows(np.arange(len(blocks)))
    targets = rows[:, 1:].flatten()
    assert targets[targets != PAD].tolist() == [1, 2, 3, 9, *[4] * 20, 9, 5, 9]
    assert rows[1:, 0].tolist() == rows[:-1, -1].tolist()


def test_an_untrained_model_needs_the_bits_of_chance() -> None:
    model = LanguageModel(TINY.causal(257).build(), TINY.context)
    text = bytes(range(256)) * 4
    bits = bits_per_byte(model, [list(text)], len(text))
    assert bits == pytest.approx(math.log2(257), rel=0.02)


def test_learns_a_pattern_the_same_for_a_seed() -> None:
    documents = [[1, 2, 3, 4, 5, 6, 7] * 10] * 40
    passes = Passes(batch=8, rate=1e-2)
    first, second, other = (
        train_language_model(documents, 8, shape=TINY, passes=passes, seed=seed)
        for seed in (1, 1, 2)
    )
    held = [[1, 2, 3, 4, 5, 6, 7] * 5]
    assert bits_per_byte(first, held, 35) < 0.6
    rows = [each.model.embedding.rows.weight for each in (first, second, other)]
    assert torch.equal(rows[0], rows[1])
    assert not torch.equal(rows[0], rows[2])


def test_goes_on_from_a_model() -> None:
    documents = [[1, 2, 3, 4, 5, 6, 7] * 10] * 10
    once = train_language_model(documents, 8, shape=TINY)
    before = bits_per_byte(once, documents, 700)
    again = train_language_model(documents, 8, start=once)
    assert again is once
    assert bits_per_byte(again, documents, 700) < before


def test_a_position_sees_only_what_stands_before() -> None:
    model = TINY.causal(20).build().eval()
    ids = torch.randint(0, 20, (1, 12), generator=torch.Generator().manual_seed(0))
    changed = ids.clone()
    changed[0, 7:] = (changed[0, 7:] + 1) % 20
    assert torch.allclose(model(ids)[:, :7], model(changed)[:, :7], atol=1e-6)
    assert not torch.allclose(model(ids)[:, 7:], model(changed)[:, 7:], atol=1e-3)
