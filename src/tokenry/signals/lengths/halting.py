"""Halting: each token says whether it is needed for the error that was asked for.

Duggal et al. 2025 (KARL), arXiv:2507.07995. In training a first pass keeps a drawn number of tokens
and measures what error that gives; the second is told this error, and learns to halt all tokens
but those. There both passes learn; here the first only measures, since the second decodes the same
tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Halting:
    """One pass encodes; the error is asked for by ``error=``, untold it is the least.

    Attributes:
        every: numbers of tokens that are drawn are multiples of it.
        threshold: a token whose probability to halt is above it is left out.
        weight: of the cross entropy of halting.
    """

    every: int = 4
    threshold: float = 0.75
    weight: float = 1.0

    prefix = False
    hidden = True
    variable = True

    def __post_init__(self) -> None:
        at_least(self, 1, "every")
        at_least(self, 0, "weight")
        if not 0 < self.threshold < 1:
            raise PartError(f"threshold of Halting is {self.threshold}, expected between 0 and 1")

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """The linear layer ``halt``."""
        return assemble(self, halt=torch_for(self, "torch.nn").Linear(size, 1))

    def drawn(self, items: int, tokens: int, latents: Tensor) -> Tensor:
        """First tokens, for each item a multiple of ``every``."""
        import torch

        device, most = latents.device, max(1, tokens // self.every)
        count = torch.randint(1, most + 1, (items, 1), device=device) * min(self.every, tokens)
        return torch.arange(tokens, device=device) < count

    def taught(self, module: Assembled, latents: Tensor, mask: Tensor) -> Kept:
        """The tokens that were drawn, and the cross entropy of halting the others."""
        from torch.nn.functional import binary_cross_entropy_with_logits

        logits = module.halt(latents.float())[..., 0]
        lost = binary_cross_entropy_with_logits(logits, (~mask).to(logits.dtype))
        return Kept(mask, {"halting": self.weight * lost})

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """Tokens that do not halt, or as many of the surest of them as are asked for."""
        halting = module.halt(latents.float())[..., 0].sigmoid()
        mask = halting <= self.threshold
        if asking is not None and asking.tokens is not None:
            order = halting.argsort(dim=1, stable=True).argsort(1)
            mask = mask & (order < asking.tokens)
        return Kept(mask)
