"""A reader of flows: bursts first, then the flow of bursts; netFound's shape at a small size.

Source: Guthula et al. 2023, "netFound", arXiv:2310.17025: attention within a burst, then over one
vector a burst. Here both are stacks of the library's parts, and vectors are means, not CLS ids.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from tokenry.neural.recipes.sizes import Shape
from tokenry.neural.topologies.bidirectional import Bidirectional


class Hierarchical(nn.Module):
    """Ids of a flow to logits of its label.

    Args:
        vocab_size: ids that it knows.
        classes: labels.
        shape: of the reader of bursts; the reader of flows has one layer.
        length: ids of a burst; a flow is a whole number of bursts.
    """

    def __init__(self, vocab_size: int, classes: int, shape: Shape, length: int) -> None:
        super().__init__()
        backbone = replace(shape.causal(vocab_size).backbone, topology=Bidirectional())
        self.length = length
        self.rows = nn.Embedding(vocab_size, shape.width)
        self.burst = backbone.build()
        self.flow = replace(backbone, layers=1).build()
        self.decide = nn.Linear(shape.width, classes)
        nn.init.normal_(self.rows.weight, std=0.02)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.rows.weight.device

    def forward(self, ids: Tensor, present: Tensor) -> Tensor:
        """Logits, shape (batch, classes), of ids, shape (batch, bursts * length)."""
        batch = len(ids)
        words, here = (each.reshape(-1, self.length) for each in (ids, present))
        some = here.any(1)
        seen = here.clone()
        seen[~some, 0] = True  # a burst of padding alone reads one of its ids
        hidden = self.burst(self.rows(words), present=seen).hidden
        bursts = _mean(hidden, seen).reshape(batch, -1, hidden.shape[-1])
        there = some.reshape(batch, -1)
        read = self.flow(bursts, present=there).hidden
        logits: Tensor = self.decide(_mean(read, there))
        return logits


def _mean(hidden: Tensor, present: Tensor) -> Tensor:
    kept = present[..., None].to(hidden.dtype)
    return (hidden * kept).sum(1) / kept.sum(1).clamp(min=1)
