"""Masked ids: the cross entropy of ids that a mask hides, each with a chance drawn for its row.

Source: Nie et al. 2025, "Large Language Diffusion Models" (LLaDA), arXiv:2502.09992, with Sahoo et
al. 2024, arXiv:2406.07524. A row draws a time t between 0 and 1 and hides each id with that chance;
losses are divided by t, which bounds the negative log-likelihood of the row. With a constant
``rate`` it is the masked language model of BERT, Devlin et al. 2019, arXiv:1810.04805.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses, step_flops


@dataclass(frozen=True)
class MaskedIds:
    """For a model that reads both ways; a batch has ``ids``, shape (rows, length), `PAD` at ends.

    A batch may have ``prompts``, shape (rows,): ids at the start of each row that are never hidden.

    Attributes:
        mask: the id that hides others; None: the model's last.
        rate: of hiding; None: drawn for each row, and losses are divided by it.
        least: the smallest rate that is drawn.
    """

    mask: int | None = None
    rate: float | None = None
    least: float = 0.05

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over hidden ids, in nats; units are the ids that could be hidden."""
        import torch
        from torch.nn import functional

        ids = batch["ids"]
        hideable = ids != PAD
        if "prompts" in batch.arrays:
            places = torch.arange(ids.shape[1], device=ids.device)
            hideable = hideable & (places >= batch["prompts"][:, None])
        rates = self._rates(len(ids), ids.device)
        hidden = hideable & (torch.rand(ids.shape, device=ids.device) < rates)
        mask = model.vocab_size - 1 if self.mask is None else self.mask
        read = torch.where(hidden, mask, ids.clamp(min=0))
        logits = model(read, present=ids != PAD)
        losses = functional.cross_entropy(
            logits.flatten(0, 1).float(), ids.clamp(min=0).flatten(), reduction="none"
        ).view(ids.shape)
        weights = hidden / rates if self.rate is None else hidden.float()
        units = hideable.sum() if self.rate is None else hidden.sum()
        return Losses((losses * weights).sum(), units.float())

    def _rates(self, rows: int, device: Any) -> Any:
        """The chance of each row to be hidden, shape (rows, 1)."""
        import torch

        if self.rate is not None:
            return torch.full((rows, 1), self.rate, device=device)
        return self.least + (1 - self.least) * torch.rand((rows, 1), device=device)

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, by the model's config."""
        return step_flops(model, *batch["ids"].shape)
