"""Pre-norm: each of mixer and feed-forward reads normalised vectors and adds to the plain ones.

Xiong et al. 2020, arXiv:2002.04745.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards import FeedForward
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.mixers import Mixer
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.norms import Norm
from tokenry.neural.norms.layer import LayerNorm

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class PreNorm:
    """``x + mixer(norm(x))``, then ``x + feedforward(norm(x))``; a norm after the last block.

    Attributes:
        mixer: between places.
        feedforward: at each place.
        norm: before both.
        dropout: share of what both add that is left out in training.
    """

    mixer: Mixer = field(default_factory=MultiHead)
    feedforward: FeedForward = field(default_factory=Gelu)
    norm: Norm = field(default_factory=LayerNorm)
    dropout: float = 0.0

    def build(self, width: int) -> Assembled:
        """Modules ``mixer``, ``feedforward``, ``mixer_norm`` and ``feedforward_norm``."""
        return assemble(
            self,
            mixer_norm=self.norm.build(width),
            mixer=self.mixer.build(width),
            feedforward_norm=self.norm.build(width),
            feedforward=self.feedforward.build(width),
            dropout=torch_for(self, "torch.nn").Dropout(self.dropout),
        )

    def build_last(self, width: int) -> nn.Module:
        """A norm."""
        return self.norm.build(width)

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """The block."""
        x = x + module.dropout(module.mixer(module.mixer_norm(x), layer))
        out: Tensor = x + module.dropout(module.feedforward(module.feedforward_norm(x)))
        return out

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Of both."""
        return self.mixer.flops(width, queries, keys) + queries * self.feedforward.flops(width)
