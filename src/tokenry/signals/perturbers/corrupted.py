"""Token corruption: some codes are replaced by any others.

An option of FlexTok (Bachmann et al. 2025), arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.signals.perturbers.replaced import with_codes

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True, kw_only=True)
class CorruptedTokens:
    """Each token by itself.

    Attributes:
        share: of the tokens.
    """

    share: float = 0.05

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise PartError(f"share of CorruptedTokens is {self.share!r}, expected 0 to 1")

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Other codes at some tokens."""
        import torch

        codes = quantized.codes
        other = torch.stack(
            [torch.randint_like(codes[..., 0], each) for each in bottleneck.part.levels], -1
        )
        hit = torch.rand(codes.shape[:2], device=codes.device) < self.share
        return with_codes(quantized, bottleneck, torch.where(hit[..., None], other, codes), hit)
