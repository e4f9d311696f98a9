"""The module of a `Backbone`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.layer import Layer
from tokenry.neural.masks import mask_of
from tokenry.neural.positions import Positions
from tokenry.neural.topologies import Topology


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a stack reads its vectors, where it differs from the plain way.

    Attributes:
        cache: what was read before, to which this is added.
        positions: of the vectors, shape (batch or 1, length); None: those after the cache's.
        present: False at padding, shape (batch, length); None: no padding.
        topology: over the places of the cache and these; None: that of the backbone.
        seen: what each of these sees of the places of the cache and these, True where it does,
            shape (batch, length, places); it takes the place of topology and padding. Padding has
            to see itself.
        layers: numbers of the blocks to run, in order; None: all.
        states: whether to keep what goes into each block.
        told: to blocks that are told something (`blocks.adaptive`), (batch, width).
    """

    cache: KeyValueCache | None = None
    positions: Tensor | None = None
    present: Tensor | None = None
    topology: Topology | None = None
    seen: Tensor | None = None
    layers: Sequence[int] | None = None
    states: bool = False
    told: Tensor | None = None


@dataclass(frozen=True)
class Read:
    """What a stack made of its vectors.

    Attributes:
        hidden: after the last norm, shape (batch, length, width).
        states: what went into each block that was run, and came out of the last, before the norm;
            each as ``hidden``. Empty unless asked for.
    """

    hidden: Tensor
    states: tuple[Tensor, ...] = ()


class Stack(nn.Module):
    """Blocks, then a last norm where the arrangement has one.

    Args:
        rotation: the part that rotates queries and keys.
        topology: what each place sees where a call says nothing else.
        positions: adds positions to the vectors.
        blocks: one after another.
        last: after them.
    """

    def __init__(
        self,
        rotation: Positions,
        topology: Topology,
        positions: nn.Module,
        blocks: Sequence[nn.Module],
        last: nn.Module,
    ) -> None:
        super().__init__()
        self._rotation, self._topology = rotation, topology
        self.positions = positions
        self.blocks = nn.ModuleList(blocks)
        self.last = last

    def new_cache(self) -> KeyValueCache:
        """An empty cache for this stack."""
        return KeyValueCache(self._rotation)

    def forward(self, x: Tensor, **reading: Any) -> Read:
        """Vectors, shape (batch, length, width), to what they become.

        Args:
            reading: fields of `Reading`.
        """
        how = Reading(**reading)
        at = self._positions(x, how)
        x = self.positions(x, at)
        layer = self._layer(x, at, how)
        states = [x] if how.states else []
        for index in range(len(self.blocks)) if how.layers is None else how.layers:
            layer.index = index
            x = self.blocks[index](x, layer)
            if how.states:
                states.append(x)
        return Read(self.last(x), tuple(states))

    def _positions(self, x: Tensor, how: Reading) -> Tensor:
        batch, length = x.shape[:2]
        if how.positions is None:
            before = how.cache or self.new_cache()
            return before.next_positions(length, how.present, batch).to(x.device)
        return how.positions.to(x.device).expand(batch, length)

    def _layer(self, x: Tensor, at: Tensor, how: Reading) -> Layer:
        topology, present, keys = how.topology or self._topology, how.present, x.shape[1]
        if how.cache is not None:
            how.cache.begin(at, present)
            present, keys = how.cache.present, how.cache.length
        if how.seen is None:
            mask, plain = mask_of(topology, x.shape[1], keys, present, x.device)
        else:
            mask, plain = how.seen[:, None], False
        if x.dtype == torch.float64:
            at = at.double()
        return Layer(self._rotation, at, mask, plain, how.cache, how.told)
