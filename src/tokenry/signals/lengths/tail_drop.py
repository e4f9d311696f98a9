"""Tail drop: a batch keeps a drawn number of first tokens, and the decoder sees no others.

Miwa et al. 2025 (One-D-Piece), arXiv:2501.10064.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.fixed import first_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TailDrop:
    """One number for all items of a batch, after the bottleneck, which loses on all of them."""

    prefix = True
    hidden = True
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
        most = torch.randint(1, tokens + 1, (1,), device=latents.device)
        return Kept((torch.arange(tokens, device=latents.device) < most).expand(len(latents), -1))
