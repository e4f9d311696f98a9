"""What holds for all processors: where sampling takes chance from."""

from __future__ import annotations

import random

_shared = random.Random()


def set_random_generator_seed(seed: int) -> None:
    """Seed what sampling without a ``seed`` of its own draws from.

    The same seed gives the same samples on every run of tokenry; not those of sentencepiece, whose
    generator is its own.
    """
    _shared.seed(seed)


def generator(seed: int | None) -> random.Random:
    """A generator that starts from ``seed``; the shared one for None."""
    return _shared if seed is None else random.Random(seed)


def set_min_log_level(level: int) -> None:
    """Nothing: there is no log. Here so that calls of sentencepiece work."""
