"""Masked ids: what is hidden, what it costs, and that a model learns from it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.data.padded import PAD  # noqa: E402
from tokenry.neural.training.steps.masked_ids import MaskedIds  # noqa: E402

VOCAB = 7


class Even:
    """Gives every id the same chance, and keeps what it was asked."""

    vocab_size = VOCAB

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def __call__(self, ids: Any, present: Any) -> Any:
        self.seen.append(SimpleNamespace(ids=ids, present=present))
        return torch.zeros((*ids.shape, VOCAB))


def batch(**arrays: Any) -> Batch:
    ids = np.random.default_rng(0).integers(0, VOCAB - 1, (300, 10))
    ids[:, 8:] = PAD
    return Batch({"ids": ids, **arrays}).on("cpu", 0.0)


def test_losses_divided_by_rates_expect_the_log_of_the_vocabulary() -> None:
    torch.manual_seed(0)
    model = Even()
    losses = MaskedIds()(model, batch())
    assert float(losses.total / losses.units) == pytest.approx(np.log(VOCAB), rel=0.1)
    seen = model.seen[0]
    assert (seen.ids[:, 8:] != VOCAB - 1).all()  # padding is never hidden
    assert (seen.present.sum(1) == 8).all()
    shares = (seen.ids[:, :8] == VOCAB - 1).float().mean(1)
    assert shares.min() < 0.2
    assert shares.max() > 0.9  # each row has a rate of its own


def test_prompts_are_not_hidden_and_a_rate_can_be_given() -> None:
    torch.manual_seed(0)
    model = Even()
    prompts = np.full(300, 3)
    losses = MaskedIds(rate=0.5)(model, batch(prompts=prompts))
    hidden = model.seen[0].ids == VOCAB - 1
    assert not hidden[:, :3].any()
    assert float(hidden[:, 3:8].float().mean()) == pytest.approx(0.5, abs=0.05)
    assert float(losses.units) == hidden.sum()
    assert float(losses.total / losses.units) == pytest.approx(np.log(VOCAB))
