"""A transformer that looks at details between its stages, and tells them what it saw.

CellVTA (Yang et al. 2025), arXiv:2504.00784, after ViT-Adapter (Chen et al. 2022,
arXiv:2205.08534): before a stage its places read the details by attention, through a gate that is
closed at first; after it the details read the places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.parts import at_least
from tokenry.neural.positions.learned import Learned
from tokenry.neural.positions.none import NoPositions
from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.features import Features, Grid
from tokenry.signals.partitions.with_details import DETAILS

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class AdaptedTrunk:
    """Reads features with the tap ``details`` (`partitions.with_details`).

    Attributes:
        stages: one after another; only the first has positions.
        details: width of the details.
        heads: of the attention between both.
    """

    stages: tuple[Backbone, ...]
    details: int = 32
    heads: int = 4

    def __post_init__(self) -> None:
        at_least(self, 1, "details", "heads")
        if not self.stages or len({each.width for each in self.stages}) != 1:
            raise PartError("AdaptedTrunk has stages of several widths, or none")

    @classmethod
    def sized(
        cls, places: int, *, width: int, layers: int, heads: int, details: int, stages: int = 2
    ) -> AdaptedTrunk:
        """As even stages as they go.

        Args:
            places: patches and registers.
            width: of the vectors.
            layers: blocks of all stages.
            heads: of all attention.
            details: width of the details.
            stages: how often details are read.
        """
        counts = [layers // stages + (place < layers % stages) for place in range(stages)]
        made = tuple(
            Backbone(
                width=width,
                layers=count,
                block=PreNorm(mixer=MultiHead(heads=heads, bias=True)),
                positions=NoPositions() if place else Learned(context=places),
                topology=Bidirectional(),
            )
            for place, count in enumerate(counts)
        )
        return cls(stages=made, details=details, heads=heads)

    @property
    def width(self) -> int:
        """Of the stages."""
        return self.stages[0].width

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        return grid

    def build(self, features: int, places: int) -> Assembled:
        """``into``, ``stages``, and attention ``read`` before each and ``told`` between them."""
        nn = torch_for(self, "torch.nn")
        from tokenry.signals.cross_attention import CrossAttention

        read = [CrossAttention(self.width, self.details, self.heads) for _ in self.stages]
        told = [CrossAttention(self.details, self.width, self.heads) for _ in self.stages[1:]]
        return assemble(
            self,
            into=nn.Linear(features, self.width),
            stages=nn.ModuleList(each.build() for each in self.stages),
            read=nn.ModuleList(read),
            told=nn.ModuleList(told),
        )

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer."""
        return features.having(vectors=module.into(features.vectors))

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Through the stages."""
        if DETAILS not in features.taps:
            raise PartError("an adapted trunk needs details; use the partition with-details")
        x, details = features.vectors, features.taps[DETAILS]
        for place, stage in enumerate(module.stages):
            x = module.read[place](x, details)
            x = stage(x, present=features.present, topology=topology).hidden
            if place < len(module.told):
                details = module.told[place](details, x)
        return features.having(vectors=x)
