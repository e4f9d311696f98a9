"""The keys and values of all layers, with the position of each place.

A cache is extended in place by a forward pass. `fork` keeps a state for later at no cost; a fork
and its origin go different ways from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from tokenry.errors import PartError
from tokenry.neural.cache.store import Store
from tokenry.neural.positions import KeyRotation
from tokenry.neural.positions.rotation import rotate

Pair = tuple[Store, Store]


@dataclass
class KeyValueCache:
    """What a model has read.

    Attributes:
        positions_part: the model's, by which keys are moved.
        positions: of each place, int64, shape (batch, length); None before anything was read.
        present: False at padding, shape (batch, length); None: no padding.
    """

    positions_part: KeyRotation
    positions: Tensor | None = None
    present: Tensor | None = None
    _layers: dict[int, Pair] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Places that it holds, padding included."""
        return 0 if self.positions is None else self.positions.shape[1]

    @property
    def layers(self) -> dict[int, tuple[Tensor, Tensor]]:
        """Keys and values by number of the layer, each (batch, heads, length, size); views."""
        return {index: (k.rows, v.rows) for index, (k, v) in self._layers.items()}

    def next_positions(self, length: int, present: Tensor | None, batch: int) -> Tensor:
        """Positions of the next places, (batch, length): one after another, padding not counted.

        Raises:
            PartError: another number of sequences than before.
        """
        self._expect(batch)
        if present is None:
            steps = torch.arange(length)[None].expand(batch, -1)
        else:
            steps = (present.long().cumsum(1) - 1).clamp(min=0)
        if self.positions is None or not self.length:
            return steps
        past = self.positions if self.present is None else self.positions.where(self.present, -1)
        return past.amax(1, keepdim=True) + 1 + steps.to(past.device)

    def begin(self, positions: Tensor, present: Tensor | None) -> None:
        """Take up new places, (batch, length); each layer then gives its keys and values.

        Raises:
            PartError: another number of sequences than before.
        """
        if self.positions is None:
            self.positions, self.present = positions, present
            return
        self._expect(len(positions))
        if present is not None or self.present is not None:
            old, new = _all_present(self.positions, self.present), _all_present(positions, present)
            self.present = torch.cat([old, new], dim=1)
        self.positions = torch.cat([self.positions, positions], dim=1)

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add the keys and values of new places; gives all, each (batch, heads, length, size).

        Raises:
            PartError: the layer was left out of an earlier pass, so that it lacks places.
        """
        old = self._layers.get(layer)
        had, expected = old[0].length if old else 0, self.length - keys.shape[2]
        if had != expected:
            raise PartError(
                f"layer {layer} of the cache has {had} of {expected} places; "
                "a layer that was left out once cannot be run again"
            )
        pair = (old[0].added(keys), old[1].added(values)) if old else (Store(keys), Store(values))
        self._layers[layer] = pair
        return pair[0].rows, pair[1].rows

    def fork(self, rows: Sequence[int] | Tensor | None = None) -> KeyValueCache:
        """A cache of the same state that goes its own way.

        Args:
            rows: sequences to take, each as often as it is named; None: all, without a copy.
        """
        if rows is None or self.positions is None:
            return self._with(self.positions, self.present, dict(self._layers))
        chosen = torch.as_tensor(rows, device=self.positions.device)
        return self._with(
            self.positions[chosen],
            None if self.present is None else self.present[chosen],
            {i: (Store(k.rows[chosen]), Store(v.rows[chosen])) for i, (k, v) in self._full()},
        )

    def cut(self, length: int) -> None:
        """Forget all but the first ``length`` places, without a copy."""
        if self.positions is not None:
            self._set(
                self.positions[:, :length],
                None if self.present is None else self.present[:, :length],
                {i: (k.cut(length), v.cut(length)) for i, (k, v) in self._full()},
            )

    def compact(self, places: Sequence[int] | Tensor) -> None:
        """Keep chosen places, in the order given; their positions stay as they were.

        Args:
            places: numbers of places, shape (kept,), or (batch, kept) where they differ by
                sequence.
        """
        if self.positions is None:
            return
        chosen = torch.as_tensor(places, device=self.positions.device, dtype=torch.int64)
        chosen = chosen.expand(len(self.positions), -1) if chosen.dim() == 1 else chosen
        kept = _in_place(chosen)
        self._set(
            self.positions.gather(1, chosen),
            None if self.present is None else self.present.gather(1, chosen),
            {i: (k.chosen(chosen, kept), v.chosen(chosen, kept)) for i, (k, v) in self._full()},
        )

    def move(self, positions: Tensor) -> None:
        """Give the places other positions, (batch or 1, length): cached keys are rotated on.

        Values, and keys of deeper layers, stay what they were computed from.

        Raises:
            PartError: the model's positions are part of its vectors and cannot be moved.
        """
        if self.positions is None:
            return
        if not self.positions_part.movable:
            raise PartError(f"{self.positions_part} cannot be moved; compute the places anew")
        new = positions.to(self.positions).expand_as(self.positions)
        difference = new - self.positions
        moved = {i: (Store(self._rotated(k, difference)), v) for i, (k, v) in self._full()}
        self._set(new, self.present, moved)

    def join(self, other: KeyValueCache) -> None:
        """Add the places of another cache behind these, at the positions that they have there."""
        if other.positions is None:
            return
        self.begin(other.positions, other.present)
        for layer, (keys, values) in other._full():
            self.extend(layer, keys.rows, values.rows)

    @classmethod
    def stacked(cls, caches: Sequence[KeyValueCache]) -> KeyValueCache:
        """The sequences of several caches in one, each padded at its end to the longest.

        Raises:
            PartError: one of them is empty.
        """
        longest = max(each.length for each in caches)
        table, here = zip(*(_table(each, longest) for each in caches), strict=True)
        present = torch.cat(here)
        shared = set.intersection(*({i for i, _ in each._full()} for each in caches))
        layers = {
            index: (_joined(caches, index, 0, longest), _joined(caches, index, 1, longest))
            for index in sorted(shared)
        }
        kept = None if bool(present.all()) else present
        return cls(caches[0].positions_part, torch.cat(table), kept, layers)

    def memory(self) -> int:
        """Bytes of the keys and values that it holds."""
        pairs = self.layers.values()
        return sum(each.numel() * each.element_size() for pair in pairs for each in pair)

    def _expect(self, batch: int) -> None:
        if self.positions is not None and len(self.positions) != batch:
            raise PartError(
                f"the cache holds {len(self.positions)} sequences and was given {batch}; "
                "fork it with the rows that you want"
            )

    def _rotated(self, keys: Store, difference: Tensor) -> Tensor:
        rows = keys.rows
        at = difference.double() if rows.dtype == torch.float64 else difference
        return rotate(rows, self.positions_part.turns(at, rows.shape[-1]))

    def _full(self) -> list[tuple[int, Pair]]:
        """Layers that have all places; the others are of no use any more."""
        return [(i, pair) for i, pair in self._layers.items() if pair[0].length == self.length]

    def _with(
        self, positions: Tensor | None, present: Tensor | None, layers: dict[int, Pair]
    ) -> KeyValueCache:
        return KeyValueCache(self.positions_part, positions, present, layers)

    def _set(self, positions: Tensor, present: Tensor | None, layers: dict[int, Pair]) -> None:
        self.positions, self.present, self._layers = positions, present, layers


def _all_present(positions: Tensor, present: Tensor | None) -> Tensor:
    if present is not None:
        return present.to(positions.device)
    return torch.ones_like(positions, dtype=torch.bool)


def _table(cache: KeyValueCache, length: int) -> tuple[Tensor, Tensor]:
    """Positions and presence of a cache with padding, each (batch, length)."""
    if cache.positions is None:
        raise PartError("an empty cache has no sequences to stack")
    present, room = _all_present(cache.positions, cache.present), (0, length - cache.length)
    return functional.pad(cache.positions, room), functional.pad(present, room)


def _joined(caches: Sequence[KeyValueCache], layer: int, side: int, length: int) -> Store:
    """The keys (side 0) or values (1) of all sequences, with zeros at their ends."""
    every = [each.layers[layer][side] for each in caches]
    return Store(torch.cat([functional.pad(x, (0, 0, 0, length - x.shape[2])) for x in every]))


def _in_place(places: Tensor) -> int:
    """How many of the first places are what they were, in all sequences."""
    same = (places == torch.arange(places.shape[1], device=places.device)).all(0)
    return int(same.long().cumprod(0).sum())
