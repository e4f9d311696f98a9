"""FLOPs of the steps of a training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tokenry.neural.flops import counted_flops
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import CountsFlops, TrainingStep


class FlopMeter:
    """Asks the step; where it does not know, the first batch is measured as it runs.

    Later batches of such a step cost in proportion to the elements of their arrays.

    Attributes:
        measured: FLOPs of an element, by phase.
    """

    def __init__(self) -> None:
        self.measured: dict[str, float] = {}
        self._total = 0.0

    def taken(self) -> float:
        """What was counted since this was asked last."""
        total, self._total = self._total, 0.0
        return total

    @contextmanager
    def counting(self, phase: str, step: TrainingStep, model: Any, batch: Batch) -> Iterator[None]:
        """Count the forward and the backward pass that run in the block."""
        known = step.flops(model, batch) if isinstance(step, CountsFlops) else None
        elements = sum(math.prod(shape) for _, shape in batch.shapes())
        if known is None and phase in self.measured:
            known = self.measured[phase] * elements
        if known is None:
            with counted_flops() as counted:
                yield
            known = float(counted())
            self.measured[phase] = known / max(1, elements)
        else:
            yield
        self._total += known
