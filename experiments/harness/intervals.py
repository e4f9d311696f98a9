"""Estimates with 95% intervals: over documents, over drawn items, over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.harness.verdicts import Estimate
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Measurement

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
LEVEL: Final = 0.95
DRAWS: Final = 2000


def between(value: float, drawn: Sequence[float] | Floats) -> Estimate:
    """A figure with the middle 95% of the figures of draws; those that are no number are left out.

    >>> between(5.0, [float(each) for each in range(1, 102)])
    Estimate(value=5.0, low=3.5, high=98.5)
    """
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(drawn, (tail, 1 - tail)).tolist()
    return Estimate(value, low, high)


def resampled(
    value: float, statistic: Callable[[np.random.Generator], float], draws: int = DRAWS
) -> Estimate:
    """A figure, with the interval of the same figure of items that are drawn anew.

    Args:
        value: the figure of all items.
        statistic: of items that it draws with the generator it gets.
        draws: how often.
    """
    source = np.random.default_rng(0)
    return between(value, [statistic(source) for _ in range(draws)])


def mean_of(values: Floats, draws: int = DRAWS) -> Estimate:
    """The mean of items, with the interval over items (percentile bootstrap)."""
    source = np.random.default_rng(0)
    drawn = [
        float(values[source.integers(0, len(values), len(values))].mean()) for _ in range(draws)
    ]
    return between(float(values.mean()), drawn)


def crossed(
    shape: tuple[int, ...], statistic: Callable[[Counts, Counts], float], draws: int = DRAWS
) -> Estimate:
    """A figure of models and items, with the interval over both: each is drawn anew.

    Args:
        shape: how many models there are, and how many items each of them was tried on.
        statistic: of the numbers of models and of items.
        draws: how often.
    """
    seeds, items = shape
    return resampled(
        statistic(np.arange(seeds), np.arange(items)),
        lambda source: statistic(
            source.integers(0, seeds, seeds), source.integers(0, items, items)
        ),
        draws,
    )


def mean_of_crossed(values: Floats) -> Estimate:
    """The mean of a table of models and items, shape (seeds, items), by `crossed`."""
    return crossed(values.shape, lambda rows, columns: float(values[rows][:, columns].mean()))


def over_seeds(values: Sequence[float] | Floats) -> Estimate:
    """The mean over seeds, with Student's interval; without ends where there is one seed alone.

    Of two arms that share their seeds give the differences.

    >>> f"{over_seeds([1.0, 2.0, 3.0]):.2f}"
    '2.00 (-0.48 to 4.48)'
    """
    figures = np.asarray(values, dtype=np.float64)
    mean = float(figures.mean())
    if len(figures) < 2:
        return Estimate(mean)
    error = float(figures.std(ddof=1) / np.sqrt(len(figures)))
    wide = error * float(stats.t.ppf((1 + LEVEL) / 2, len(figures) - 1))
    return Estimate(mean, mean - wide, mean + wide)


def needed(effect: Estimate, count: int, matters: float) -> float:
    """About how many items decide: their interval cannot hold both none and what matters.

    Args:
        effect: of the items at hand.
        count: how many they are.
        matters: the smallest effect that would matter.

    Returns:
        Their number; infinity where the effect has no interval.

    >>> needed(Estimate(0.01, -0.01, 0.03), 8, 0.01)
    128.0
    """
    return float(np.ceil(round(count * ((effect.high - effect.low) / matters) ** 2, 6)))


def ratio(above: Counts | Floats, below: Counts | Floats) -> Estimate:
    """Sum of one over sum of the other, with the interval over documents."""
    value = float(above.sum() / below.sum())
    interval = ratio_interval(above, below, seed=0)
    return Estimate(value, interval.low, interval.high) if interval else Estimate(value)


def saving(before: Counts, after: Counts) -> Estimate:
    """The share of the tokens that ``after`` saves, with the interval over documents.

    >>> saving(np.array([10, 20]), np.array([5, 10])).value
    0.5
    """
    return 1 - ratio(after, before)


def share_of(hits: int, count: int) -> Estimate:
    """The share of some things that did something, with the exact interval of Clopper and Pearson.

    >>> f"{share_of(3, 3):.2f}", f"{share_of(0, 3):.2f}"
    ('1.00 (0.29 to 1.00)', '0.00 (0.00 to 0.71)')
    """
    tail = (1 - LEVEL) / 2
    low = float(stats.beta.ppf(tail, hits, count - hits + 1)) if hits else 0.0
    high = float(stats.beta.ppf(1 - tail, hits + 1, count - hits)) if hits < count else 1.0
    return Estimate(hits / count, low, high)


def measured(figure: Measurement) -> Estimate:
    """A measurement as an estimate."""
    interval = figure.interval
    return (
        Estimate(figure.value, interval.low, interval.high) if interval else Estimate(figure.value)
    )
