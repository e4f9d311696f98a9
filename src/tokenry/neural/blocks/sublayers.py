"""What all arrangements share: a mixer, a feed-forward, a norm for each, dropout."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards import FeedForward
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.mixers import Mixer
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.norms import Norm
from tokenry.neural.norms.layer import LayerNorm

if TYPE_CHECKING:
    from torch import nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Sublayers:
    """An arrangement adds ``forward``: how they are wired.

    Attributes:
        mixer: between places.
        feedforward: at each place.
        norm: of vectors, where the arrangement has one.
        dropout: share of what mixer and feed-forward add that is left out in training.
    """

    mixer: Mixer = field(default_factory=MultiHead)
    feedforward: FeedForward = field(default_factory=Gelu)
    norm: Norm = field(default_factory=LayerNorm)
    dropout: float = 0.0

    norms: ClassVar[tuple[str, ...]] = ("mixer_norm", "feedforward_norm")
    """Names of the norms of a block."""

    def build(self, width: int) -> Assembled:
        """Modules ``mixer``, ``feedforward``, ``dropout`` and the norms."""
        return assemble(
            self,
            mixer=self.mixer.build(width),
            feedforward=self.feedforward.build(width),
            dropout=torch_for(self, "torch.nn").Dropout(self.dropout),
            **{name: self.norm.build(width) for name in self.norms},
        )

    def build_last(self, width: int) -> nn.Module:
        """A norm, for vectors that no block has normalised."""
        return self.norm.build(width)

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Of mixer and feed-forward."""
        return self.mixer.flops(width, queries, keys) + queries * self.feedforward.flops(width)
