"""Nested dropout: an item keeps a drawn number of its first tokens, so that any prefix decodes.

Rippel et al. 2014, arXiv:1402.0915; of images in FlexTok (Bachmann et al. 2025), arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tokenry.signals.lengths.prefixes import DrawnPrefixes

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class NestedTokens(DrawnPrefixes):
    """Each item by itself; what is not kept becomes a learned vector.

    Attributes:
        lengths: ``uniform``: every number as likely; ``powers``: 1, 2, 4, ... and all of them.
    """

    lengths: Literal["uniform", "powers"] = "uniform"

    hidden = False

    def drawn(self, latents: Tensor, tokens: int) -> Tensor:
        """One of `choices` for each item."""
        import torch

        choices = torch.tensor(self.choices(tokens), device=latents.device)
        return choices[torch.randint(len(choices), (len(latents),), device=latents.device)][:, None]

    def choices(self, tokens: int) -> list[int]:
        """Numbers that are drawn, none above that of the tokens."""
        if self.lengths == "uniform":
            return list(range(1, tokens + 1))
        powers = [2**each for each in range(tokens.bit_length()) if 2**each < tokens]
        return [*powers, tokens]
