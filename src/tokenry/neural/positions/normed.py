"""Learned positions, then a norm: the sum of vectors and rows is normalised before the first block.

Radford et al. 2021 (the vision transformer of CLIP), arXiv:2103.00020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class NormedLearned:
    """Rows of positions and a layer norm.

    Attributes:
        context: places that have a row.
        epsilon: of the norm.
    """

    context: int
    epsilon: float = 1e-5

    movable = False

    def __post_init__(self) -> None:
        at_least(self, 1, "context")

    def build(self, width: int) -> Assembled:
        """Modules ``rows`` and ``norm``."""
        nn = torch_for(self, "torch.nn")
        return assemble(
            self,
            rows=nn.Embedding(self.context, width),
            norm=nn.LayerNorm(width, eps=self.epsilon),
        )

    def forward(self, module: Assembled, x: Tensor, at: Tensor) -> Tensor:
        """``norm(x + rows[at])``.

        Raises:
            PartError: a place has no row.
        """
        if at.device.type != "meta" and at.numel() and int(at.max()) >= self.context:
            raise PartError(f"position {int(at.max())} is beyond the context of {self.context}")
        normed: Tensor = module.norm(x + module.rows(at.long()))
        return normed

    def turns(self, at: Tensor, head_size: int) -> None:
        """Nothing is rotated."""
