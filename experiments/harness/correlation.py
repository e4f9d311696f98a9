"""Rank correlation over few points that come in groups, with an interval over the groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from experiments.harness.intervals import DRAWS, Floats, resampled
from experiments.harness.verdicts import Estimate


def spearman(first: Floats, second: Floats) -> float:
    """Correlation of ranks, ties at their mean rank; NaN where one side is constant.

    >>> round(spearman(np.array([1.0, 2.0, 4.0]), np.array([5.0, 7.0, 6.0])), 3)
    0.5
    """
    ranks = [_ranks(each) - (len(each) - 1) / 2 for each in (first, second)]
    scale = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / scale if scale else float("nan")


def _ranks(values: Floats) -> Floats:
    below = (values[None] < values[:, None]).sum(1)
    equal = (values[None] == values[:, None]).sum(1)
    return np.asarray(below + (equal - 1) / 2, dtype=np.float64)


def mean_spearman(values: Floats, outcome: Floats) -> float:
    """Mean over columns of the correlation within each; both of shape (points, columns)."""
    return float(np.mean([spearman(a, b) for a, b in zip(values.T, outcome.T, strict=True)]))


def over_groups(
    statistic: Callable[[NDArray[np.int64], NDArray[np.int64]], float],
    groups: int,
    seeds: int,
    draws: int = DRAWS,
) -> Estimate:
    """A figure, with the interval over groups and seeds, each drawn with replacement.

    Where it has no value for all of them, it counts as 0 that no interval bounds.

    Args:
        statistic: of chosen groups and chosen seeds; NaN where it has no value.
        groups: how many there are.
        seeds: how many there are.
        draws: how often to draw.
    """

    def drawn(source: np.random.Generator) -> float:
        return statistic(source.integers(groups, size=groups), source.integers(seeds, size=seeds))

    value = statistic(np.arange(groups), np.arange(seeds))
    return Estimate(0.0) if np.isnan(value) else resampled(value, drawn, draws)
