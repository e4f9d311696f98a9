"""Registers: learned vectors that stand behind the patches in the trunk, and alone are kept.

Yu et al. 2024 (TiTok), arXiv:2406.07550; causal among themselves in FlexTok (Bachmann et al. 2025,
arXiv:2502.13967), so that each prefix is made without what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.registers import RegistersCausal
from tokenry.signals.features import Features, Grid
from tokenry.signals.resamplers import Order

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Registers:
    """A row of ``count`` latents.

    Attributes:
        count: registers.
        idle: registers behind them that are not kept: room to compute in (Darcet et al. 2023,
            arXiv:2309.16588), as a class token that nobody reads is.
        causal: whether a register sees only those before it, and no patch sees any.
    """

    count: int = 32
    idle: int = 0
    causal: bool = False

    def __post_init__(self) -> None:
        at_least(self, 1, "count")
        at_least(self, 0, "idle")

    @property
    def order(self) -> Order:
        """Causal, or none."""
        return "causal" if self.causal else "none"

    def added(self, grid: Grid) -> int:
        """The registers, kept or not."""
        return self.count + self.idle

    def grid(self, grid: Grid) -> Grid:
        """A row."""
        return (self.count,)

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """The registers ``rows`` and the linear layer ``out``."""
        torch = torch_for(self)
        rows = torch.nn.Parameter(torch.randn(self.count + self.idle, width) * width**-0.5)
        return assemble(self, rows=rows, out=torch.nn.Linear(width, size))

    def topology(self, places: int) -> Topology | None:
        """Causal registers behind ``places`` others."""
        return RegistersCausal(others=places) if self.causal else None

    def enter(self, module: Assembled, features: Features) -> Features:
        """With the registers behind."""
        import torch

        x = features.vectors
        rows = module.rows.expand(x.shape[0], -1, -1)
        present = features.present
        if present is not None:
            present = torch.cat([present, present.new_ones(x.shape[0], len(module.rows))], 1)
        return features.having(
            vectors=torch.cat([x, rows.to(x.dtype)], 1), grid=(), present=present
        )

    def leave(self, module: Assembled, features: Features) -> Features:
        """What became of the registers."""
        return Features(module.out(self.kept(features)), (self.count,), taps=features.taps)

    def kept(self, features: Features) -> Tensor:
        """Vectors of the registers that are not idle, shape (batch, count, width)."""
        first = features.vectors.shape[1] - self.count - self.idle
        return features.vectors[:, first : first + self.count]
