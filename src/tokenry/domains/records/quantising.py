"""Numbers in bins, and the middles of bins as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.records.schema import Step
from tokenry.domains.residue import Array


def bins_of(values: NDArray[np.float64], step: Step) -> Array:
    """The bin of each value; what lies beyond the ends is in the last one, NaN in the first."""
    assert step.quantise is not None
    low, high, bins = step.quantise.low, step.quantise.high, step.quantise.bins
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.nan_to_num((values - low) / (high - low) * bins, nan=0.0)
    return np.clip(np.floor(scaled), 0, bins - 1).astype(np.int64)


def middles_of(bins: Array, step: Step, endian: str) -> NDArray[np.uint8]:
    """The bytes of the middle of each bin, shape (n, width)."""
    assert step.quantise is not None
    low, high, count = step.quantise.low, step.quantise.high, step.quantise.bins
    middles = low + (np.minimum(bins, count - 1) + 0.5) * (high - low) / count
    kind = step.type or "u1"
    if kind[0] == "f":
        rows = middles.astype(f"<f{step.width}").view(np.uint8).reshape(-1, step.width)
    else:
        whole = np.floor(middles).astype("<i8")
        rows = whole.view(np.uint8).reshape(-1, 8)[:, : step.width]
    return rows[:, ::-1] if (step.endian or endian) == "big" else rows
