"""Blocks that are turned into coefficients of a basis, and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import Features, Grid
from tokenry.signals.partitions.patch import Patch

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

Basis = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class BlockTransform(ABC):
    """Along each axis by an orthonormal basis, so that undoing it loses nothing.

    Attributes:
        sizes: of a block along the axes behind the channels; one number for all of them.
    """

    sizes: tuple[int, ...] = (4,)

    @abstractmethod
    def basis(self, size: int) -> Basis:
        """Rows of the basis of an axis, smooth ones first, shape (size, size)."""

    @property
    def patch(self) -> Patch:
        """The blocks."""
        return Patch(sizes=self.sizes)

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Blocks along each axis."""
        return self.patch.grid(shape)

    def width(self, shape: tuple[int, ...]) -> int:
        """Coefficients of a block, all channels."""
        return self.patch.width(shape)

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        self.grid(shape)
        for block in self.blocks(shape):
            self.basis(block)
        return assemble(self)

    def blocks(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Sizes along the axes."""
        return tuple(a // b for a, b in zip(shape[1:], self.grid(shape), strict=True))

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Coefficients, shape (batch, places, width)."""
        features: Features = self.patch.forward(module, values)
        shape = tuple(values.shape[1:])
        return features.having(vectors=self._turned(features.vectors, shape, back=False))

    def join(self, vectors: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Values of coefficients."""
        return self.patch.join(self._turned(vectors, shape, back=True), shape)

    def _turned(self, vectors: Tensor, shape: tuple[int, ...], *, back: bool) -> Tensor:
        torch: Any = torch_for(self)
        blocks = self.blocks(shape)
        x = vectors.reshape(*vectors.shape[:2], *blocks, shape[0])
        for axis, block in enumerate(blocks, 2):
            basis = torch.as_tensor(self.basis(block)).to(x)
            x = torch.tensordot(x, basis if back else basis.T, dims=([axis], [0])).movedim(-1, axis)
        turned: Tensor = x.reshape(vectors.shape)
        return turned
