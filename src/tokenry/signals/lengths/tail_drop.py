"""Tail drop: a batch keeps a drawn number of first tokens, and the decoder sees no others.

Miwa et al. 2025 (One-D-Piece), arXiv:2501.10064.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.lengths.prefixes import DrawnPrefixes

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class TailDrop(DrawnPrefixes):
    """One number for all items of a batch, after the bottleneck, which loses on all of them."""

    hidden = True

    def drawn(self, latents: Tensor, tokens: int) -> Tensor:
        """One number for all."""
        import torch

        return torch.randint(1, tokens + 1, (1,), device=latents.device)
