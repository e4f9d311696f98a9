"""Gumbel softmax: a categorical code by logits, drawn in training through a relaxed softmax.

Jang et al. 2016, arXiv:1611.01144; Ramesh et al. 2021 (DALL-E), arXiv:2102.12092; of points in
Point-BERT (Yu et al. 2022, arXiv:2111.14819).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import above, at_least
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class GumbelCodes:
    """Logits of all codes from a latent; a code is decoded to its row.

    Attributes:
        codes: rows.
        size: of latents and of rows.
        start: temperature at the start of a stage.
        end: at its end; it falls geometrically.
        uniform: weight of the divergence of the codes from an even use, which grows from zero over
            the first half of a stage.
    """

    codes: int = 256
    size: int = 16
    start: float = 1.0
    end: float = 0.0625
    uniform: float = 0.01

    def __post_init__(self) -> None:
        at_least(self, 1, "codes", "size")
        above(self, 0, "start", "end")

    @property
    def decoded_size(self) -> int:
        """That of a row."""
        return self.size

    @property
    def levels(self) -> tuple[int, ...]:
        """One slot."""
        return (self.codes,)

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """The layer ``logits`` and the parameter ``rows``."""
        torch = torch_for(self)
        rows = torch.nn.Parameter(torch.randn(self.codes, self.size))
        return assemble(self, logits=torch.nn.Linear(self.size, self.codes), rows=rows)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """A mean of rows by a drawn softmax in training, the likeliest row in eval mode."""
        import math

        from torch.nn import functional

        logits = module.logits(latents.float())
        even = logits.flatten(0, -2).softmax(-1).mean(0)
        divergence = math.log(self.codes) + (even * even.clamp(min=1e-9).log()).sum()
        losses = {"uniform": self.uniform * min(1.0, 2 * done) * divergence}
        codes = logits.argmax(-1)
        if module.training:
            temperature = self.start * (self.end / self.start) ** done
            drawn = functional.gumbel_softmax(logits, temperature, hard=False)
            vectors, codes = drawn @ module.rows, drawn.argmax(-1)
        else:
            vectors = module.rows[codes]
        return Quantized(vectors.to(latents.dtype), codes[..., None], losses)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Rows by their numbers."""
        rows: Tensor = module.rows
        return rows[codes[..., 0]]
