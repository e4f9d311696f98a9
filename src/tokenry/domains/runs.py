"""Runs of equal letters in a sequence: where they are, taking them out, and putting them back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.residue import Array
from tokenry.errors import DomainError


def runs_of(holds: NDArray[np.bool_]) -> Array:
    """Begin and end of each run of True, shape (n, 2)."""
    changes = np.flatnonzero(holds[1:] != holds[:-1]) + 1
    edges = [np.zeros(0, np.int64)] * 2
    if len(holds) and holds[0]:
        edges[0] = np.zeros(1, np.int64)
    if len(holds) and holds[-1]:
        edges[1] = np.full(1, len(holds))
    return np.concatenate([edges[0], changes, edges[1]]).reshape(-1, 2)


def without(run: bytes, runs: Array) -> bytes:
    """``run`` without some of its runs."""
    if not len(runs):
        return run
    begins = [0, *runs[:, 1].tolist()]
    ends = [*runs[:, 0].tolist(), len(run)]
    return b"".join(run[begin:end] for begin, end in zip(begins, ends, strict=True))


def places_without(places: Array, runs: Array) -> Array:
    """Where places of a run are when `without` took some runs out."""
    gone: Array = np.append(0, np.cumsum(runs[:, 1] - runs[:, 0]))
    return np.asarray(places - gone[np.searchsorted(runs[:, 1], places, side="right")])


def with_letters(run: bytes, places: Array, sizes: Array, letter: bytes) -> bytes:
    """``run`` with so many letters put in at each place; undoes `without`.

    Raises:
        DomainError: there are not as many sizes as places, or one is negative.
    """
    if len(places) != len(sizes) or (len(sizes) and int(sizes.min()) < 0):
        raise DomainError(f"{len(sizes)} runs of {letter!r} for {len(places)} places")
    if not len(places):
        return run
    ends = [*places.tolist(), len(run)]
    begins = [0, *ends[:-1]]
    parts = [run[begin:end] for begin, end in zip(begins, ends, strict=True)]
    filled = [part + letter * size for part, size in zip(parts, sizes.tolist(), strict=False)]
    return b"".join([*filled, parts[-1]])


def toggled(codes: NDArray[np.uint8], changes: Array) -> NDArray[np.uint8]:
    """Letters whose case changes at each of ``changes``, upper case first.

    Raises:
        DomainError: the places do not ascend within the letters.
    """
    if not len(changes):
        return codes
    if changes[0] < 0 or changes[-1] > len(codes) or (np.diff(changes) < 0).any():
        raise DomainError("runs of lower case do not ascend within the sequence")
    ends = np.append(changes, len(codes))
    sizes = np.diff(ends, prepend=0)
    lower = np.repeat(np.arange(len(sizes)) % 2, sizes).astype(np.uint8)
    is_upper = (codes >= ord("A")) & (codes <= ord("Z"))
    return codes + ((lower & is_upper) << 5).astype(np.uint8)
