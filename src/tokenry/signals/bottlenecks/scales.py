"""Multi-scale residual quantization: coarse grids first, each of what the coarser ones left.

Tian et al. 2024 (VAR), arXiv:2404.02905. One codebook for all scales.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.of_leaf import OfLeaf
from tokenry.signals.bottlenecks.straight import mean_square, with_gradient_of
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class MultiScaleResidual(OfLeaf):
    """Tokens of a square grid, scale by scale; the last scale is the whole grid.

    Attributes:
        leaf: of all scales.
        sizes: of the grids, coarse to fine.
        blend: share of a convolution in what each scale adds, which mends what enlarging blurs.
        commitment: weight of the loss that draws latents to the sum of the scales so far.
    """

    leaf: Bottleneck = field(default_factory=Vq)
    sizes: tuple[int, ...] = (1, 2, 4)
    blend: float = 0.5
    commitment: float = 0.25

    def __post_init__(self) -> None:
        if not self.sizes or list(self.sizes) != sorted(set(self.sizes)) or self.sizes[0] < 1:
            raise PartError(f"sizes of MultiScaleResidual are {self.sizes}, expected ascending")
        super().__post_init__()

    def tokens(self, grid: Grid) -> int:
        """Of all scales.

        Raises:
            PartError: the grid is not that of the last scale.
        """
        if grid != (self.sizes[-1],) * 2:
            raise PartError(
                f"latents of the grid {grid}; the last scale is {self.sizes[-1]} square"
            )
        return sum(self.runs(grid))

    def runs(self, grid: Grid) -> tuple[int, ...]:
        """Tokens of each scale."""
        return tuple(each * each for each in self.sizes)

    def build(self, grid: Grid) -> Assembled:
        """The ``leaf`` and for each scale a convolution in ``mend``."""
        self.tokens(grid)
        nn = torch_for(self, "torch.nn")
        mend = [nn.Conv2d(self.size, self.size, 3, padding=1) for _ in self.sizes]
        return assemble(self, leaf=self.leaf.build(grid), mend=nn.ModuleList(mend))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Shrink the rest, quantize, enlarge, add."""
        import torch

        wanted = self._map(latents.float(), self.sizes[-1])
        total, codes, depths = torch.zeros_like(wanted), [], []
        lost = []
        for scale, size in enumerate(self.sizes):
            rest = (wanted - total).detach()
            small = _resized(rest, size, "area")
            found: Quantized = module.leaf(small.flatten(2).transpose(1, 2), done)
            codes.append(found.codes)
            hard = self.leaf.vectors(module.leaf, found.codes)
            added = self._enlarged(module, scale, hard)
            total = total + added
            depths.append(added.detach().flatten(2).transpose(1, 2))
            lost.append(mean_square(total, wanted.detach()))
            lost.append(self.commitment * mean_square(wanted, total.detach()))
        vectors = total.detach().flatten(2).transpose(1, 2)
        return Quantized(
            with_gradient_of(vectors, latents.float()).to(latents.dtype),
            torch.cat(codes, 1),
            {"scales": torch.stack(lost).sum() / len(self.sizes)},
            depths=torch.stack(depths, 2),
            soft=latents,
        )

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """The sum of all scales, or of those that the mask keeps."""
        import torch

        runs = list(self.runs(()))
        masks = [None] * len(runs) if mask is None else list(torch.split(mask, runs, 1))
        added = []
        for scale, part in enumerate(torch.split(codes, runs, 1)):
            whole = self._enlarged(module, scale, self.leaf.vectors(module.leaf, part))
            kept = masks[scale]
            added.append(whole if kept is None else whole * kept[:, :1, None, None])
        total = torch.zeros_like(added[0])
        for each in added:
            total = total + each
        return total.flatten(2).transpose(1, 2)

    def _enlarged(self, module: Assembled, scale: int, vectors: Tensor) -> Tensor:
        large = _resized(self._map(vectors, self.sizes[scale]), self.sizes[-1], "bicubic")
        mended: Tensor = large * (1 - self.blend) + module.mend[scale](large) * self.blend
        return mended

    def _map(self, vectors: Tensor, size: int) -> Tensor:
        return vectors.transpose(1, 2).reshape(len(vectors), self.size, size, size)


def _resized(x: Tensor, size: int, mode: str) -> Tensor:
    from torch.nn import functional

    return x if x.shape[-1] == size else functional.interpolate(x, size=(size, size), mode=mode)
