"""Nested next token: the mean of the losses of a model's first blocks, at several depths.

Source: Kavehzadeh et al. 2024, S2D, arXiv:2407.01955, after SortedNet, Valipour et al. 2023,
arXiv:2309.00255. Each sub-model is the first n blocks with the last norm and head of the whole, so
one set of weights serves all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.errors import PartError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses, step_flops


@dataclass(frozen=True)
class NestedNextToken:
    """For a causal model; a batch has ``ids``, shape (rows, length + 1), `PAD` at the ends of rows.

    Attributes:
        depths: blocks of each sub-model, the smallest first.
    """

    depths: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.depths or list(self.depths) != sorted({*self.depths}) or self.depths[0] < 1:
            raise PartError(f"depths of NestedNextToken are {self.depths}, expected them to rise")

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over ids of the mean over sub-models, in nats; a part by depth each."""
        import torch
        from torch.nn import functional

        ids = batch["ids"]
        targets = ids[:, 1:].flatten()
        whole = model.hidden(ids[:, :-1].clamp(min=0), layers=range(self.depths[-1]), states=True)
        parts = {}
        for depth in self.depths:
            hidden = model.backbone.last(whole.states[depth])
            logits = model.read(hidden).flatten(0, 1).float()
            parts[f"depth_{depth}"] = functional.cross_entropy(
                logits, targets, reduction="sum", ignore_index=PAD
            )
        total = torch.stack([*parts.values()]).mean()
        return Losses(total, (targets != PAD).sum().float(), parts)

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, and of a head for each sub-model."""
        rows, length = batch["ids"].shape
        whole = step_flops(model, rows, length - 1)
        if whole is None or model.config.backbone.layers != self.depths[-1]:
            return None
        width, ids = model.config.backbone.width, model.config.embedding.vocab_size
        head: float = model.config.head.flops(width, ids, rows * (length - 1))
        return whole + 3.0 * (len(self.depths) - 1) * head
