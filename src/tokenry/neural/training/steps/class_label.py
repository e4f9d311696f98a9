"""Class label: the cross entropy of the label of each sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses, step_flops


@dataclass(frozen=True)
class ClassLabel:
    """For a model whose head gives classes; a batch has ``ids``, `PAD` at ends, and ``labels``."""

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over rows, in nats; the part ``right`` is how many are labelled right."""
        from torch.nn import functional

        ids, labels = batch["ids"], batch["labels"].long()
        logits = model(ids.clamp(min=0), present=ids != PAD).float()
        total = functional.cross_entropy(logits, labels, reduction="sum")
        right = (logits.argmax(-1) == labels).sum()
        return Losses(total, float(len(ids)), {"right": right})

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, by the model's config."""
        return step_flops(model, *batch["ids"].shape)
