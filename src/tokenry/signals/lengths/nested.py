"""Nested dropout: an item keeps a drawn number of its first tokens, so that any prefix decodes.

Rippel et al. 2014, arXiv:1402.0915; of images in FlexTok (Bachmann et al. 2025), arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tokenry.neural.building import assemble
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.fixed import first_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class NestedTokens:
    """Each item by itself; what is not kept becomes a learned vector.

    Attributes:
        lengths: ``uniform``: every number as likely; ``powers``: 1, 2, 4, ... and all of them.
    """

    lengths: Literal["uniform", "powers"] = "uniform"

    prefix = True
    hidden = False
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
        choices = torch.tensor(self.choices(tokens), device=latents.device)
        drawn = choices[torch.randint(len(choices), (len(latents),), device=latents.device)]
        return Kept(torch.arange(tokens, device=latents.device) < drawn[:, None])

    def choices(self, tokens: int) -> list[int]:
        """Numbers that are drawn, none above that of the tokens."""
        if self.lengths == "uniform":
            return list(range(1, tokens + 1))
        powers = [2**each for each in range(tokens.bit_length()) if 2**each < tokens]
        return [*powers, tokens]
