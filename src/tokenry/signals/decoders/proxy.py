"""Proxy codes: the codes of a base are predicted, and its decoder makes values of them.

Yu et al. 2024 (TiTok), arXiv:2406.07550: first by cross entropy, with which few tokens learn what
an image is; then to pixels, through the mean of the rows of the codebook (as in Duggal et al. 2025,
arXiv:2507.07995).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.decoders import Given
from tokenry.signals.features import Decoded, Grid
from tokenry.signals.mask_tokens import filled, learnt
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ProxyDecoder:
    """A mask token at each place of the base, latents behind, and of the places logits of codes.

    Attributes:
        trunk: over places, latents and conditions.
        codes: of the base.
        hidden: size of a layer with tanh before the logits, as TiTok has one; 0: none.
        idle: learned vectors at the end that nobody reads.
    """

    trunk: FeatureTrunk
    codes: int = 1024
    hidden: int = 0
    idle: int = 0

    def __post_init__(self) -> None:
        at_least(self, 2, "codes")
        at_least(self, 0, "hidden", "idle")

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    def spots(self, grid: Grid, shape: tuple[int, ...]) -> tuple[Grid, ...]:
        """Places of the base, then latents."""
        return shape[1:], grid

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``mask`` token, ``idle`` ones, the ``trunk`` and the layers ``out``."""
        torch = torch_for(self)
        nn, places = torch.nn, prod(shape[1:])
        out = nn.Linear(self.hidden or self.width, self.codes)
        if self.hidden:
            out = nn.Sequential(nn.Linear(self.width, self.hidden), nn.Tanh(), out)
        return assemble(
            self,
            mask=learnt(torch, 1, self.width),
            idle=learnt(torch, self.idle, self.width),
            trunk=self.trunk.build(size, places + prod(grid) + conditions + self.idle),
            out=out,
        )

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Latents of the base: rows of its codebook, each as likely as it is said to be."""
        if given.rows is None or len(given.rows) != self.codes:
            raise PartError(f"a proxy decoder needs a base of {self.codes} codes")
        hidden = filled(module, given, prod(given.shape[1:]))
        logits = module.out(hidden)
        mixed = logits.softmax(-1).to(given.rows.dtype) @ given.rows
        latents = mixed.transpose(1, 2).reshape(len(mixed), *given.shape)
        return Decoded(latents, taps={"patches": hidden, "logits": logits})
