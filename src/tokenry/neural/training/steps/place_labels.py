"""Place labels: the cross entropy of what is to be said at each place of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses, step_flops


@dataclass(frozen=True)
class PlaceLabels:
    """For a model over ids; a batch has ``ids`` and ``labels``, both of shape (rows, length).

    A label is an id, `PAD` where nothing is to be said; the model reads all ids of a row that its
    topology lets a place see, that of the place itself included.
    """

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over labels, in nats; the part ``right`` is how many were the likeliest."""
        from torch.nn import functional

        ids, labels = batch["ids"], batch["labels"].long()
        said = labels != PAD
        logits = model(ids.clamp(min=0), present=ids != PAD)[said].float()
        total = functional.cross_entropy(logits, labels[said], reduction="sum")
        right = (logits.argmax(-1) == labels[said]).sum()
        return Losses(total, said.sum().float(), {"right": right})

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, by the model's config."""
        return step_flops(model, *batch["ids"].shape)
