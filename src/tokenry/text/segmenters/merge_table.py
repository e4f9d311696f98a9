"""Tables of merges: left, right and merged id, shape (m, 3), and the rank of each, shape (m,)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.vocabulary import Vocabulary

MergeRows = NDArray[np.uint32]
Ranks = NDArray[np.uint32]
Merge = tuple[int, int, int]


def merge_rows(vocabulary: Vocabulary, merges: ArrayLike) -> MergeRows:
    """Merges as rows of ids; they may be given as pairs of pieces, whose ids are looked up.

    Raises:
        VocabularyError: a piece that is not in the vocabulary, or another shape.
    """
    rows = list(merges) if isinstance(merges, Sequence) else merges
    if isinstance(rows, list) and rows and isinstance(rows[0][0], bytes):
        rows = [
            (vocabulary.id_of(left), vocabulary.id_of(right), vocabulary.id_of(left + right))
            for left, right in rows
        ]
    table = np.array(rows, dtype=np.uint32)
    if table.size == 0:
        return np.zeros((0, 3), np.uint32)
    if table.ndim != 2 or table.shape[1] != 3:
        raise VocabularyError(
            f"merges have the shape {table.shape}; expected (m, 3): left, right and merged id"
        )
    return table


def spelled(rows: MergeRows, ranks: Ranks, names: Mapping[int, str]) -> list[list[str]]:
    """Merges in the order of their ranks, by the names of what they merge.

    Raises:
        UnsupportedError: a merge that does not make the name of the two together.
    """
    merges: list[list[str]] = []
    for left, right, merged in rows[np.argsort(ranks, kind="stable")].tolist():
        if names[left] + names[right] != names[merged]:
            raise UnsupportedError(
                f"{names[left]!r} and {names[right]!r} merge to {names[merged]!r}, which is not "
                "the two together; a tokenizer.json cannot say that"
            )
        merges.append([names[left], names[right]])
    return merges


def by_id(rows: MergeRows, ranks: Ranks) -> bool:
    """Whether merges of lower ranks make lower ids."""
    order = np.argsort(ranks, kind="stable")
    return bool((np.diff(rows[order, 2].astype(np.int64)) >= 0).all())


def renumbered(
    rows: MergeRows, ranks: Ranks, new_of_old: NDArray[np.int64]
) -> tuple[MergeRows, Ranks]:
    """The merges whose ids are all left, in their order."""
    moved = new_of_old[rows.reshape(-1, 3)]
    whole = (moved >= 0).all(axis=1)
    # Only the order of ranks counts. Without gaps they are what a file's reader numbers them.
    _, closed = np.unique(ranks[whole], return_inverse=True)
    order = np.argsort(closed, kind="stable")
    return moved[whole][order].astype(np.uint32), closed[order].astype(np.uint32)


def appended(rows: MergeRows, ranks: Ranks, more: Sequence[Merge]) -> tuple[MergeRows, Ranks]:
    """``more`` merges, which rank after all that there are."""
    new = np.array(more, dtype=np.uint32).reshape(-1, 3)
    first = int(ranks.max()) + 1 if len(ranks) else 0
    following = np.arange(first, first + len(new), dtype=np.uint32)
    return np.concatenate((rows.reshape(-1, 3), new)), np.concatenate((ranks, following))


def below(rows: MergeRows, ranks: Ranks, size: int) -> tuple[MergeRows, Ranks]:
    """The merges of ids below ``size``.

    They are closed where ids follow the order of merges; a merge that needs an id past ``size`` is
    gone too.
    """
    kept = (rows < size).all(axis=1)
    return np.ascontiguousarray(rows[kept]), np.ascontiguousarray(ranks[kept])


def built_from(
    rows: MergeRows, size: int, derivation: Callable[[int], Sequence[Merge]]
) -> NDArray[np.int64]:
    """The two ids that each id is merged from, shape (size, 2); -1 where it is not.

    Merging a stretch of text goes the same way whether it stands alone or is what becomes of a part
    of a pretoken, since no merge crosses its ends. So every id that merging makes has one tree of
    ids below it: that of its own piece. An id with several merges (as rank files give) is looked
    up by merging its piece; one that its piece does not become is made by no text.

    Args:
        rows: the merges.
        size: how many ids there are.
        derivation: the merges that are applied to the piece of an id, in order.
    """
    table = np.full((size, 2), -1, dtype=np.int64)
    if not len(rows):
        return table
    merges = rows.astype(np.int64)
    made, first, times = np.unique(merges[:, 2], return_index=True, return_counts=True)
    once = times == 1
    table[made[once]] = merges[first[once], :2]
    for id_ in made[~once].tolist():
        steps = derivation(id_)
        if steps and steps[-1][2] == id_:
            table[id_] = steps[-1][:2]
    return table


def falling_scores(rows: MergeRows, ranks: Ranks, size: int) -> NDArray[np.float64]:
    """A score for each of ``size`` ids: the lower the rank, the higher; the unmerged have least."""
    order = _places(ranks)
    scores = np.full(size, -float(len(order) + 1))
    scores[rows[:, 2]] = -order.astype(np.float64)
    return scores


def same_order(rows: MergeRows, ranks: Ranks, other_rows: MergeRows, other_ranks: Ranks) -> bool:
    """Whether two lists hold the same merges in the same order, whatever numbers say it."""
    return _in_order(rows, ranks) == _in_order(other_rows, other_ranks)


def _in_order(rows: MergeRows, ranks: Ranks) -> list[list[int]]:
    return sorted(np.column_stack([_places(ranks), rows]).tolist())


def _places(ranks: Ranks) -> NDArray[np.int64]:
    return np.unique(ranks, return_inverse=True)[1].astype(np.int64)
