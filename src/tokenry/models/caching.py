"""Reading with keys and values kept: each pass computes the new ids alone.

The cache holds a rectangle of places for sequences of any lengths. The places of one that are
present are its ids, then the nodes of its tree, in order; the others are padding that nobody sees.
Where sequences get different numbers of ids they leave holes; when holes are a third of the cache
it is closed up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tokenry.models.network import CachingNetwork, Chunk, Pass, Wanted
from tokenry.models.state import Array, ReadSequence, State, padded
from tokenry.neural.cache.key_value import KeyValueCache

HOLES = 64
"""Places of holes that are never worth closing."""


class Caching:
    """A `tokenry.models.network.Memory` that is a `KeyValueCache`."""

    keeps = True

    @torch.no_grad()
    def read(
        self,
        network: CachingNetwork,
        before: State,
        after: Sequence[ReadSequence],
        wanted: Wanted,
        mixtures: NDArray[np.floating] | None = None,
    ) -> Pass:
        """Read the new ids, or mixtures in their place, after the cache."""
        cache = network.new_cache() if before.memory is None else _closed(before)
        chunk, present = _chunk(network, cache, before.prefixes, after)
        if mixtures is not None:
            weights = torch.from_numpy(np.asarray(mixtures)).to(network.device)
            chunk = replace(chunk, mixtures=weights)
        made = network.go_on(chunk, cache, wanted)
        return Pass(
            made=made,
            memory=cache,
            lines=len(after),
            queries=present.shape[1],
            keys=cache.length,
            heads=len(wanted.places),
            positions=int(present.sum()),
        )

    def select(self, before: State, entries: Sequence[Array]) -> KeyValueCache:
        """Keep entries of each sequence; those that are in place are not copied."""
        return _selected(before.memory, entries)

    def fork(self, state: State, chosen: Sequence[int] | None) -> KeyValueCache:
        """Without a copy where all sequences are kept."""
        cache: KeyValueCache = state.memory.fork(chosen)
        return cache

    def join(self, states: Sequence[State]) -> KeyValueCache:
        """Copy all into one cache."""
        return KeyValueCache.stacked([state.memory for state in states])


def _chunk(
    network: CachingNetwork,
    cache: KeyValueCache,
    before: Sequence[ReadSequence],
    after: Sequence[ReadSequence],
) -> tuple[Chunk, NDArray[np.bool_]]:
    """The new ids as tensors, and where the table holds ids."""
    starts = [each.entries for each in before]
    ids, present = padded(
        [np.r_[each.ids, each.nodes][start:] for each, start in zip(after, starts, strict=True)]
    )
    positions, _ = padded(
        [each.positions()[start:] for each, start in zip(after, starts, strict=True)]
    )
    plain = present.all() and cache.present is None and not any(len(each.nodes) for each in after)
    seen = None if plain else _seen(present, _present(cache, len(after)), after)

    def tensor(values: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(values).to(network.device)

    chunk = Chunk(
        tensor(ids),
        tensor(positions),
        None if present.all() else tensor(present),
        None if seen is None else tensor(seen),
    )
    return chunk, present


def _seen(
    new: NDArray[np.bool_], old: NDArray[np.bool_], prefixes: Sequence[ReadSequence]
) -> NDArray[np.bool_]:
    """What new ids see of all places, shape (batch, new, old and new)."""
    present = np.concatenate([old, new], axis=1)
    start, length = old.shape[1], new.shape[1]
    places = np.arange(start + length)
    seen: NDArray[np.bool_] = present[:, None] & (places <= places[start:, None])
    for at, prefix in enumerate(prefixes):
        if len(prefix.nodes):
            of_nodes = np.flatnonzero(present[at])[len(prefix.ids) :]
            count = int(new[at].sum())
            nodes = min(count, len(prefix.nodes))  # the others are read plainly, before the tree
            ancestors = prefix.ancestors()[len(prefix.nodes) - nodes :]
            seen[at, count - nodes : count, of_nodes] = ancestors.T
    seen[:, np.arange(length), start + np.arange(length)] = True  # no row of scores is empty
    return seen


def _closed(state: State) -> KeyValueCache:
    """A fork of the state's cache, without holes where there were many."""
    cache: KeyValueCache = state.memory
    longest = max(each.entries for each in state.prefixes)
    if 2 * cache.length > 3 * longest + HOLES:
        return _selected(cache, [np.arange(each.entries) for each in state.prefixes])
    return cache.fork()


def _selected(cache: KeyValueCache, entries: Sequence[Array]) -> KeyValueCache:
    """A fork that keeps entries of each sequence, side by side, and then padding."""
    fork = cache.fork()
    present = _present(cache, len(entries))
    places, kept = padded(
        [np.flatnonzero(row)[numbers] for row, numbers in zip(present, entries, strict=True)]
    )
    places = np.where(kept, places, np.arange(places.shape[1]))  # padding stays where it is
    fork.compact(torch.from_numpy(places))
    device = cache.positions.device if cache.positions is not None else None
    fork.present = None if kept.all() else torch.from_numpy(kept).to(device)
    return fork


def _present(cache: KeyValueCache, batch: int) -> NDArray[np.bool_]:
    if cache.present is None:
        return np.ones((batch, cache.length), np.bool_)
    found: NDArray[np.bool_] = cache.present.cpu().numpy()
    return found


def in_window(seen: Tensor, chunk: Chunk, cache: KeyValueCache, window: int) -> Tensor:
    """What of ``seen`` is in a sliding window over positions; padding still sees itself.

    Args:
        seen: `Chunk.seen`.
        chunk: new ids.
        cache: that has taken them up.
        window: positions that an id sees, its own included.
    """
    every = cache.positions if cache.positions is not None else chunk.positions
    length = seen.shape[1]
    near = seen & (chunk.positions[:, :, None] - every[:, None] < window)
    near[:, :, -length:] |= torch.eye(length, dtype=torch.bool, device=seen.device)
    return near
