"""A pyramid: at each patch the features of all stages of a convolutional network.

Tang et al. 2024, "DuoFormer: Leveraging Hierarchical Representations by Local and Global Attention
Vision Transformer", arXiv:2407.13920.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features, Grid
from tokenry.signals.partitions.conv_stem import ConvStem

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ScalePyramid:
    """Of the last stage a place is one vector, of the one before 4, then 16: the grid's third axis.

    Attributes:
        stem: whose stages they are.
        scales: last stages that are taken.
        channels: of every vector.
    """

    stem: ConvStem = field(default_factory=ConvStem)
    scales: int = 3
    channels: int = 64

    def __post_init__(self) -> None:
        at_least(self, 1, "scales", "channels")
        if self.scales > len(self.stem.widths):
            raise PartError(f"{self.scales} scales of {len(self.stem.widths)} stages of the stem")

    @property
    def of_a_patch(self) -> int:
        """Vectors of all scales at one place."""
        return int(sum(4**scale for scale in range(self.scales)))

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Places down and across, and vectors of each."""
        return (*self.stem.grid(shape), self.of_a_patch)

    def width(self, shape: tuple[int, ...]) -> int:
        """Channels."""
        return self.channels

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """The ``stem``, and a linear layer for each scale, the finest first."""
        nn = torch_for(self, "torch.nn")
        widths = self.stem.widths[-self.scales :]
        layers = nn.ModuleList(nn.Linear(each, self.channels) for each in widths)
        return assemble(self, stem=self.stem.build(shape), layers=layers)

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Vectors, patch by patch, the finest scale first, shape (batch, places, channels)."""
        import torch

        maps = self.stem.maps(module.stem, values)[-self.scales :]
        height, width = maps[-1].shape[2:]
        parts = []
        for stage, layer in zip(maps, module.layers, strict=True):
            side = stage.shape[2] // height
            cut = stage.reshape(*stage.shape[:2], height, side, width, side)
            cells = cut.permute(0, 2, 4, 3, 5, 1).flatten(3, 4)
            parts.append(layer(cells))
        whole = torch.cat(parts, 3)
        return Features(whole.flatten(1, 3), (height, width, self.of_a_patch))
