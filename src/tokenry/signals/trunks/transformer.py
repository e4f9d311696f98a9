"""A transformer over places: the backbone of `tokenry.neural`, which knows nothing of signals.

Dosovitskiy et al. 2021, arXiv:2010.11929. What each place sees is data
(`tokenry.neural.topologies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.adaptive import AdaptivePreNorm
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.positions import Positions
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.features import TOLD, Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TransformerTrunk:
    """A linear layer, then blocks.

    Attributes:
        backbone: width, blocks, positions, topology.
        taps: numbers of blocks whose output is kept as ``block-<number>``.
    """

    backbone: Backbone
    taps: tuple[int, ...] = ()

    @classmethod
    def vit(
        cls, places: int, *, width: int, layers: int, heads: int, topology: Topology | None = None,
        taps: tuple[int, ...] = (), positions: Positions | None = None, told: bool = False,
    ) -> TransformerTrunk:  # fmt: skip
        """Pre-norm blocks with learned positions, all places seeing each other.

        Args:
            places: patches, registers and conditions together.
            width: of the vectors.
            layers: blocks.
            heads: they divide the width.
            topology: what each place sees; None: all.
            taps: as the field.
            positions: None: learned.
            told: whether blocks are modulated by a vector that they are told.
        """
        mixer = MultiHead(heads=heads, bias=True)
        backbone = Backbone(
            width=width,
            layers=layers,
            block=AdaptivePreNorm(mixer=mixer) if told else PreNorm(mixer=mixer),
            positions=positions or Learned(context=places),
            topology=topology or Bidirectional(),
        )
        return cls(backbone=backbone, taps=taps)

    @property
    def width(self) -> int:
        """That of the backbone."""
        return self.backbone.width

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        return grid

    def build(self, features: int, places: int) -> Assembled:
        """Modules ``into`` and ``stack``.

        Raises:
            PartError: there are more places than positions.
        """
        context = getattr(self.backbone.positions, "context", places)
        if context < places:
            raise PartError(
                f"a trunk of {context} positions has to run over {places} places; give its "
                "positions a context of as many (patches, registers, latents, conditions)"
            )
        nn = torch_for(self, "torch.nn")
        return assemble(self, into=nn.Linear(features, self.width), stack=self.backbone.build())

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer."""
        return features.having(vectors=module.into(features.vectors))

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Through the blocks."""
        read = module.stack(
            features.vectors, present=features.present, topology=topology, states=bool(self.taps),
            told=features.taps.get(TOLD),
        )  # fmt: skip
        taps = {f"block-{number}": read.states[number + 1] for number in self.taps}
        return features.having(vectors=read.hidden, taps={**features.taps, **taps})
