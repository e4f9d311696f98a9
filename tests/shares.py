"""How much of the generated input a run tries, and which.

A run tries a share of it (TOKENRY_SHARE, a quarter where it is not set) and another one each day,
so that a week of runs goes through all of it. The head of a run names its seed; TOKENRY_SEED=N
repeats it, and TOKENRY_SHARE=1 (`make test-slow`) tries everything.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")
SHARE: Final = min(1.0, max(0.01, float(os.environ.get("TOKENRY_SHARE", "0.25"))))
SEED: Final = int(os.environ.get("TOKENRY_SEED") or time.time() // 86_400)


def share(count: int) -> int:
    """So many of ``count`` cases."""
    return max(1, round(count * SHARE))


def draw(purpose: object) -> random.Random:
    """A generator for one purpose; another one each day."""
    return random.Random(f"{SEED} {purpose}")


def part(items: Sequence[T]) -> Sequence[T]:
    """Every fourth item or so; all of them within a few days."""
    step = round(1 / SHARE)
    return items[SEED % step :: step]
