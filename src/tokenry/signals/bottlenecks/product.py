"""Product quantization: a vector is cut into parts, each of which has a bottleneck of its own.

Jégou et al. 2011; factorised codebooks of images in FQGAN (Bai et al. 2024, arXiv:2411.16681).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Product:
    """Codes and vectors of the parts side by side.

    Attributes:
        parts: one after another along the vector.
    """

    parts: tuple[Bottleneck, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise PartError("Product has no parts; give one or more bottlenecks")

    @property
    def size(self) -> int:
        """Of all parts."""
        return sum(each.size for each in self.parts)

    @property
    def decoded_size(self) -> int:
        """Of all parts."""
        return sum(each.decoded_size for each in self.parts)

    @property
    def levels(self) -> tuple[int, ...]:
        """Of all parts."""
        return tuple(level for each in self.parts for level in each.levels)

    def tokens(self, grid: Grid) -> int:
        """Those of the parts, which have as many.

        Raises:
            PartError: they differ.
        """
        counts = {each.tokens(grid) for each in self.parts}
        if len(counts) != 1:
            raise PartError(f"parts of a Product have {sorted(counts)} tokens; expected as many")
        return counts.pop()

    def build(self, grid: Grid = ()) -> Assembled:
        """Modules ``parts``."""
        nn = torch_for(self, "torch.nn")
        return assemble(self, parts=nn.ModuleList(each.build(grid) for each in self.parts))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Each part by its bottleneck; losses are sums."""
        import torch

        cut = torch.split(latents, [each.size for each in self.parts], -1)
        found: list[Quantized] = [
            part(each, done) for part, each in zip(module.parts, cut, strict=True)
        ]
        losses: dict[str, Tensor] = {}
        for each in found:
            for name, loss in each.losses.items():
                losses[name] = losses[name] + loss if name in losses else loss
        soft = [each.soft for each in found if each.soft is not None]
        return Quantized(
            torch.cat([each.vectors for each in found], -1),
            torch.cat([each.codes for each in found], -1),
            losses,
            soft=torch.cat(soft, -1) if len(soft) == len(found) else None,
        )

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Vectors of the parts side by side."""
        import torch

        cut = torch.split(codes, [len(each.levels) for each in self.parts], -1)
        found = [
            each.vectors(part, its)
            for each, part, its in zip(self.parts, module.parts, cut, strict=True)
        ]
        return torch.cat(found, -1)
