"""Redundant padding: prefixes are drawn from a longer row, so that whole rows are seen often.

ReToK (2026), "Improving Flexible Image Tokenizers for Autoregressive Image Generation",
arXiv:2601.01535: copies of the last token stand behind the row; a prefix that ends in them is the
whole row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import at_least
from tokenry.signals.lengths.prefixes import DrawnPrefixes

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class RedundantPadding(DrawnPrefixes):
    """Each item by itself; what is not kept becomes a learned vector.

    Attributes:
        copies: of the last token.
    """

    copies: int = 32

    hidden = False

    def __post_init__(self) -> None:
        at_least(self, 0, "copies")

    def drawn(self, latents: Tensor, tokens: int) -> Tensor:
        """Any prefix of the longer row."""
        import torch

        longest = tokens + self.copies
        return torch.randint(1, longest + 1, (len(latents), 1), device=latents.device)
