"""Redundant padding: prefixes are drawn from a longer row, so that whole rows are seen often.

ReToK (2026), "Improving Flexible Image Tokenizers for Autoregressive Image Generation",
arXiv:2601.01535: copies of the last token stand behind the row; a prefix that ends in them is the
whole row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.fixed import first_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class RedundantPadding:
    """Each item by itself; what is not kept becomes a learned vector.

    Attributes:
        copies: of the last token.
    """

    copies: int = 32

    prefix = True
    hidden = False
    variable = True

    def __post_init__(self) -> None:
        at_least(self, 0, "copies")

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
        longest = tokens + self.copies
        drawn = torch.randint(1, longest + 1, (len(latents), 1), device=latents.device)
        return Kept(torch.arange(tokens, device=latents.device) < drawn)
