"""What encoding gives: codes of many items, ragged, with their exact price in bits.

An item is one signal: a picture, a clip, a shape. Its tokens stand at places of the codec's latent
layout; a token has one code for each slot of the bottleneck (a depth, a group, a word of bits).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of items, one after another.

    Attributes:
        values: shape (tokens of all items, slots).
        offsets: where each item begins in ``values``, and where the last ends; shape (items + 1,).
        levels: how many codes each slot has.
        layout: places that an item has where it keeps all of them.
        places: the place of each token, ascending within an item, shape (tokens,); None: every item
            keeps its first places.
        fixed: whether every item has as many tokens as a receiver expects, so that lengths cost
            nothing.
        beside: bits of other side information of each item (sizes, gains), shape (items,).
        losses: means over the items, by name.
        names: of the items.
        codec: the fingerprint of the codec that made them.
    """

    values: Integers
    offsets: Integers
    levels: tuple[int, ...]
    layout: int
    places: Integers | None = None
    fixed: bool = True
    beside: NDArray[np.float64] | None = None
    losses: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    codec: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def of(cls, rows: Sequence[Any], levels: Sequence[int], layout: int, **others: Any) -> Codes:
        """Codes of rows of codes that keep the first places.

        Args:
            rows: for each item an array of shape (tokens, slots), or (tokens,) for one slot.
            levels: of the slots.
            layout: places of an item.
            others: fields of this class.
        """
        levels = tuple(levels)
        parts = [np.asarray(row, np.int64).reshape(-1, len(levels)) for row in rows]
        lengths = [len(part) for part in parts]
        values = np.concatenate([np.zeros((0, len(levels)), np.int64), *parts])
        offsets = np.cumsum([0, *lengths]).astype(np.int64)
        others.setdefault("fixed", all(length == layout for length in lengths))
        return cls(values, offsets, levels, layout, **others)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, item: int) -> Integers:
        """Codes of an item, shape (tokens, slots)."""
        return self.values[self.offsets[item] : self.offsets[item + 1]]

    @property
    def lengths(self) -> Integers:
        """Tokens of each item."""
        return np.diff(self.offsets)

    @property
    def slots(self) -> int:
        """Codes of a token."""
        return len(self.levels)

    @cached_property
    def token_places(self) -> Integers:
        """The place of each token, shape (tokens,)."""
        if self.places is not None:
            return self.places
        within = np.arange(len(self.values)) - np.repeat(self.offsets[:-1], self.lengths)
        return np.asarray(within, np.int64)

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which places each item keeps, shape (items, layout)."""
        mask = np.zeros((len(self), self.layout), np.bool_)
        mask[np.repeat(np.arange(len(self)), self.lengths), self.token_places] = True
        return mask

    def padded(self) -> Integers:
        """Codes at their places, zero where an item keeps none; shape (items, layout, slots)."""
        table = np.zeros((len(self), self.layout, self.slots), np.int64)
        table[self.mask] = self.values
        return table

    @property
    def bits_per_token(self) -> float:
        """Sum of the logarithms of the levels."""
        return float(sum(math.log2(each) for each in self.levels))

    @cached_property
    def side_bits(self) -> NDArray[np.float64]:
        """Bits of each item beside its codes: its length, its places, and what else is sent."""
        bits = np.zeros(len(self)) if self.beside is None else self.beside.astype(np.float64)
        if not self.fixed:
            bits = bits + math.log2(self.layout + 1)
        if self.places is not None:
            chosen = [_log2_choices(self.layout, int(each)) for each in self.lengths]
            bits = bits + np.array(chosen)
        return bits

    @cached_property
    def bits(self) -> NDArray[np.float64]:
        """Bits of each item, side information included, shape (items,)."""
        return self.lengths * self.bits_per_token + self.side_bits

    def entropy(self) -> float:
        """Bits of a token by the frequencies of the codes of each slot; no more than it costs."""
        total = 0.0
        for slot in range(self.slots):
            counts = np.unique(self.values[:, slot], return_counts=True)[1]
            shares = counts / max(1, counts.sum())
            total -= float((shares * np.log2(shares)).sum())
        return abs(total)

    def usage(self) -> tuple[float, ...]:
        """The share of the levels of each slot that occurs."""
        used = [len(np.unique(self.values[:, slot])) for slot in range(self.slots)]
        return tuple(count / level for count, level in zip(used, self.levels, strict=True))

    def first(self, tokens: int) -> Codes:
        """The same with at most so many tokens of each item, the first ones."""
        if tokens < 0:
            raise SignalError(f"{tokens} tokens; expected none or more")
        keep = np.arange(len(self.values)) - np.repeat(self.offsets[:-1], self.lengths) < tokens
        lengths = np.minimum(self.lengths, tokens)
        return Codes(
            self.values[keep],
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            self.levels,
            self.layout,
            places=None if self.places is None else self.places[keep],
            fixed=self.fixed and bool((lengths == self.lengths).all()),
            beside=self.beside,
            names=self.names,
            codec=self.codec,
        )

    def items(self, chosen: Sequence[int]) -> Codes:
        """The same of some items."""
        at = np.concatenate(
            [np.zeros(0, np.int64)]
            + [np.arange(self.offsets[each], self.offsets[each + 1]) for each in chosen]
        ).astype(np.int64)
        lengths = self.lengths[list(chosen)]
        return Codes(
            self.values[at],
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            self.levels,
            self.layout,
            places=None if self.places is None else self.places[at],
            fixed=self.fixed,
            beside=None if self.beside is None else self.beside[list(chosen)],
            names=tuple(self.names[each] for each in chosen) if self.names else (),
            codec=self.codec,
        )


def _log2_choices(of: int, kept: int) -> float:
    """Bits that say which ``kept`` of ``of`` places."""
    ways = math.lgamma(of + 1) - math.lgamma(kept + 1) - math.lgamma(of - kept + 1)
    return max(0.0, ways / math.log(2))


def _check(codes: Codes) -> None:
    """Raise where fields contradict each other."""
    values, offsets = codes.values, codes.offsets
    if values.ndim != 2 or values.shape[1] != len(codes.levels):
        raise SignalError(f"codes of shape {values.shape}; expected (tokens, {len(codes.levels)})")
    if offsets.ndim != 1 or not len(offsets) or offsets[0] or offsets[-1] != len(values):
        raise SignalError(f"offsets end at {offsets[-1:]}; expected 0 to {len(values)}")
    lengths = np.diff(offsets)
    if len(lengths) and (lengths.min() < 0 or lengths.max() > codes.layout):
        raise SignalError(
            f"items of {lengths.min()} to {lengths.max()} tokens; expected 0 to {codes.layout}"
        )
    if min(codes.levels, default=1) < 1:
        raise SignalError(f"levels {codes.levels}; expected 1 or more each")
    for slot, levels in enumerate(codes.levels):
        found = values[:, slot]
        if len(found) and (found.min() < 0 or found.max() >= levels):
            raise SignalError(
                f"codes {found.min()} to {found.max()} in slot {slot}; expected 0 to {levels - 1}"
            )
    _check_beside(codes)


def _check_beside(codes: Codes) -> None:
    count, places = len(codes), codes.places
    if codes.names and len(codes.names) != count:
        raise SignalError(f"{len(codes.names)} names of {count} items; expected as many")
    if codes.beside is not None and len(codes.beside) != count:
        raise SignalError(f"side bits of {len(codes.beside)} of {count} items; expected as many")
    if places is None:
        return
    if places.shape != (len(codes.values),):
        raise SignalError(f"{places.shape} places of {len(codes.values)} tokens; expected as many")
    if len(places) and (places.min() < 0 or places.max() >= codes.layout):
        raise SignalError(
            f"places {places.min()} to {places.max()}; expected 0 to {codes.layout - 1}"
        )
    inner = np.ones(len(places), np.bool_)
    inner[codes.offsets[:-1][np.diff(codes.offsets) > 0]] = False
    if (np.diff(places)[inner[1:]] <= 0).any():
        raise SignalError("places of an item are not ascending; expected each once, in order")
