"""Next token behind mixtures: what is read is what the model said, step by step."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.neural import Transformer

torch = pytest.importorskip("torch")

from tokenry.models import causal_model, log_softmax  # noqa: E402
from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.steps.mixed import MixedNextToken  # noqa: E402
from tokenry.neural.training.steps.next_token import NextToken  # noqa: E402

IDS = np.array([[1, 2, 3, 4, 5, 6], [7, 8, 2, 1, -1, -1]])
PROMPTS = np.array([3, 2])
MODEL = Transformer.small(9, width=16, layers=2, heads=2).build(seed=1)


def batch() -> Batch:
    return Batch({"ids": IDS, "prompts": PROMPTS}).on("cpu", 0.0)


def test_losses_are_those_of_reading_mixtures_step_by_step() -> None:
    model, expected = causal_model(MODEL), 0.0
    for ids, prompt in zip(IDS, PROMPTS, strict=True):
        found = model.start([ids[:prompt]])
        for step, id_ in enumerate(each for each in ids[prompt:] if each >= 0):
            chances = log_softmax(found.last)
            expected -= chances[0, id_]
            mixtures = np.exp(chances) if step < 2 else None
            found = model.extend(found.state, [int(id_)], mixtures=mixtures)
    losses = MixedNextToken(steps=2, share=1.0)(MODEL, batch())
    assert losses.total.item() == pytest.approx(expected, rel=1e-5)
    assert losses.units == 5
    assert losses.parts["mixtures"].item() == pytest.approx(expected, rel=1e-5)


def test_rows_that_do_not_mix_read_their_ids() -> None:
    found, plain = (
        step(MODEL, batch()) for step in (MixedNextToken(steps=2, share=0), NextToken())
    )
    assert found.total.item() == pytest.approx(plain.total.item(), rel=1e-5)
    assert found.units == plain.units
    assert found.parts["mixtures"] == 0


def test_rows_learn() -> None:
    MODEL.zero_grad()
    MixedNextToken(steps=2, share=1.0)(MODEL, batch()).total.backward()
    assert all(each.grad is not None for each in MODEL.parameters())
