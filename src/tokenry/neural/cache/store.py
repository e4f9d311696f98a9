"""A tensor that grows along one dimension, and whose earlier states stay valid."""

from __future__ import annotations

from weakref import WeakSet

import torch
from torch import Tensor

GROWTH = 64
"""Least room, in places, that is made ahead; room doubles after that."""


class _Room:
    """Memory that several stores read."""

    def __init__(self, memory: Tensor) -> None:
        self.memory = memory
        self.stores: WeakSet[Store] = WeakSet()

    def free_behind(self, store: Store) -> bool:
        """Whether no other store that is still in use reads what is behind the end of this one."""
        return all(each.length <= store.length for each in self.stores)


class Store:
    """Rows along dimension 2 of shape (batch, heads, length, size).

    Adding gives a new store and leaves the old one as it was. Both share memory: new rows are
    written behind the old ones, unless another store has rows there; then the old are copied. So a
    fork costs nothing until it goes its own way, and to cut and add again copies nothing.
    """

    def __init__(self, rows: Tensor, room: _Room | None = None, length: int | None = None) -> None:
        self._room = room or _Room(rows)
        self.length: int = rows.shape[2] if length is None else length
        self._room.stores.add(self)

    @property
    def rows(self) -> Tensor:
        """All rows: a view, valid as long as this store is kept."""
        return self._room.memory[:, :, : self.length]

    def added(self, rows: Tensor) -> Store:
        """With more rows at the end."""
        if not rows.shape[2]:
            return self
        if torch.is_grad_enabled() and (rows.requires_grad or self.rows.requires_grad):
            return Store(torch.cat([self.rows, rows], dim=2))
        end = self.length + rows.shape[2]
        room = self._room
        if end > room.memory.shape[2] or not room.free_behind(self):
            room = self._larger(max(end + GROWTH, 2 * self.length))
        room.memory[:, :, self.length : end] = rows
        return Store(rows, room, end)

    def cut(self, length: int) -> Store:
        """The first ``length`` rows, without a copy."""
        return Store(self._room.memory, self._room, length)

    def chosen(self, places: Tensor, kept: int) -> Store:
        """Rows by their places, shape (batch, n), of which the first ``kept`` stay in place."""
        index = places[:, None, kept:, None]
        _, heads, _, size = self._room.memory.shape
        return self.cut(kept).added(self.rows.gather(2, index.expand(-1, heads, -1, size)))

    def _larger(self, capacity: int) -> _Room:
        batch, heads, _, size = self._room.memory.shape
        memory = self._room.memory.new_empty((batch, heads, capacity, size))
        memory[:, :, : self.length] = self.rows
        return _Room(memory)
