"""What a training has cost so far."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Counted over all processes.

    Attributes:
        steps: of the optimizer.
        bytes: of the data that was read; None where batches do not say.
        flops: of matrix products, forward and backward.
        seconds: of wall time in the loop, over all runs of a training that was resumed.
    """

    steps: int = 0
    bytes: int | None = 0
    flops: float = 0.0
    seconds: float = 0.0
