"""Examples: rows of ids of different lengths, with what is to be said of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import PartError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import Ids, padded
from tokenry.neural.training.data.shuffled import Shuffled


def examples(
    rows: Sequence[Ids],
    facts: Mapping[str, NDArray[np.generic]],
    *,
    size: int,
    seed: int = 0,
    passes: int | None = 1,
) -> Shuffled:
    """Batches of padded ``ids`` and of the facts of each row, by name, in an order by seed.

    Args:
        rows: ids.
        facts: arrays of as many rows: labels, or how long a prompt is.
        size: rows of a batch.

    Raises:
        PartError: there are more or fewer facts than rows.
    """
    for name, each in facts.items():
        if len(each) != len(rows):
            raise PartError(f"{len(rows)} rows and {len(each)} of {name}: expected as many")

    def make(numbers: NDArray[np.int64]) -> Batch:
        ids = padded([rows[number] for number in numbers.tolist()])
        return Batch({"ids": ids, **{name: each[numbers] for name, each in facts.items()}})

    digest = hashlib.sha256()
    for row in rows:
        digest.update(np.asarray(row, dtype=np.int64).tobytes() + b"\xff" * 8)
    for name, each in facts.items():
        digest.update(name.encode() + np.ascontiguousarray(each).tobytes())
    identity = digest.hexdigest()[:16]
    return Shuffled(len(rows), size, make, seed=seed, passes=passes, identity=identity)
