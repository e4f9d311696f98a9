"""Weights are unbiased, whatever the way, and cost fewer questions than masking."""

from __future__ import annotations

import numpy as np
import pytest

from shares import share
from tokenry.decoding.constrained import Adaptive, Geometric, Masking, Proposed, Recursive, Sampler
from tokenry.errors import ConstraintError
from tokenry.models.causal import log_softmax

SYMBOLS = 30
DRAWS = 40_000


def distribution() -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(3)
    logprobs = log_softmax(source.normal(scale=2, size=SYMBOLS))
    logprobs = log_softmax(np.where(source.random(SYMBOLS) < 0.1, -np.inf, logprobs))
    return logprobs, source.random(SYMBOLS) < 0.3


def flat(logprobs: np.ndarray) -> np.ndarray:
    return log_softmax(np.where(logprobs > -np.inf, logprobs / 3, -np.inf))


@pytest.mark.parametrize(
    "sampler",
    [
        Recursive(), Recursive(rejections=0), Recursive(rejections=2), Geometric(), Geometric(4),
        Adaptive(), Masking(), Proposed(Recursive(), flat), Proposed(Geometric(3), flat),
    ],
    ids=range(9),
)  # fmt: skip
def test_weights_are_unbiased(sampler: Sampler) -> None:
    """The mean weight of each symbol is its probability where it is allowed, and 0 where not."""
    logprobs, allowed = distribution()
    source, count = np.random.default_rng(7), share(DRAWS)
    weights = np.zeros((count, SYMBOLS))
    for row in weights:
        symbol, weight, _ = sampler.draw(logprobs, lambda s: bool(allowed[s]), source)
        if weight > -np.inf:
            assert allowed[symbol]
            row[symbol] = np.exp(weight)
    wanted = np.where(allowed, np.exp(logprobs), 0.0)
    error = weights.std(0) / np.sqrt(count)
    assert (np.abs(weights.mean(0) - wanted) <= 5 * error + 1e-9).all()
    total = weights.sum(1)
    assert abs(total.mean() - wanted.sum()) <= 5 * total.std() / np.sqrt(count) + 1e-9


def test_few_symbols_are_asked_about() -> None:
    logprobs, allowed = distribution()
    source = np.random.default_rng(1)

    def asked(sampler: Sampler) -> float:
        draws = [sampler.draw(logprobs, lambda s: bool(allowed[s]), source) for _ in range(2000)]
        return float(np.mean([draw.asked for draw in draws]))

    assert asked(Recursive(rejections=1)) < asked(Recursive()) < asked(Masking()) / 2
    assert asked(Recursive()) < asked(Geometric(4))


@pytest.mark.parametrize("sampler", [Recursive(), Geometric(), Adaptive(), Masking()], ids=str)
def test_nothing_allowed_ends(sampler: Sampler) -> None:
    logprobs, _ = distribution()
    draw = sampler.draw(logprobs, lambda s: False, np.random.default_rng(0))
    assert draw.symbol == -1
    assert draw.logweight == -np.inf
    assert draw.asked == (logprobs > -np.inf).sum()


def test_all_allowed_costs_nothing() -> None:
    logprobs, _ = distribution()
    for sampler in (Recursive(), Geometric(), Masking()):
        draw = sampler.draw(logprobs, lambda s: True, np.random.default_rng(0))
        assert abs(draw.logweight) < 1e-12


def test_one_accepted_draw_gives_no_weight() -> None:
    with pytest.raises(ConstraintError, match="needs two or more"):
        Geometric(1)
