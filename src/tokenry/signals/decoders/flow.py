"""Noise that flows to values, told by the latents: rectified flow, or diffusion, by its path.

Of images behind short tokens: FlexTok (Bachmann et al. 2025), arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.decoders import Given
from tokenry.signals.denoisers import NoisePredictor
from tokenry.signals.features import Decoded, Grid
from tokenry.signals.mask_tokens import learnt
from tokenry.signals.paths import NoisePath
from tokenry.signals.paths.straight import StraightPath

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class FlowDecoder:
    """A prediction at a drawn time in training; a few steps from noise by seed in decoding.

    Attributes:
        denoiser: that predicts.
        path: from noise to values.
        steps: of decoding.
        dropped: share of the items whose latents are all left out in training.
        guidance: how far decoding goes beyond what it would do without latents (Ho & Salimans
            2022, arXiv:2207.12598); 1: not at all. Above 1 it costs twice as much.
    """

    denoiser: NoisePredictor
    path: NoisePath = field(default_factory=StraightPath)
    steps: int = 8
    dropped: float = 0.1
    guidance: float = 1.0

    def __post_init__(self) -> None:
        at_least(self, 1, "steps", "guidance")
        if not 0 <= self.dropped < 1:
            raise PartError(f"dropped of FlowDecoder is {self.dropped}, expected 0 to below 1")

    @property
    def width(self) -> int:
        """That of the denoiser."""
        return self.denoiser.width

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``denoiser``, and a latent that says ``nothing``."""
        return assemble(
            self,
            denoiser=self.denoiser.build(grid, size, shape, conditions),
            nothing=learnt(torch_for(self), 1, size),
        )

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """In training the end of the way from a drawn time, with the taps of `FlowError`."""
        if given.values is None:
            return Decoded(self.sampled(module, given))
        import torch

        clean = given.values
        draw = torch.rand(2, len(clean), device=clean.device)
        told = replace(given, latents=self._without(module, given, draw[0] < self.dropped))
        noise, time = torch.randn_like(clean), _spread(draw[1], clean)
        noised = self.path.noised(clean, noise, time)
        read = self.denoiser.read(module.denoiser, told)
        predicted, hidden = module.denoiser(read, told, noised, draw[1])
        wanted = self.path.wanted(clean, noise, time)
        taps = {"predicted": predicted, "wanted": wanted, "patches": hidden}
        return Decoded(self.path.clean(noised, predicted, time), taps=taps)

    def sampled(self, module: Assembled, given: Given) -> Tensor:
        """Values; the noise depends on the seed alone, and is the same for each item."""
        import torch

        count = len(given.latents)
        draw = torch.Generator().manual_seed(given.seed)
        noise = torch.randn(1, *given.shape, generator=draw).to(given.latents)
        x = noise.expand(count, *given.shape)
        ways = [given]
        if self.guidance > 1:
            every = torch.ones(count, dtype=torch.bool, device=x.device)
            ways.append(replace(given, latents=self._without(module, given, every)))
        read = [self.denoiser.read(module.denoiser, each) for each in ways]
        for now, then in pairwise(torch.linspace(0, 1, self.steps + 1).tolist()):
            times = x.new_full((count,), now)
            found = [module.denoiser(r, w, x, times)[0] for r, w in zip(read, ways, strict=True)]
            predicted = found[0]
            if self.guidance > 1:
                predicted = found[1] + self.guidance * (found[0] - found[1])
            time = _spread(times, x)
            clean = self.path.clean(x, predicted, time)
            noise = self.path.noise(x, predicted, time)
            x = self.path.noised(clean, noise, time.new_full(time.shape, then))
        return x

    def _without(self, module: Assembled, given: Given, items: Tensor) -> Tensor:
        """Latents, but of these items nothing."""
        import torch

        nothing = module.nothing.to(given.latents.dtype)
        return torch.where(items[:, None, None], nothing, given.latents)


def _spread(times: Tensor, values: Tensor) -> Tensor:
    """Times of items on the axes of their values."""
    return times.reshape(-1, *(1 for _ in values.shape[1:]))
