"""Patches with details beside them: a few convolutions keep what is smaller than a patch.

CellVTA (Yang et al. 2025, "CellVTA: Enhancing Vision Foundation Models for Accurate Cell
Segmentation and Classification", arXiv:2504.00784), after ViT-Adapter (Chen et al. 2022,
arXiv:2205.08534).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tokenry.neural.building import assemble
from tokenry.signals.features import Features, Grid
from tokenry.signals.partitions import Partition
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

DETAILS: Final = "details"
"""The tap that has them."""


@dataclass(frozen=True, kw_only=True)
class WithDetails:
    """Places are the patches'; the finer grid stands in the tap ``details``.

    Attributes:
        patches: that the trunk reads.
        stem: of the details.
    """

    patches: Partition = field(default_factory=Patch)
    stem: ConvStem = field(default_factory=lambda: ConvStem(down=2))

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Of the patches."""
        return self.patches.grid(shape)

    def width(self, shape: tuple[int, ...]) -> int:
        """Of a patch."""
        return self.patches.width(shape)

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """Modules ``patches`` and ``stem``."""
        return assemble(self, patches=self.patches.build(shape), stem=self.stem.build(shape))

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Patches, and details as their tap, shape (batch, finer places, channels)."""
        features: Features = module.patches(values)
        details = module.stem(values).vectors
        return features.having(taps={**features.taps, DETAILS: details})
