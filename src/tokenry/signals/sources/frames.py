"""Frames that came before: their patches.

What video tokenizers that go on from a clip are told (Yang et al. 2025, CDT, arXiv:2503.03708).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.partitions import Partition
from tokenry.signals.partitions.patch import Patch

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The fact ``frames``: normalised values, shape (items, \\*shape).

    Attributes:
        shape: channels first, then time if there are several, height and width.
        partition: of them.
    """

    shape: tuple[int, ...] = (3, 32, 32)
    partition: Partition = field(default_factory=Patch)

    facts = ("frames",)

    @property
    def places(self) -> int:
        """A patch each."""
        return prod(self.partition.grid(self.shape))

    def build(self, width: int) -> Assembled:
        """The ``partition``, the linear layer ``into``, and positions ``rows``."""
        torch = torch_for(self)
        return assemble(
            self,
            partition=self.partition.build(self.shape),
            into=torch.nn.Linear(self.partition.width(self.shape), width),
            rows=torch.nn.Parameter(torch.randn(self.places, width) * 0.02),
        )

    def forward(self, module: Assembled, facts: Mapping[str, Tensor]) -> Tensor:
        """A vector a patch."""
        patches = module.partition(facts["frames"].float())
        out: Tensor = module.into(patches.vectors) + module.rows
        return out
