"""Weights such that places that stand at one spot of the image see each other from the first step.

After the mimetic start of Trockman & Kolter 2023, arXiv:2305.09828, on positions that are sines of
rows and columns (Vaswani et al. 2017, arXiv:1706.03762):

1. Patches have the sines of their spot; registers, or the latents before a decoder, are spread over
   the image and have those of theirs.
2. Queries and keys of a head are one matrix, so a place looks where positions are alike.
3. Values and what is made of them undo each other, so what is looked at is added as it is.

So patches reach the latents, and latents the decoded patches, before anything is learnt: without it
a codec of registers spends its first thousand steps on mean colours. Costs nothing later.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt, log2, pi, prod
from typing import TYPE_CHECKING, Any

from tokenry.neural.parts import above
from tokenry.signals.decoders import HasSpots
from tokenry.signals.starts.drawn import Drawn

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.signals.network import CodecNetwork


@dataclass(frozen=True, kw_only=True)
class ByPlace:
    """For transformers over patches of images, with learned positions.

    Attributes:
        positions: what the sines are multiplied by.
        sharpness: what queries and keys are multiplied by.
        carry: what is added of what is looked at.
    """

    positions: float = 1.0
    sharpness: float = 1.7
    carry: float = 1.0

    def __post_init__(self) -> None:
        above(self, 0, "positions", "sharpness", "carry")

    def fill(self, network: CodecNetwork) -> None:
        """Positions and attention of encoder and decoder, where they are transformers."""
        import torch

        Drawn().fill(network)
        config = network.config
        cut = config.encoder.partition.grid(config.base.seen(config.carrier.shape))
        with torch.no_grad():
            if config.encoder.resampler.added(cut):
                told = config.conditioner.places("encoder")
                self._start(network.trunk, [cut, spread(prod(config.grid))], told)
            else:
                self._start(network.trunk, [cut])
            if isinstance(config.decoder, HasSpots):
                spots = config.decoder.spots(config.grid, config.base.shape(config.carrier.shape))
                self._start(network.decoder.trunk, [*map(_flat, spots)])

    def _start(self, trunk: Any, grids: list[tuple[int, ...]], told: int = 0) -> None:
        """Grids one after another; behind the first stands what is told, which has no spot."""
        stack = getattr(trunk, "stack", None)
        rows = getattr(getattr(stack, "positions", None), "rows", None)
        if stack is None or rows is None or any(len(grid) != 2 for grid in grids):
            return
        at = 0
        for grid in grids:
            sines = sines_of(grid, rows.weight.shape[1]) * self.positions
            rows.weight[at : at + len(sines)] = sines
            at += len(sines) + told
            told = 0
        for block in stack.blocks:
            self._attention(block.mixer)

    def _attention(self, mixer: Any) -> None:
        import torch

        if mixer.queries.weight.shape != mixer.keys.weight.shape:
            return
        turned = torch.linalg.qr(torch.randn_like(mixer.values.weight))[0]
        mixer.queries.weight.mul_(self.sharpness)
        mixer.keys.load_state_dict(mixer.queries.state_dict())
        mixer.values.weight.copy_(turned)
        mixer.out.weight.copy_(self.carry * turned.T)


def _flat(grid: tuple[int, ...]) -> tuple[int, ...]:
    """A row spread over the image."""
    return spread(*grid) if len(grid) == 1 else grid


def spread(count: int) -> tuple[int, int]:
    """Rows and columns, as near to a square as they divide ``count``."""
    rows = next(each for each in range(isqrt(count), 0, -1) if count % each == 0)
    return rows, count // rows


def sines_of(grid: tuple[int, ...], width: int) -> Tensor:
    """Sines and cosines of the middle of each place of a grid, shape (places, width).

    Frequencies go from half a wave over the image to one a place; where four do not divide the
    width, the last dimensions are zero.
    """
    import torch

    count = width // 4
    octaves = torch.linspace(0.0, max(1.0, log2(max(grid))), count)
    waves = pi * 2.0**octaves
    parts = []
    for axis, size in enumerate(grid):
        middles = (torch.arange(size) + 0.5) / size
        shape = [1] * len(grid)
        shape[axis] = size
        at = middles.reshape(*shape, 1).expand(*grid, 1) * waves
        parts += [at.sin(), at.cos()]
    rows = torch.cat(parts, -1).flatten(0, -2)
    return torch.nn.functional.pad(rows, (0, width - rows.shape[1]))
