"""What a block is told beside its vectors: what each place sees, where it is, what is cached."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.positions import Positions
from tokenry.neural.positions.rotation import Turns


@dataclass
class Layer:
    """Shared by all blocks of one forward pass; ``index`` moves from block to block.

    Attributes:
        positions: the part that rotates.
        at: positions of the vectors, shape (batch, length).
        mask: True where a query sees a key, (1 or batch, 1, queries, keys); None: no mask.
        plainly_causal: there is no mask because each query sees what stands before it.
        cache: what earlier passes left, extended by each block.
        told: a vector for each sequence, (batch, width); None: nothing.
        index: the number of the block.
    """

    positions: Positions
    at: Tensor
    mask: Tensor | None = None
    plainly_causal: bool = False
    cache: KeyValueCache | None = None
    told: Tensor | None = None
    index: int = 0
    _turns: dict[int, Turns | None] = field(default_factory=dict)

    def turns(self, head_size: int) -> Turns | None:
        """Cosines and sines for heads of this size, or None where nothing is rotated."""
        if head_size not in self._turns:
            self._turns[head_size] = self.positions.turns(self.at, head_size)
        return self._turns[head_size]

    def remember(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Give the cache new keys and values, (batch, heads, length, size); gives all it has."""
        if self.cache is None:
            return keys, values
        return self.cache.extend(self.index, keys, values)
