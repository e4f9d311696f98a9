"""What a generator is: a frozen dataclass that builds a module, says its loss, and samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled

ITEMS, LABELS = "items", "labels"
"""Arrays of a batch: codes, (batch, tokens, slots) integers, or vectors, (batch, tokens, size)."""
NO_LABEL = -1


class ItemGenerator(Protocol):
    """Of codes or of vectors."""

    def build(self) -> Assembled:
        """The module, its weights as torch draws them."""

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Of a batch of `ITEMS` and `LABELS`."""

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """An item for each label; `NO_LABEL` for any."""


def forgotten(labels: Tensor, share: float) -> Tensor:
    """Labels of which a share is `NO_LABEL`, so that a model learns items of any class, too.

    Ho & Salimans 2022, "Classifier-free diffusion guidance", arXiv:2207.12598.
    """
    import torch

    drop = torch.rand(labels.shape, device=labels.device) < share
    return torch.where(drop, torch.full_like(labels, NO_LABEL), labels)
