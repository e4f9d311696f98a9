"""What a causal model has read, as data: ids of each sequence, and the tree that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError

Array = NDArray[np.int64]
Ids = Sequence[Sequence[int]] | Sequence[Array] | Sequence[int] | NDArray[np.integer]
"""Sequences of ids; or one id for each sequence."""
Parents = Sequence[int] | Sequence[Sequence[int]] | NDArray[np.integer]
"""Parents of nodes, for all sequences or for each."""

NONE: Array = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class ReadSequence:
    """What one sequence has read.

    Attributes:
        ids: one after the other.
        nodes: ids of the nodes of a tree that follows them.
        parents: of each node the number of an earlier node, or -1.
    """

    ids: Array = field(default_factory=lambda: NONE)
    nodes: Array = field(default_factory=lambda: NONE)
    parents: Array = field(default_factory=lambda: NONE)

    @property
    def entries(self) -> int:
        """Ids and nodes."""
        return len(self.ids) + len(self.nodes)

    def read(self, ids: Array) -> ReadSequence:
        """With more ids.

        Raises:
            ModelError: a tree hangs on it.
        """
        if len(self.nodes):
            raise ModelError(
                f"a sequence with a tree of {len(self.nodes)} nodes was given ids without parents; "
                "keep a path of the tree first, or truncate the state"
            )
        return ReadSequence(np.concatenate([self.ids, ids]))

    def grow(self, ids: Array, parents: Array) -> ReadSequence:
        """With more nodes.

        Raises:
            ModelError: a node follows one that is not before it.
        """
        if len(ids) != len(parents):
            raise ModelError(f"{len(ids)} nodes were given {len(parents)} parents")
        numbers = len(self.nodes) + np.arange(len(ids))
        wrong = np.flatnonzero((parents < -1) | (parents >= numbers))
        if len(wrong):
            at = int(wrong[0])
            raise ModelError(
                f"node {numbers[at]} of a tree follows {parents[at]}, expected an earlier node, "
                "or -1 for what was read before the tree"
            )
        return replace(
            self,
            nodes=np.concatenate([self.nodes, ids]),
            parents=np.concatenate([self.parents, parents]),
        )

    def keep(self, path: Array) -> ReadSequence:
        """With the nodes of a path read, and no tree.

        Raises:
            ModelError: it is no path from the root down.
        """
        before = -1
        for node in path.tolist():
            if not 0 <= node < len(self.nodes) or self.parents[node] != before:
                raise ModelError(
                    f"{path.tolist()} is no path through a tree whose nodes follow "
                    f"{self.parents.tolist()}: it starts at a node that follows -1, and each next "
                    "node follows the one before"
                )
            before = node
        return ReadSequence(np.concatenate([self.ids, self.nodes[path]]))

    def cut(self, length: int) -> ReadSequence:
        """With its first ids, and no tree.

        Raises:
            ModelError: it has fewer, or ``length`` is not positive.
        """
        if not 0 < length <= len(self.ids):
            raise ModelError(f"a sequence of {len(self.ids)} ids cannot be cut to {length}")
        return ReadSequence(self.ids[:length])

    def depths(self) -> Array:
        """Ancestors of each node, which is its distance from the first place behind the ids."""
        depths = np.zeros(len(self.nodes), np.int64)
        for node, parent in enumerate(self.parents.tolist()):
            depths[node] = 0 if parent < 0 else depths[parent] + 1
        return depths

    def ancestors(self) -> NDArray[np.bool_]:
        """Which nodes each node sees: its ancestors and itself, shape (nodes, nodes)."""
        seen = np.eye(len(self.nodes), dtype=np.bool_)
        for node, parent in enumerate(self.parents.tolist()):
            if parent >= 0:
                seen[node] |= seen[parent]
        return seen

    def positions(self) -> Array:
        """Of ids and nodes, shape (entries,)."""
        return np.concatenate([np.arange(len(self.ids)), len(self.ids) + self.depths()])


@dataclass(frozen=True, eq=False)
class State:
    """Sequences, and what the model remembers of them. States are values: nothing changes them.

    Attributes:
        prefixes: what each sequence has read.
        memory: the model's own; None where it remembers nothing.
    """

    prefixes: tuple[ReadSequence, ...]
    memory: Any = None

    def __len__(self) -> int:
        return len(self.prefixes)

    @property
    def ids(self) -> list[Array]:
        """Of each sequence what was read, trees left out."""
        return [each.ids for each in self.prefixes]

    @property
    def lengths(self) -> Array:
        """Of ``ids``, shape (batch,)."""
        return np.array([len(each.ids) for each in self.prefixes], np.int64)

    def extended(self, ids: list[Array], parents: Parents | None) -> tuple[ReadSequence, ...]:
        """Its sequences with more ids, or with more nodes; errors as for `CausalModel.extend`."""
        expect(len(ids), len(self), "sequences of ids")
        if parents is None:
            return tuple(old.read(new) for old, new in zip(self.prefixes, ids, strict=True))
        given = parents_by_sequence(parents, ids)
        return tuple(old.grow(*new) for old, *new in zip(self.prefixes, ids, given, strict=True))

    def kept(self, paths: Sequence[Sequence[int]]) -> tuple[tuple[ReadSequence, ...], list[Array]]:
        """Its sequences with paths taken in, and the numbers of the entries that stay."""
        expect(len(paths), len(self), "paths")
        nodes = [np.asarray(path, np.int64).reshape(-1) for path in paths]
        kept = tuple(old.keep(path) for old, path in zip(self.prefixes, nodes, strict=True))
        entries = [
            np.concatenate([np.arange(len(old.ids)), len(old.ids) + path])
            for old, path in zip(self.prefixes, nodes, strict=True)
        ]
        return kept, entries

    def cut(self, lengths: int | Sequence[int]) -> tuple[tuple[ReadSequence, ...], list[Array]]:
        """Its sequences cut, and the numbers of the entries that stay."""
        every = [lengths] * len(self) if isinstance(lengths, int | np.integer) else list(lengths)
        expect(len(every), len(self), "lengths")
        kept = tuple(old.cut(int(n)) for old, n in zip(self.prefixes, every, strict=True))
        return kept, [np.arange(len(each.ids)) for each in kept]


def expect(found: int, expected: int, what: str) -> None:
    """Raise where there are not as many as there are sequences.

    Raises:
        ModelError: saying both numbers.
    """
    if found != expected:
        raise ModelError(f"{found} {what} were given for a state of {expected} sequences")


def sequences_of_ids(ids: Ids, *, below: int, empty: bool) -> list[Array]:
    """Sequences of ids as arrays.

    Args:
        ids: sequences, or one id for each sequence.
        below: what ids have to be below.
        empty: whether sequences may have none, though not all.

    Raises:
        ModelError: there are none, or an id is too large.
    """
    every = cast(Iterable[Any], ids)
    found = [np.atleast_1d(np.asarray(each, np.int64)) for each in every]
    if not any(map(len, found)) or not (empty or all(map(len, found))):
        raise ModelError(
            "there are no ids to read; a prefix has at least one, such as the id that begins texts"
        )
    for at, each in enumerate(found):
        wrong = each[(each < 0) | (each >= below)]
        if len(wrong):
            raise ModelError(
                f"id {wrong[0]} in sequence {at} has no row in this model, which has {below}; "
                "check_rows compares a model with its tokenizer"
            )
    return found


def parents_by_sequence(parents: Parents, ids: list[Array]) -> list[Array]:
    """Parents of each sequence's nodes, where they are given for all sequences or for each."""
    every = list(cast(Iterable[Any], parents))
    if (every and np.ndim(every[0]) == 0) or not every:
        return [np.asarray(every, np.int64)] * len(ids)
    expect(len(every), len(ids), "sequences of parents")
    return [np.asarray(each, np.int64).reshape(-1) for each in every]


def padded(sequences: Sequence[Array], fill: int = 0) -> tuple[Array, NDArray[np.bool_]]:
    """Sequences as a table, shape (batch, longest), and where it holds ids."""
    counts = np.array([len(each) for each in sequences], np.int64)
    width = int(counts.max(initial=0))
    table = np.full((len(sequences), width), fill, np.int64)
    present = np.arange(width)[None] < counts[:, None]
    table[present] = np.concatenate(sequences) if sequences else NONE
    return table, present
