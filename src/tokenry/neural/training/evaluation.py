"""What a model loses on data that it does not learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import nn

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import TrainingStep


def summed_losses(
    model: nn.Module, step: TrainingStep, batches: Iterable[Batch]
) -> dict[str, float]:
    """Sums over all batches: ``loss``, ``units`` and the parts of the step, in float64.

    The model is in eval mode meanwhile.
    """
    device = next(model.parameters()).device
    sums: dict[str, float] = defaultdict(float)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for batch in batches:
                losses = step(model, batch.on(device, 1.0))
                sums["loss"] += float(losses.total)
                sums["units"] += float(losses.units)
                for name, value in losses.parts.items():
                    sums[name] += float(value)
    finally:
        model.train(was_training)
    return dict(sums)
