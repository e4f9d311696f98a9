"""Next token: the cross entropy of each id after those before it.

Bengio et al. 2003, JMLR 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses, step_flops


@dataclass(frozen=True)
class NextToken:
    """For a causal model; a batch has ``ids``, shape (rows, length + 1), `PAD` at the ends of rows.

    A batch may have ``prompts``, shape (rows,): ids at the start of each row that are read and not
    learnt; ``weights``, shape (rows, length + 1), by which the losses of ids are multiplied; and
    ``seen``, shape (rows, length, length), True where an id sees another
    (`tokenry.neural.stack.Reading`).
    """

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over ids, in nats; units are the weights of the ids."""
        import torch
        from torch.nn import functional

        ids = batch["ids"]
        targets = ids[:, 1:]
        weights = (targets != PAD).float()
        if "prompts" in batch.arrays:
            places = torch.arange(1, ids.shape[1], device=ids.device)
            weights = weights * (places >= batch["prompts"][:, None])
        if "weights" in batch.arrays:
            weights = weights * batch["weights"][:, 1:]
        reading = {"seen": batch["seen"]} if "seen" in batch.arrays else {}
        logits = model(ids[:, :-1].clamp(min=0), **reading)
        losses = functional.cross_entropy(
            logits.flatten(0, 1).float(), targets.clamp(min=0).flatten(), reduction="none"
        )
        return Losses((losses * weights.flatten()).sum(), weights.sum())

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, by the model's config."""
        rows, length = batch["ids"].shape
        return step_flops(model, rows, length - 1)
