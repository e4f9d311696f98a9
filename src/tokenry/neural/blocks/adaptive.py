"""Pre-norm whose norms are shifted and scaled, and whose sums are weighed, by a vector.

Peebles & Xie 2022 (DiT), arXiv:2212.09748: of the time of a diffusion, a label. There sums start at
weight zero; here at one, so that a block that is told nothing yet is a plain pre-norm block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.blocks.sublayers import Sublayers
from tokenry.neural.building import torch_for

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class AdaptivePreNorm(Sublayers):
    """Reads ``told`` of its layer, which is added to a learned vector.

    Attributes:
        groups: numbers of places, in order, of groups that are each modulated by a layer of their
            own, as patches and registers are; (): all places by one.
    """

    groups: tuple[int, ...] = ()

    def build(self, width: int) -> Assembled:
        """Also ``always``, and the layer ``told``: six vectors of one, for each group."""
        torch = torch_for(self)
        module = super().build(width)
        module.always = torch.nn.Parameter(torch.randn(width) * 0.02)
        told = torch.nn.Linear(width, 6 * width * max(1, len(self.groups)))
        torch.nn.init.zeros_(told.weight)
        torch.nn.init.zeros_(told.bias)
        module.told = told
        return module

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Also of the six vectors, once a sequence and group."""
        told = 12 * width * width * max(1, len(self.groups))
        return super().flops(width, queries, keys) + told

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """The block."""
        told = module.always + x.new_zeros(len(x), x.shape[-1])
        told = told if layer.told is None else told + layer.told.to(x.dtype)
        made = module.told(told)[:, None] if not self.groups else self._spread(module.told(told))
        shift, scale, gate, shift_2, scale_2, gate_2 = made.chunk(6, -1)
        normed = module.mixer_norm(x) * (1 + scale) + shift
        x = x + (1 + gate) * module.dropout(module.mixer(normed, layer))
        normed = module.feedforward_norm(x) * (1 + scale_2) + shift_2
        out: Tensor = x + (1 + gate_2) * module.dropout(module.feedforward(normed))
        return out

    def _spread(self, made: Tensor) -> Tensor:
        """Vectors of groups at the places of each, (batch, places, 6 * width)."""
        counts = made.new_tensor(self.groups).long()
        apart = made.reshape(len(made), len(self.groups), -1)
        return apart.repeat_interleave(counts, 1)
