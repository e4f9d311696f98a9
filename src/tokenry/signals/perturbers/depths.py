"""Depth dropout: of some items only the first depths are decoded.

Zeghidour et al. 2021 (SoundStream), arXiv:2107.03312.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.straight import with_gradient_of

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True, kw_only=True)
class DepthDropout:
    """One depth or more is kept, every number as likely.

    Attributes:
        share: of the items.
        multiple: kept depths are a multiple of it.
    """

    share: float = 0.5
    multiple: int = 1

    def __post_init__(self) -> None:
        at_least(self, 1, "multiple")

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Sums of the first depths.

        Raises:
            PartError: the bottleneck has no depths.
        """
        import torch

        depths = quantized.depths
        if depths is None or quantized.soft is None:
            raise PartError(f"{type(bottleneck.part).__name__} has no depths to be left out")
        batch, count = len(depths), depths.shape[2]
        choices = -(-count // self.multiple)
        drawn = (torch.randint(choices, (batch,), device=depths.device) + 1) * self.multiple
        whole = torch.rand(batch, device=depths.device) >= self.share
        kept = torch.arange(count, device=depths.device) < drawn[:, None]
        summed = (depths * (kept | whole[:, None])[:, None, :, None]).sum(2)
        short = with_gradient_of(summed, quantized.soft.to(summed.dtype))
        return quantized.having(vectors=torch.where(whole[:, None, None], quantized.vectors, short))
