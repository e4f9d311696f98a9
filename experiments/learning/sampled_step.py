"""The next token among some ids that are drawn: training with very many ids on few bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses


@dataclass(frozen=True)
class SampledNextToken:
    """Cross entropy with the sum over all other ids estimated from ids drawn uniformly.

    Jean, Cho, Memisevic, Bengio 2015, arXiv:1412.2007. For models with tied rows. A model so
    trained is measured with all of its ids.

    Attributes:
        drawn: how many, anew in each batch, the same for all of its places.
    """

    drawn: int

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over ids, in nats; units are the ids."""
        import torch

        ids = batch["ids"]
        targets = ids[:, 1:].flatten()
        there = targets != PAD
        hidden = model.hidden(ids[:, :-1].clamp(min=0)).hidden.flatten(0, 1)[there]
        targets = targets[there]
        rows = model.embedding.rows.weight
        others = torch.randint(len(rows), (self.drawn,), device=ids.device)
        right = (hidden * rows[targets]).sum(-1)
        logits = hidden @ rows[others].T
        logits = logits.masked_fill(others[None] == targets[:, None], float("-inf"))
        rest = logits.logsumexp(-1) + torch.tensor((len(rows) - 1) / self.drawn).log()
        return Losses((torch.logaddexp(right, rest) - right).sum(), float(len(targets)))
