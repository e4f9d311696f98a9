"""Items and what is known of them as batches, normalised as they are drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.signals.carriers import Carrier

VALUES = "values"


def item_batches(
    items: Sequence[Any] | NDArray[Any],
    facts: Mapping[str, Any],
    carrier: Carrier,
    *,
    size: int,
    seed: int = 0,
) -> Shuffled:
    """Batches without end, in an order by seed, a new one for each pass.

    Args:
        items: as the carrier takes them; an array, a memory map, or a sequence that reads when it
            is asked.
        facts: arrays of as many rows, by name.
        carrier: that normalises.
        size: items of a batch.
        seed: of the order.

    Raises:
        SignalError: there is no item, or there are more or fewer facts than items.
    """
    if not len(items):
        raise SignalError("there is nothing to train on; give one item or more")
    for name, each in facts.items():
        if len(each) != len(items) or name == VALUES:
            raise SignalError(f"{len(each)} of the fact {name!r} for {len(items)} items")

    def make(numbers: NDArray[np.int64]) -> Batch:
        chosen = items[numbers] if isinstance(items, np.ndarray) else [items[n] for n in numbers]
        values = carrier.values(chosen)
        return Batch({VALUES: values, **{name: each[numbers] for name, each in facts.items()}})

    identity = _identity(items)
    return Shuffled(len(items), size, make, seed=seed, passes=None, identity=identity)


def _identity(items: Sequence[Any] | NDArray[Any]) -> str:
    """Of the number of items and of a few of them: terabytes are not read for it."""
    digest = hashlib.sha256(str(len(items)).encode())
    for place in sorted({0, len(items) // 2, len(items) - 1}):
        digest.update(np.ascontiguousarray(items[place]).tobytes())
    return digest.hexdigest()[:16]
