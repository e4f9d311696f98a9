"""Codes of an item to ids of a language model and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import (
    Order,
    Pattern,
    Places,
    gathered,
    inverse,
    spread,
)
from tokenry.signals.serialising.id_space import BEGIN, EMPTY, END, IdSpace
from tokenry.signals.serialising.orders.raster import Raster
from tokenry.signals.serialising.patterns.parallel import ParallelSlots


@dataclass(frozen=True)
class Serialiser:
    """An order of places, a pattern of slots and a range of ids.

    Attributes:
        space: of the ids; its levels are those of the slots.
        shape: of the layout: (height, width), or (tokens,).
        order: of the places. With `Raster` an item may have the first places only.
        pattern: of the slots.
    """

    space: IdSpace
    shape: tuple[int, ...]
    order: Order = field(default_factory=Raster)
    pattern: Pattern = field(default_factory=ParallelSlots)

    @property
    def slots(self) -> int:
        """Codes of a token."""
        return len(self.space.levels)

    def streams(self, codes: NDArray[Any]) -> Places:
        """Ids at the steps of the pattern, shape (steps, slots), ``empty`` where no code stands.

        For models that predict all slots of a step together.

        Args:
            codes: shape (tokens, slots).

        Raises:
            SignalError: they do not fit the layout, or a code is beyond its levels.
        """
        ordered = self._ordered(codes)
        ids = self.space.ids(ordered, np.broadcast_to(np.arange(self.slots), ordered.shape))
        return spread(ids, self.pattern, self.space.special(EMPTY))

    def of_streams(self, streams: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
        """Codes of what `streams` gave, or of any ids, and which of them were codes.

        Raises:
            SignalError: there are steps of no number of tokens, or more than the layout has.
        """
        return self._restored(gathered(streams, self.pattern))

    def ids(self, codes: NDArray[Any]) -> Places:
        """One stream: ``begin``, a code a step in the order of the pattern, ``end``.

        Args:
            codes: shape (tokens, slots).

        Raises:
            SignalError: as for `streams`.
        """
        ordered = self._ordered(codes)
        token, slot = self._flat(len(ordered))
        body = self.space.ids(ordered[token, slot], slot)
        return np.concatenate([[self.space.special(BEGIN)], body, [self.space.special(END)]])

    def codes(self, ids: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
        """Codes of any sequence of ids, and which of them were codes there; total.

        What stands before ``begin`` and behind ``end`` is not read; where a token lacks slots, and
        where an id is no code of its slot, there is code 0, which is not valid.

        Returns:
            Shape (tokens, slots), both.
        """
        body = self._body(np.asarray(ids, np.int64))
        most = int(np.prod(self.shape)) * self.slots
        body = body[:most]
        missing = -len(body) % self.slots
        body = np.concatenate([body, np.full(missing, -1, np.int64)])
        token, slot = self._flat(len(body) // self.slots)
        ordered = np.empty((len(body) // self.slots, self.slots), np.int64)
        ordered[token, slot] = body
        return self._restored(ordered)

    def allowed(self, prefix: NDArray[Any], *, tokens: int | None = None) -> Places:
        """Ids that may follow a prefix of what `ids` gives, ascending; none behind ``end``.

        Args:
            prefix: as generated so far, ``begin`` included.
            tokens: of the item; None: any number up to the layout's.
        """
        prefix = np.asarray(prefix, np.int64)
        if not len(prefix):
            return np.array([self.space.special(BEGIN)])
        end = self.space.special(END)
        if (prefix == end).any():
            return np.zeros(0, np.int64)
        most = int(np.prod(self.shape))
        found = set()
        for count in range(most + 1) if tokens is None else [tokens]:
            length = len(prefix) - 1
            if length > count * self.slots:
                continue
            if length == count * self.slots:
                found.add(end)
            else:
                found.add(-1 - int(self._flat(count)[1][length]))
        ids = {each for each in found if each >= 0}
        for slot in (-1 - each for each in found if each < 0):
            ids.update(self.space.range_of(slot))
        return np.array(sorted(ids), np.int64)

    def _ordered(self, codes: NDArray[Any]) -> Places:
        codes = np.asarray(codes, np.int64)
        most = int(np.prod(self.shape))
        if codes.ndim != 2 or codes.shape[1] != self.slots or len(codes) > most:
            raise SignalError(
                f"codes of shape {codes.shape}; expected up to {most} tokens of {self.slots} slots"
            )
        return codes[self._places(len(codes))]

    def _places(self, count: int) -> Places:
        """The order of the first ``count`` places."""
        if isinstance(self.order, Raster):
            return np.arange(count)
        if count != int(np.prod(self.shape)):
            raise SignalError(f"{count} tokens of {self.shape} in {self.order}; expected all")
        return self.order.places(self.shape)

    def _restored(self, ids: Places) -> tuple[Places, NDArray[np.bool_]]:
        """Codes at their places of ids in the order of reading."""
        most = int(np.prod(self.shape))
        if len(ids) > most:
            raise SignalError(f"{len(ids)} tokens for a layout of {most}")
        if not isinstance(self.order, Raster) and len(ids) < most:
            ids = np.concatenate([ids, np.full((most - len(ids), self.slots), -1, np.int64)])
        codes, valid = self.space.codes(ids, np.broadcast_to(np.arange(self.slots), ids.shape))
        back = inverse(self._places(len(ids)))
        return codes[back], valid[back]

    def _flat(self, tokens: int) -> tuple[Places, Places]:
        """Token and slot of each code in one stream."""
        return _one_stream(self.pattern, tokens, self.slots)

    def _body(self, ids: Places) -> Places:
        begin = np.flatnonzero(ids == self.space.special(BEGIN))
        ids = ids[begin[-1] + 1 :] if len(begin) else ids
        end = np.flatnonzero(ids == self.space.special(END))
        return ids[: end[0]] if len(end) else ids


@lru_cache(maxsize=4096)
def _one_stream(pattern: Pattern, tokens: int, slots: int) -> tuple[Places, Places]:
    table = pattern.steps(tokens, slots)
    step, slot = np.nonzero(table >= 0)
    return table[step, slot], slot
