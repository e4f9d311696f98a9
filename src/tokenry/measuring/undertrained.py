"""Under-trained ids, told from a matrix of embeddings.

Source: Land, Bartolo 2024, Fishing for Magikarp: Automatically Detecting Under-trained Tokens in
Large Language Models, arXiv:2405.05417. Training moves the rows of ids that never come all in one
direction. So of output rows (and of tied ones) the indicator is the cosine distance to the mean of
rows that are known to be unused, after the first principal component is taken out; of input rows of
their own it is their length, since weight decay alone acts on them. Low values are suspects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ArgumentError

LEAST_UNUSED: Final = 3
SUSPECTS: Final = 0.02  # of the ids, as published
ALIKE: Final = 0.99  # SmolLM2's unused specials: above 0.999; any two of its words: below 0.8
Rows = NDArray[np.floating]
Floats = NDArray[np.float64]


def distance_to_unused(rows: Rows, unused: Sequence[int]) -> Floats:
    """Cosine distance of each row to the mean unused row, shape (ids,); from 0 to 2.

    Args:
        rows: output rows, or those that input and output share, shape (ids, width).
        unused: ids that are known to be unused, three or more.

    Raises:
        ArgumentError: there are fewer, or they have no row.
    """
    chosen = sorted(set(unused))
    if len(chosen) < LEAST_UNUSED or chosen[0] < 0 or chosen[-1] >= len(rows):
        raise ArgumentError(
            f"unused: {len(chosen)} ids for {len(rows):,} rows; give {LEAST_UNUSED} or more ids "
            "with a row, such as those that no text produces (`scan_glitches`)"
        )
    wide = np.asarray(rows, np.float64)
    centred = wide - wide.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    first = vectors[:, -1]
    bare = wide - np.outer(wide @ first, first)
    mean = bare[chosen].mean(axis=0)
    lengths = np.linalg.norm(bare, axis=1) * np.linalg.norm(mean)
    found: Floats = 1 - (bare @ mean) / np.maximum(lengths, 1e-30)
    return found


def alike(rows: Rows, candidates: Sequence[int], cosine: float = ALIKE) -> list[int]:
    """The largest group of candidates whose rows point the same way; never trained ones do.

    Args:
        rows: shape (ids, width).
        candidates: ids that may be unused, such as specials.
        cosine: of two rows that point the same way.
    """
    chosen = [id_ for id_ in dict.fromkeys(candidates) if 0 <= id_ < len(rows)]
    if not chosen:
        return []
    some = np.asarray(rows[chosen], np.float64)
    some /= np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-30)
    close = some @ some.T >= cosine
    return [
        id_ for id_, near in zip(chosen, close[close.sum(axis=1).argmax()], strict=True) if near
    ]


def lengths(rows: Rows) -> Floats:
    """Length of each row: the indicator of input rows that the output does not share."""
    found: Floats = np.linalg.norm(np.asarray(rows, np.float64), axis=1)
    return found


def suspects(
    indicator: Floats, share: float = SUSPECTS, leave_out: Sequence[int] = ()
) -> list[int]:
    """Ids of the lowest values, lowest first.

    Args:
        indicator: of each id.
        share: of the ids.
        leave_out: ids that are not asked for.
    """
    skipped = set(leave_out)
    order = [id_ for id_ in np.argsort(indicator, kind="stable").tolist() if id_ not in skipped]
    return order[: max(1, round(share * len(indicator)))]
