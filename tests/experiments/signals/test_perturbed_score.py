"""Distances of tokenizers, and how closely they rank as generated pictures do."""

from __future__ import annotations

import math

from experiments.signals.perturbed_score import MADE, PERTURBED, PLAIN, Distances


def runs(count: int) -> dict[str, list[dict[str, float]]]:
    """Perturbed distances rank as generated pictures do, plain ones the other way round."""
    return {
        str(rank): [
            {PLAIN: 10.0 - rank, PERTURBED: rank + 0.1 * seed, MADE: 2.0 * rank + 0.2 * seed}
            for seed in range(3)
        ]
        for rank in range(count)
    }


def test_correlations_and_their_difference() -> None:
    perturbed, plain, apart = Distances.of(runs(8)).found()
    assert (perturbed.value, plain.value, apart.value) == (1.0, -1.0, 2.0)
    assert perturbed.low == perturbed.high == 1.0


def test_few_tokenizers_decide_nothing() -> None:
    perturbed, _, apart = Distances.of(runs(5)).found()
    assert (perturbed.value, apart.value) == (1.0, 2.0)
    assert math.isinf(perturbed.low)
    alone, *_ = Distances.of(runs(1)).found()
    assert alone.value == 0.0
