"""Features of a teacher first, and values of them by another decoder.

Ge et al. 2023 (SEED), arXiv:2307.08041; Jin et al. 2023 (LaVIT), arXiv:2309.04669: tokens hold what
an image means, and a decoder of its own, trained apart, draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isqrt, prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.decoders import Given, SignalDecoder
from tokenry.signals.features import Decoded, Grid
from tokenry.signals.mask_tokens import filled, learnt
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class FeatureDecoder:
    """The tap ``features`` is what `objectives.distillation` holds to a teacher.

    Attributes:
        trunk: over mask tokens at the places, latents and conditions.
        places: of the features; a square of them is a grid.
        size: of a feature.
        inner: from features to values.
    """

    trunk: FeatureTrunk
    inner: SignalDecoder
    places: int = 1
    size: int = 64

    def __post_init__(self) -> None:
        at_least(self, 1, "places", "size")

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    @property
    def grid(self) -> Grid:
        """Of the features."""
        side = isqrt(self.places)
        return (side, side) if side**2 == self.places > 1 else (self.places,)

    def spots(self, grid: Grid, shape: tuple[int, ...]) -> tuple[Grid, ...]:
        """Places of the features, then latents."""
        return self.grid, grid

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``mask`` token, the ``trunk``, the linear layer ``out`` and the ``inner`` decoder."""
        torch = torch_for(self)
        return assemble(
            self,
            mask=learnt(torch, 1, self.width),
            trunk=self.trunk.build(size, self.places + prod(grid) + conditions),
            out=torch.nn.Linear(self.width, self.size),
            inner=self.inner.build(self.grid, self.size, shape, 0),
        )

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Values of the features."""
        features = module.out(filled(module, given, self.places))
        inner = replace(
            given, latents=features, grid=self.grid, present=None, conditions=None, taps={}
        )
        decoded: Decoded = module.inner(inner)
        return replace(decoded, taps={**decoded.taps, "features": features})
