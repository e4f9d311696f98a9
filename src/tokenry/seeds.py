"""Randomness from explicit seeds: one seed of a user, an independent stream for each purpose."""

from __future__ import annotations

import hashlib

import numpy as np


def derived(seed: int, *purpose: str | int) -> int:
    """A seed for one purpose, below 2**63; other purposes get unrelated ones.

    >>> derived(0, "bootstrap") != derived(0, "sample") != derived(1, "sample")
    True
    """
    words = "\0".join(map(str, (seed, *purpose)))
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little") >> 1


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A numpy generator for one purpose."""
    return np.random.default_rng(derived(seed, *purpose))
