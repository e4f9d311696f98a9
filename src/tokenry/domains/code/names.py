"""Names and literals of a program as placeholders: a kind, and a number in order of first use.

A name has one kind and one number in a file, wherever it stands; the kind is the strongest that any
of its places shows (`KINDS` is in that order). A variable in front of a bracket is a function or an
array.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.code.grammars import KINDS
from tokenry.domains.code.spans import Spans
from tokenry.domains.code.words import FIRST_WORD, SPELT

_VAR, _ARR, _FUNC = map(KINDS.index, ("var", "arr", "func"))
_CALLS, _INDEXES = (FIRST_WORD + SPELT.index(sign) for sign in (b"(", b"["))


@dataclass(frozen=True)
class Names:
    """The table of the placeholders of a file, and who stands where.

    Attributes:
        texts: distinct names, by kind, then in order of first use.
        counts: how many names each of `KINDS` has.
        at: for each place its name, an index into ``texts``; shape (n,).
        first: whether a place is the first of its name; shape (n,).
    """

    texts: list[bytes]
    counts: NDArray[np.int64]
    at: NDArray[np.int64]
    first: NDArray[np.bool_]

    def kinds(self) -> NDArray[np.int64]:
        """The kind at each place, shape (n,)."""
        return np.repeat(np.arange(len(KINDS)), self.counts)[self.at]

    def numbers(self) -> NDArray[np.int64]:
        """The number within its kind at each place, shape (n,)."""
        begins = np.cumsum(self.counts) - self.counts
        return self.at - begins[self.kinds()]


def named(places: Spans, kinds: NDArray[np.int64], behind: NDArray[np.int64]) -> Names:
    """Number the names of a file.

    Args:
        places: what stands at each place that is no word.
        kinds: of these leaves.
        behind: the mark of the word that follows each of them, or -1.
    """
    shown = kinds.copy()
    shown[(kinds == _VAR) & (behind == _CALLS)] = _FUNC
    shown[(kinds == _VAR) & (behind == _INDEXES)] = _ARR
    numbers, count = places.numbers, len(kinds)
    strongest = np.zeros(len(places.texts), np.int64)
    np.maximum.at(strongest, numbers, shown)
    first_at = np.full(len(places.texts), count)
    first_at[numbers[::-1]] = np.arange(count)[::-1]  # of places with one number the last stays
    order = np.lexsort((first_at, strongest))
    order = order[first_at[order] < count]
    rank = np.zeros(len(places.texts), np.int64)
    rank[order] = np.arange(len(order))
    first = np.zeros(count, bool)
    first[first_at[order]] = True
    return Names(
        [places.texts[number] for number in order.tolist()],
        np.bincount(strongest[order], minlength=len(KINDS)),
        rank[numbers],
        first,
    )
