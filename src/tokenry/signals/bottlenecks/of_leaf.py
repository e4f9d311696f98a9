"""Bottlenecks that quantize with one leaf again and again, in vectors of its size."""

from __future__ import annotations

from tokenry.errors import PartError
from tokenry.signals.bottlenecks import Bottleneck


class OfLeaf:
    """What such a bottleneck, a frozen dataclass with a field ``leaf``, has from it."""

    leaf: Bottleneck

    def __post_init__(self) -> None:
        if self.leaf.size != self.leaf.decoded_size:
            name = type(self).__name__
            raise PartError(f"the leaf of {name} has to give vectors of its own size")

    @property
    def size(self) -> int:
        """That of the leaf."""
        return self.leaf.size

    @property
    def decoded_size(self) -> int:
        """That of the leaf."""
        return self.leaf.size

    @property
    def levels(self) -> tuple[int, ...]:
        """Those of the leaf."""
        return self.leaf.levels
