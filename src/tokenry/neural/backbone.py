"""A stack of blocks over vectors, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.extras import importing
from tokenry.neural.blocks import Block
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.parts import at_least
from tokenry.neural.positions import Positions
from tokenry.neural.positions.rotary import Rotary
from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.causal import Causal

if TYPE_CHECKING:
    from tokenry.neural.stack import Stack


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """Vectors to as many vectors; it knows nothing of ids, so patches and frames do as well.

    Attributes:
        width: of the vectors.
        layers: blocks.
        block: what each is.
        positions: how places are told apart.
        topology: what each place sees, where a call says nothing else.
    """

    width: int = 128
    layers: int = 3
    block: Block = field(default_factory=PreNorm)
    positions: Positions = field(default_factory=Rotary)
    topology: Topology = field(default_factory=Causal)

    def __post_init__(self) -> None:
        at_least(self, 1, "width")
        at_least(self, 0, "layers")

    def build(self) -> Stack:
        """The module, its weights as torch leaves them.

        Raises:
            MissingExtraError: torch is not installed.
        """
        with importing("neural", "a Backbone"):
            from tokenry.neural.stack import Stack
        blocks = [self.block.build(self.width) for _ in range(self.layers)]
        last = self.block.build_last(self.width)
        return Stack(self.positions, self.topology, self.positions.build(self.width), blocks, last)

    def flops(self, queries: int, keys: int | None = None) -> int:
        """Of the matrix products for one sequence: two for a product and its sum.

        Args:
            queries: places that are computed.
            keys: places that they look at; None: as many.
        """
        return self.layers * self.block.flops(self.width, queries, keys or queries)
