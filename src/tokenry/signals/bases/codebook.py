"""What a released codec keeps of an autoencoder: its codebook, and the decoder of its codes.

Yu et al. 2024 (TiTok), arXiv:2406.07550: the encoder is needed in training alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.bases import Based
from tokenry.signals.decoders import Given, SignalDecoder
from tokenry.signals.decoders.stages import StagedDecoder
from tokenry.signals.features import Decoded

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class CodebookBase:
    """Values are not brought to latents; training goes on towards values, not towards codes.

    Attributes:
        codes: rows of the codebook.
        size: of a row.
        down: height and width of values, in those of the grid.
        decoder: of the grid.
    """

    codes: int = 1024
    size: int = 256
    down: int = 16
    decoder: SignalDecoder = field(default_factory=StagedDecoder)

    def __post_init__(self) -> None:
        at_least(self, 1, "codes", "size", "down")

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Size of a row, height and width of the grid."""
        if any(side % self.down for side in shape[1:]):
            raise PartError(f"items of shape {shape} have no grid {self.down} times as small")
        return self.size, *(side // self.down for side in shape[1:])

    def seen(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Values."""
        return shape

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """The table ``book`` and the ``decoder``."""
        torch = torch_for(self)
        return assemble(
            self,
            book=torch.nn.Parameter(torch.randn(self.codes, self.size) * self.size**-0.5),
            decoder=self.decoder.build(self.shape(shape)[1:], self.size, shape, 0),
        )

    def forward(self, module: Assembled, values: Tensor) -> Based:
        """Rows alone."""
        grid = self.shape(tuple(values.shape[1:]))
        return Based(values.new_zeros(len(values), *grid), rows=self.rows(module))

    def see(self, module: Assembled, values: Tensor, based: Based) -> Tensor:
        """The values."""
        return values

    def rows(self, module: Assembled) -> Tensor:
        """The codebook."""
        rows: Tensor = module.book
        return rows

    def values(self, module: Assembled, latents: Tensor) -> Tensor:
        """Decoded."""
        grid = (latents.shape[2], latents.shape[3])
        decoded: Decoded = module.decoder(Given(latents.flatten(2).transpose(1, 2), grid, ()))
        return decoded.values
