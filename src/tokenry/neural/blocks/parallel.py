"""Parallel: mixer and feed-forward read the same normalised vectors, and both add.

Wang & Komatsuzaki 2021 (GPT-J); Chowdhery et al. 2022, arXiv:2204.02311.
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
class Parallel(Sublayers):
    """``x + mixer(norm(x)) + feedforward(norm(x))``; a norm after the last block."""

    norms = ("norm",)

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """The block."""
        normed = module.norm(x)
        added = module.mixer(normed, layer) + module.feedforward(normed)
        out: Tensor = x + module.dropout(added)
        return out
