"""Lengths that are drawn in training: a prefix of the tokens, and when asked, so many of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.fixed import first_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


class DrawnPrefixes(ABC):
    """All of such a policy, a frozen dataclass, but what is drawn."""

    prefix = True
    variable = True

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """Drawn in training, what is asked for in eval mode."""
        import torch

        if asking is not None:
            return Kept(first_tokens(latents, tokens, asking))
        kept = torch.arange(tokens, device=latents.device) < self.drawn(latents, tokens)
        return Kept(kept.expand(len(latents), -1))

    @abstractmethod
    def drawn(self, latents: Tensor, tokens: int) -> Tensor:
        """How many are kept of each item, shape (batch, 1), or of all of them, (1,)."""
