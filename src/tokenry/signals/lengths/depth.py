"""Depths: of an item the first runs of tokens are kept whole: depths of a residual, or scales.

Zeghidour et al. 2021 (SoundStream), arXiv:2107.03312; scales: Tian et al. 2024, arXiv:2404.02905.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class WholeRuns:
    """What is not kept adds nothing to the sum.

    Attributes:
        runs: tokens of each run, in order.
        share: of the items that keep only some in training.
    """

    runs: tuple[int, ...]
    share: float = 0.5

    prefix = True
    hidden = False
    variable = True

    def __post_init__(self) -> None:
        if not self.runs or min(self.runs) < 1:
            raise PartError(f"runs of WholeRuns are {self.runs}, expected 1 token or more each")

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """A module without weights.

        Raises:
            PartError: the runs are not all tokens.
        """
        if sum(self.runs) != tokens:
            raise PartError(f"runs of {self.runs} are {sum(self.runs)} tokens; there are {tokens}")
        return assemble(self)

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """Drawn in training; else as many whole runs as the tokens that are asked for hold."""
        import torch

        device = latents.device
        run = torch.repeat_interleave(
            torch.arange(len(self.runs), device=device), torch.tensor(self.runs, device=device)
        )
        if asking is None:
            drawn = torch.randint(len(self.runs), (len(latents), 1), device=device)
            whole = torch.rand(len(latents), 1, device=device) >= self.share
            return Kept((run <= drawn) | whole)
        most = tokens if asking.tokens is None else asking.tokens
        ends = torch.tensor(self.runs, device=device).cumsum(0)
        return Kept((ends[run] <= most).expand(len(latents), -1))
