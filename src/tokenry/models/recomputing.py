"""Reading without memory: each pass reads all sequences again from their beginning.

It works with any network, and is the twin of `tokenry.models.caching.Caching`. A tree is read as
one line for each of its leaves. Costs grow with the square of the length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError
from tokenry.models.network import Made, Network, Pass, Wanted
from tokenry.models.state import Array, ReadSequence, State, padded


class Recomputing:
    """A `tokenry.models.network.Memory` that is none."""

    keeps = False

    def read(
        self,
        network: Network,
        before: State,
        after: Sequence[ReadSequence],
        wanted: Wanted,
        mixtures: NDArray[np.floating] | None = None,
    ) -> Pass:
        """Read all sequences from their beginning; give what belongs to the new ids.

        Raises:
            UnsupportedError: mixtures were given.
        """
        if mixtures is not None:
            raise UnsupportedError("a model without a cache cannot read mixtures of ids")
        lines: list[Array] = []
        found = []  # of each sequence's new ids: number of the line, column in it
        for old, new in zip(before.prefixes, after, strict=True):
            branches = branches_of(new)
            found.append(_places(new, branches, old.entries, len(lines)))
            lines += [np.concatenate([new.ids, new.nodes])[branch] for branch in branches]
        table, present = padded(lines)
        line, column = (padded([each[side] for each in found])[0] for side in (0, 1))
        columns = np.unique(column[:, wanted.places])
        made = network.read(table, replace(wanted, places=columns))
        kept = np.searchsorted(columns, column[:, wanted.places])
        hidden = {at: each[line, column] for at, each in made.hidden.items()}
        logits = made.logits[line[:, wanted.places], kept]
        return Pass(
            made=Made(logits, hidden),
            memory=None,
            lines=len(table),
            queries=table.shape[1],
            keys=table.shape[1],
            heads=len(columns),
            positions=int(present.sum()),
        )

    def select(self, before: State, entries: Sequence[Array]) -> None:
        """Nothing is remembered."""

    def fork(self, state: State, chosen: Sequence[int] | None) -> None:
        """Nothing is remembered."""

    def join(self, states: Sequence[State]) -> None:
        """Nothing is remembered."""


def branches_of(prefix: ReadSequence) -> list[Array]:
    """Numbers of the entries of each line from the prefix's beginning to a leaf of its tree."""
    ids = np.arange(len(prefix.ids))
    leaves = np.setdiff1d(np.arange(len(prefix.nodes)), prefix.parents)
    seen = prefix.ancestors()
    return [np.r_[ids, len(ids) + np.flatnonzero(seen[leaf])] for leaf in leaves] or [ids]


def _places(
    prefix: ReadSequence, branches: list[Array], start: int, line: int
) -> tuple[Array, Array]:
    """Line and column of each entry from ``start`` on, in a branch that has it."""
    places = np.zeros((prefix.entries, 2), np.int64)
    for at, branch in enumerate(branches):
        places[branch, 0] = line + at
        places[branch, 1] = np.arange(len(branch))
    return places[start:, 0], places[start:, 1]
