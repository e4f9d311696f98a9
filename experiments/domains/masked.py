"""Masked ids: the cross entropy of ids that were hidden from a model that reads both ways.

Source: Devlin et al. 2019, "BERT", arXiv:1810.04805; spans: Joshi et al. 2020, arXiv:1907.10529.
All that is hidden becomes the mask's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses, step_flops

Hidden = NDArray[np.bool_]


@dataclass(frozen=True)
class MaskedIds:
    """For a model that reads both ways; a batch has ``ids`` and ``hidden``, shape (rows, length).

    Attributes:
        mask: the id that stands in the place of what is hidden.
    """

    mask: int

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over hidden ids, in nats; units are these."""
        from torch.nn import functional

        ids, hidden = batch["ids"], batch["hidden"]
        logits = model(ids.masked_fill(hidden, self.mask)).float()
        loss = functional.cross_entropy(logits[hidden], ids[hidden], reduction="sum")
        return Losses(loss, hidden.sum().float())

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Three times those of the forward pass, by the model's config."""
        return step_flops(model, *batch["ids"].shape)


def hidden_spans(shape: tuple[int, int], span: int, share: float, seed: int) -> Hidden:
    """Which ids are hidden: spans of so many, about ``share`` of all, at places by seed."""
    source = np.random.default_rng(seed)
    starts = source.random(shape) < share / span
    hidden = starts.copy()
    for step in range(1, span):
        hidden[:, step:] |= starts[:, :-step]
    hidden[hidden.sum(axis=1) == 0, :span] = True
    return hidden
