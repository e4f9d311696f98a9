"""Rows in an order by seed, a new one for each pass; a batch is a function of its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import PartError, TrainingError
from tokenry.neural.training.data.batch import Batch
from tokenry.seeds import generator

Indexes = NDArray[np.int64]


class Shuffled:
    """Batches of rows of which each comes once a pass; a batch may reach into the next pass.

    Args:
        count: rows.
        size: rows of a batch.
        make: the batch of rows by their numbers.
        seed: of the order.
        passes: times over the rows; None: without end.
        identity: what tells the data from other data, kept with the position.
    """

    def __init__(
        self,
        count: int,
        size: int,
        make: Callable[[Indexes], Batch],
        *,
        seed: int = 0,
        passes: int | None = 1,
        identity: str = "",
    ) -> None:
        if count < 1 or size < 1:
            raise PartError(f"{count} rows in batches of {size}: expected 1 or more of each")
        self._count, self._size, self._make, self._seed = count, size, make, seed
        self._end = None if passes is None else count * passes
        self._drawn = 0
        self._order: tuple[int, Indexes] | None = None
        self._identity = {"rows": count, "size": size, "seed": seed, "data": identity}

    @property
    def batches(self) -> int | None:
        """How many there are in all passes; None: without end."""
        return None if self._end is None else -(-self._end // self._size)

    def draw(self) -> Batch | None:
        """The next batch, or None after the last pass; the last batch may be smaller."""
        begin = self._drawn * self._size
        end = begin + self._size if self._end is None else min(begin + self._size, self._end)
        if end <= begin:
            return None
        self._drawn += 1
        return self._make(self._rows(begin, end))

    def state(self) -> dict[str, Any]:
        """How many were drawn."""
        return {"drawn": self._drawn, **self._identity}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go to where another of the same data, size and seed was.

        Raises:
            TrainingError: it is not the same.
        """
        for key, value in self._identity.items():
            if state.get(key) != value:
                raise TrainingError(
                    f"the data are not those of the checkpoint: {key} is {value!r} and was "
                    f"{state.get(key)!r}; train with the same data or into another folder"
                )
        self._drawn = int(state["drawn"])

    def _rows(self, begin: int, end: int) -> Indexes:
        """Rows at these places of the passes, one after another."""
        parts = []
        while begin < end:
            number, first = divmod(begin, self._count)
            part = self._order_of(number)[first : first + end - begin]
            parts.append(part)
            begin += len(part)
        return np.concatenate(parts)

    def _order_of(self, number: int) -> Indexes:
        """The order of a pass."""
        if self._order is None or self._order[0] != number:
            draw = generator(self._seed, "order", number)
            self._order = number, draw.permutation(self._count)
        return self._order[1]
