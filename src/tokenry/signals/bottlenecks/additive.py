"""Additive quantization: a vector is a sum of rows that are chosen together, not one after another.

Babenko & Lempitsky 2014; a beam over depths keeps the best sums (Martinez et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.straight import mean_square, with_gradient_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class AdditiveCodes:
    """Codebooks all of whose rows learn from the whole sum.

    Attributes:
        codes: rows of each codebook.
        depth: codebooks, each a slot.
        size: of vectors.
        beam: sums that are kept from codebook to codebook; 1 is residual quantization.
        commitment: weight of the loss that draws vectors to sums.
        spread: standard deviation of rows at the start.
    """

    codes: int = 256
    depth: int = 2
    size: int = 16
    beam: int = 4
    commitment: float = 0.25
    spread: float = 0.5

    def __post_init__(self) -> None:
        at_least(self, 1, "codes", "depth", "size", "beam")

    @property
    def decoded_size(self) -> int:
        """The same."""
        return self.size

    @property
    def levels(self) -> tuple[int, ...]:
        """A slot a codebook."""
        return (self.codes,) * self.depth

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """The parameter ``rows``, (depth, codes, size)."""
        torch = torch_for(self)
        rows = torch.randn(self.depth, self.codes, self.size) * self.spread
        return assemble(self, rows=torch.nn.Parameter(rows))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """The best sum of the beam."""
        flat = latents.float().reshape(-1, self.size)
        codes = self._searched(flat.detach(), module.rows.detach())
        codes = codes.reshape(*latents.shape[:-1], self.depth)
        sums = self.vectors(module, codes)
        losses = {
            "codebook": mean_square(sums, latents.float().detach()),
            "commitment": self.commitment * mean_square(latents.float(), sums.detach()),
        }
        vectors = with_gradient_of(sums.detach(), latents.float())
        return Quantized(vectors.to(latents.dtype), codes, losses, soft=latents)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Sums of rows."""
        rows: Tensor = module.rows
        total = rows[0][codes[..., 0]]
        for depth in range(1, self.depth):
            total = total + rows[depth][codes[..., depth]]
        return total

    def _searched(self, vectors: Tensor, rows: Tensor) -> Tensor:
        """Codes, shape (n, depth); blocks of vectors bound the memory."""
        import torch

        step = max(1, (1 << 21) // (self.codes * self.beam))
        return torch.cat([self._beam(part, rows) for part in torch.split(vectors, step)])

    def _beam(self, vectors: Tensor, rows: Tensor) -> Tensor:
        """One block: the squared distance of a sum grows by what a row adds to it."""
        import torch

        rest = vectors[:, None]
        found = torch.zeros(len(vectors), 1, 0, dtype=torch.int64, device=vectors.device)
        for book in rows:
            gain = rest.square().sum(-1, keepdim=True) - 2 * rest @ book.t() + book.square().sum(-1)
            best = gain.flatten(1).topk(min(self.beam, gain[0].numel()), largest=False).indices
            kept, code = best // len(book), best % len(book)
            rest = rest.gather(1, kept[..., None].expand(-1, -1, self.size)) - book[code]
            before = found.gather(1, kept[..., None].expand(-1, -1, found.shape[-1]))
            found = torch.cat([before, code[..., None]], -1)
        return found[:, 0]
