"""A classifier over places: any partition, any trunk, and one linear layer over their mean.

With patches and a transformer it is a small vision transformer (Dosovitskiy et al. 2021,
arXiv:2010.11929) without a class token.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.partitions import Partition
from tokenry.signals.starts.drawn import Drawn
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class PlaceNetwork:
    """A `tokenry.signals.measures.labels.PictureNetwork`.

    Attributes:
        partition: of pictures into places.
        trunk: over the places.
        classes: labels, from 0 on.
        side: height and width of pictures, in pixels.
    """

    partition: Partition
    trunk: FeatureTrunk
    classes: int
    side: int = 32

    def __post_init__(self) -> None:
        at_least(self, 1, "classes", "side")

    def build(self, seed: int = 0) -> Assembled:
        """Modules ``partition``, ``trunk`` and ``decide``; weights by seed."""
        torch = torch_for(self)
        shape = (3, self.side, self.side)
        places = prod(self.partition.grid(shape))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            module = assemble(
                self,
                partition=self.partition.build(shape),
                trunk=self.trunk.build(self.partition.width(shape), places),
                decide=torch.nn.Linear(self.trunk.width, self.classes),
            )
            Drawn().fill(module)
        return module

    def forward(self, module: Assembled, pictures: Tensor) -> Tensor:
        """Logits of the classes, shape (n, classes)."""
        places = self.trunk.embed(module.trunk, module.partition(pictures))
        logits: Tensor = module.decide(module.trunk(places).vectors.mean(1))
        return logits
