"""Which id of a language model a code is: specials, then the codes of each slot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places

BEGIN, END, EMPTY, MASK = "begin", "end", "empty", "mask"
SPECIALS: Final = (BEGIN, END, EMPTY, MASK)


@dataclass(frozen=True)
class IdSpace:
    """A range of ids, which may follow the ids of text.

    Attributes:
        levels: how many codes each slot has.
        first: the first id of the range.
        specials: names of ids that stand before those of codes.
        shared: whether all slots have the same ids; else each has its own.
    """

    levels: tuple[int, ...]
    first: int = 0
    specials: tuple[str, ...] = SPECIALS
    shared: bool = False

    def __post_init__(self) -> None:
        if not self.levels or min(self.levels) < 1:
            raise SignalError(f"levels {self.levels}; expected 1 or more in each slot")
        if self.first < 0 or len(set(self.specials)) != len(self.specials):
            raise SignalError(f"ids from {self.first} with specials {self.specials}")

    @cached_property
    def starts(self) -> Places:
        """The id of code 0 of each slot."""
        first = self.first + len(self.specials)
        if self.shared:
            return np.full(len(self.levels), first, np.int64)
        return first + np.cumsum([0, *self.levels[:-1]]).astype(np.int64)

    @property
    def end(self) -> int:
        """The id behind the last."""
        codes = max(self.levels) if self.shared else sum(self.levels)
        return self.first + len(self.specials) + codes

    def special(self, name: str) -> int:
        """The id of a special.

        Raises:
            SignalError: there is none of this name.
        """
        if name not in self.specials:
            raise SignalError(f"no special is named {name!r}; there are {', '.join(self.specials)}")
        return self.first + self.specials.index(name)

    def ids(self, codes: NDArray[Any], slots: NDArray[Any]) -> Places:
        """The id of each code of a slot.

        Raises:
            SignalError: a code is beyond the levels of its slot.
        """
        codes, slots = np.asarray(codes, np.int64), np.asarray(slots, np.int64)
        if (codes < 0).any() or (codes >= np.asarray(self.levels)[slots]).any():
            raise SignalError(f"codes from {codes.min()} to {codes.max()} for levels {self.levels}")
        return np.asarray(self.starts[slots] + codes)

    def codes(self, ids: NDArray[Any], slots: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
        """The code that each id is in a slot, and whether it is one; 0 where it is none."""
        found = np.asarray(ids, np.int64) - self.starts[np.asarray(slots, np.int64)]
        valid = (found >= 0) & (found < np.asarray(self.levels)[np.asarray(slots, np.int64)])
        return np.where(valid, found, 0), valid

    def range_of(self, slot: int) -> range:
        """The ids of a slot."""
        start = int(self.starts[slot])
        return range(start, start + self.levels[slot])
