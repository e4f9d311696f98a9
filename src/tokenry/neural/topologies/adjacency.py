"""Adjacency: which of the last places see which, given as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import PartError
from tokenry.neural.topologies import Mask, with_corner


@dataclass(frozen=True, kw_only=True)
class Adjacency:
    """The last ``len(rows)`` places see all before them, and of each other what ``rows`` says.

    Attributes:
        rows: for each of the places those of them that it sees, by number.
    """

    rows: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            if place not in row or not all(0 <= each < len(self.rows) for each in row):
                raise PartError(
                    f"place {place} of an Adjacency sees {row}, expected itself and others "
                    f"below {len(self.rows)}"
                )

    @property
    def causal(self) -> bool:
        """Whether no place sees a later one."""
        return all(each <= place for place, row in enumerate(self.rows) for each in row)

    def mask(self, queries: int, keys: int) -> Mask:
        """What the table says; places before it are causal."""
        count = len(self.rows)
        if keys < count:
            raise PartError(f"an Adjacency of {count} places does not fit into {keys}")
        table = np.zeros((count, count), np.bool_)
        for place, row in enumerate(self.rows):
            table[place, list(row)] = True
        return with_corner(queries, keys, table)
