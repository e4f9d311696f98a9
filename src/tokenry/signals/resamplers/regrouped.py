"""Registers whose numbers are read across each other, as TiTok's first checkpoints do.

Their code (``is_legacy`` in bytedance/1d-tokenizer on GitHub) takes a table of registers by width
for one of width by registers and never turns it, so that a latent is made of numbers of several
registers. It is a fixed permutation; released weights were trained with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.resamplers.registers import Registers

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.signals.features import Features


@dataclass(frozen=True, kw_only=True)
class RegroupedRegisters(Registers):
    """For weights of others; nothing is gained by it in a codec that is trained anew."""

    def kept(self, features: Features) -> Tensor:
        """Numbers in their order, cut into as many columns as there are registers."""
        x = super().kept(features)
        batch, count, width = x.shape
        return x.reshape(batch, width, count).transpose(1, 2)
