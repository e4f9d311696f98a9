"""Intervals by bootstrap over documents (Efron 1979): resample documents, not tokens.

Tokens of one document resemble each other, so a bootstrap over tokens would give intervals that are
far too narrow. Every replicate draws as many documents as there are, with replacement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from tokenry.measuring.measurement import Interval

Floats = NDArray[np.float64]
REPLICATES = 1000
LEVEL = 0.95
_WEIGHTS_AT_ONCE = 4_000_000  # 32 MB of int64 weights; the bound on memory here


def replicate_weights(documents: int, replicates: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """How often each replicate draws each document, in blocks of shape (rows, documents)."""
    generator = np.random.default_rng(seed)
    rows = max(1, _WEIGHTS_AT_ONCE // documents)
    share = np.full(documents, 1 / documents)
    for start in range(0, replicates, rows):
        yield generator.multinomial(documents, share, size=min(rows, replicates - start))


def ratio_interval(
    above: NDArray[np.int64] | Floats,
    below: NDArray[np.int64] | Floats,
    *,
    seed: int,
    replicates: int = REPLICATES,
    level: float = LEVEL,
) -> Interval | None:
    """Percentile interval of ``sum(above) / sum(below)`` over documents; None for one document."""
    if len(above) < 2:
        return None
    values = [
        divide(weights @ above, weights @ below)
        for weights in replicate_weights(len(above), replicates, seed)
    ]
    return percentile_interval(np.concatenate(values), len(above), level)


def percentile_interval(values: Floats, documents: int, level: float = LEVEL) -> Interval | None:
    """The middle ``level`` of the replicates' values; replicates without a value are left out."""
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    method = f"percentile bootstrap, {len(values)} replicates over {documents} documents"
    return Interval(float(low), float(high), level, method)


def plug_in_interval(
    statistic: Callable[[NDArray[np.int64]], float],
    value: float,
    documents: int,
    *,
    seed: int,
    replicates: int = 200,
    level: float = LEVEL,
) -> Interval | None:
    """Interval of a statistic of document weights that is biased by resampling itself.

    A resample sees fewer distinct tokens than the sample, so entropies of resamples are too low.
    The spread of the replicates is therefore put around the sample's own ``value``.
    """
    if documents < 2:
        return None
    values = np.array(
        [
            statistic(row)
            for block in replicate_weights(documents, replicates, seed)
            for row in block
        ]
    )
    tail = (1 - level) / 2
    low, high = value + np.quantile(values - values.mean(), [tail, 1 - tail])
    method = f"centred bootstrap, {replicates} replicates over {documents} documents"
    return Interval(float(low), float(high), level, method)


def divide(above: NDArray[np.int64] | Floats, below: NDArray[np.int64] | Floats) -> Floats:
    """Element by element; NaN or infinity where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below, dtype=np.float64)
