"""Pre-norm: each of mixer and feed-forward reads normalised vectors and adds to the plain ones.

Xiong et al. 2020, arXiv:2002.04745.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.blocks.sublayers import Sublayers

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class PreNorm(Sublayers):
    """``x + mixer(norm(x))``, then ``x + feedforward(norm(x))``; a norm after the last block."""

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """The block."""
        x = x + module.dropout(module.mixer(module.mixer_norm(x), layer))
        out: Tensor = x + module.dropout(module.feedforward(module.feedforward_norm(x)))
        return out
