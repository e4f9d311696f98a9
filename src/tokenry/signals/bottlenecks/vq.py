"""Vector quantization: a code is the number of a row of a codebook.

van den Oord et al. 2017, arXiv:1711.00937. How near rows are found, which one is taken, how the
gradient passes, how rows learn and what becomes of unused ones are slots of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.assignments import Assignment
from tokenry.signals.assignments.nearest import NearestCode
from tokenry.signals.bottlenecks.straight import mean_square
from tokenry.signals.distances import CodeDistance
from tokenry.signals.distances.euclidean import EuclideanDistance
from tokenry.signals.features import Grid, Quantized
from tokenry.signals.gradients import GradientPath
from tokenry.signals.gradients.straight_through import StraightThrough
from tokenry.signals.revivals import Revival
from tokenry.signals.revivals.none import NoRevival
from tokenry.signals.updates import RowUpdate
from tokenry.signals.updates.learned import LearnedRows

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Vq:
    """One code a token.

    Attributes:
        codes: rows of the codebook.
        size: of a row.
        distance: between vectors and rows.
        assignment: of a row to a vector.
        gradient: how it passes.
        update: how rows learn.
        revival: of rows that no vector is near.
        commitment: weight of the loss that draws vectors to their rows.
    """

    codes: int = 1024
    size: int = 16
    distance: CodeDistance = field(default_factory=EuclideanDistance)
    assignment: Assignment = field(default_factory=NearestCode)
    gradient: GradientPath = field(default_factory=StraightThrough)
    update: RowUpdate = field(default_factory=LearnedRows)
    revival: Revival = field(default_factory=NoRevival)
    commitment: float = 0.25

    def __post_init__(self) -> None:
        at_least(self, 1, "codes", "size")
        at_least(self, 0, "commitment")

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
        """Modules ``book`` and ``used``."""
        return assemble(
            self,
            book=self.update.build(self.codes, self.size),
            used=self.revival.build(self.codes),
        )

    def rows(self, module: Assembled) -> Tensor:
        """The codebook as vectors are decoded to, shape (codes, size)."""
        return self.distance.prepared(self.update.rows(module.book))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Quantize in float32, whatever the precision around."""
        raw = latents.float().reshape(-1, self.size)
        vectors, rows = self.distance.prepared(raw), self.rows(module)
        codes = self.assignment.choose(vectors, rows, self.distance, module.training, done)
        chosen = rows[codes]
        losses = {
            "commitment": self.commitment * mean_square(vectors, chosen.detach()),
            "codebook": self.update.loss(chosen, vectors.detach()),
        }
        passed = self.gradient.passed(vectors, chosen, codes, rows, self.distance)
        if module.training:
            self.update.observe(module.book, vectors.detach(), codes)
            self.revival.revive(module.used, module.book, self.update, raw.detach(), codes)
        shape = latents.shape[:-1]
        return Quantized(
            passed.reshape(latents.shape).to(latents.dtype),
            codes.reshape(*shape, 1),
            losses,
            soft=vectors.reshape(latents.shape),
        )

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Rows by their numbers."""
        return self.rows(module)[codes[..., 0]]
