"""Post-norm: the sum of vectors and of what mixer or feed-forward add is normalised.

Vaswani et al. 2017, arXiv:1706.03762; needs warm-up (Xiong et al. 2020, arXiv:2002.04745).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.blocks.sublayers import Sublayers
from tokenry.neural.building import torch_for

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class PostNorm(Sublayers):
    """``norm(x + mixer(x))``, then ``norm(x + feedforward(x))``."""

    def build_last(self, width: int) -> nn.Module:
        """Nothing: the last block ends with a norm."""
        module: nn.Module = torch_for(self, "torch.nn").Identity()
        return module

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """The block."""
        x = module.mixer_norm(x + module.dropout(module.mixer(x, layer)))
        out: Tensor = module.feedforward_norm(x + module.dropout(module.feedforward(x)))
        return out
