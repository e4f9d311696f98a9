"""Pooled classes: one linear layer over the mean of all vectors of a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class PooledClasses:
    """A classifier of whole sequences.

    Attributes:
        classes: labels, from 0 on.
    """

    classes: int

    def __post_init__(self) -> None:
        at_least(self, 1, "classes")

    def build(self, width: int, vocab_size: int) -> Assembled:
        """The layer is ``decide``."""
        nn = torch_for(self, "torch.nn")
        return assemble(self, decide=nn.Linear(width, self.classes))

    def forward(
        self, module: Assembled, hidden: Tensor, embedding: nn.Module, present: Tensor | None
    ) -> Tensor:
        """Logits, shape (batch, classes); padding is left out of the mean."""
        if present is None:
            mean = hidden.mean(1)
        else:
            kept = present[..., None].to(hidden.dtype)
            mean = (hidden * kept).sum(1) / kept.sum(1).clamp(min=1)
        logits: Tensor = module.decide(mean)
        return logits

    def flops(self, width: int, vocab_size: int, length: int) -> int:
        """One product for the whole sequence."""
        return 2 * width * self.classes
