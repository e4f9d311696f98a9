"""How far two sequences are apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Symbols = Sequence[int] | NDArray[np.integer]


def edit_distance(left: Symbols, right: Symbols) -> int:
    """Fewest insertions, deletions and replacements that make one of the other (Levenshtein 1966).

    Takes the product of the lengths.

    >>> edit_distance([1, 2, 3], [1, 3, 4])
    2
    """
    other = np.asarray(right)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for place, symbol in enumerate(left, start=1):
        changed = np.empty_like(row)
        changed[0] = place
        changed[1:] = np.minimum(row[1:] + 1, row[:-1] + (other != symbol))
        # insertions reach from left to right: a running minimum of what is left of each place
        row = np.minimum.accumulate(changed - steps) + steps
    return int(row[-1])


def common_prefix(left: NDArray[np.integer], right: NDArray[np.integer]) -> int:
    """How many elements two sequences have in common at their beginning."""
    size = min(len(left), len(right))
    differs = np.flatnonzero(left[:size] != right[:size])
    return int(differs[0]) if len(differs) else size
