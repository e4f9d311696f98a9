"""BPE over codes: what is learnt and encoded is that of a readable twin."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.serialising.code_bpe import MOST_LEVELS, CodeBpe


def merged(row: list[int], pair: tuple[int, int], made: int) -> list[int]:
    found: list[int] = []
    place = 0
    while place < len(row):
        if tuple(row[place : place + 2]) == pair:
            found.append(made)
            place += 2
        else:
            found.append(row[place])
            place += 1
    return found


def learnt_by_hand(rows: list[list[int]], levels: int, size: int) -> list[tuple[int, int]]:
    """The most frequent pair, of equal ones the lowest ids."""
    merges: list[tuple[int, int]] = []
    while levels + len(merges) < size:
        counts = Counter(pair for row in rows for pair in pairwise(row))
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        rows = [merged(row, best, levels + len(merges)) for row in rows]
        merges.append(best)
    return merges


def encoded_by_hand(row: list[int], levels: int, merges: list[tuple[int, int]]) -> list[int]:
    for number, pair in enumerate(merges):
        row = merged(row, pair, levels + number)
    return row


def walks(levels: int, count: int) -> list[list[int]]:
    """Codes that mostly follow each other by a rule, without two equal neighbours."""
    rng = np.random.default_rng(draw("code bpe").getrandbits(32))
    rows = []
    for length in rng.integers(2, 40, count):
        row = [int(rng.integers(levels))]
        while len(row) < length:
            step = 1 if rng.random() < 0.7 else int(rng.integers(1, levels))
            row.append((row[-1] + step) % levels)
        rows.append(row)
    return rows


@pytest.mark.parametrize("levels", [6, 300])
def test_learns_and_encodes_as_the_twin(levels: int) -> None:
    rows = walks(levels, 60)
    size = levels + 25
    bpe = CodeBpe.learn([np.array(row) for row in rows], levels, size=size)
    expected = learnt_by_hand(rows, levels, size)
    assert [tuple(pair) for pair in bpe.merges.tolist()] == expected
    assert len(bpe) == levels + len(expected)
    for row in [*rows[:20], *walks(levels, 10)]:
        ids = bpe.encode(np.array(row))
        assert ids.tolist() == encoded_by_hand(row, levels, expected)
        assert bpe.decode(ids).tolist() == row


def test_any_ids_are_codes_and_rare_pairs_stay() -> None:
    bpe = CodeBpe.learn([np.array([0, 1, 0, 1, 2])], 3, size=100)
    assert bpe.merges.tolist() == [[0, 1]]
    assert bpe.decode(np.array([3, 3, 0])).tolist() == [0, 1, 0, 1, 0]
    assert bpe.encode(np.zeros(0, np.int64)).tolist() == []
    assert CodeBpe.learn([np.array([1])], 3, size=3).encode(np.array([2, 2])).tolist() == [2, 2]


def test_the_most_levels() -> None:
    row = np.array([MOST_LEVELS - 1, 0, MOST_LEVELS - 1, 0, 127, 128])
    bpe = CodeBpe.learn([row], MOST_LEVELS, size=MOST_LEVELS + 1)
    assert bpe.merges.tolist() == [[MOST_LEVELS - 1, 0]]
    assert bpe.decode(bpe.encode(row)).tolist() == row.tolist()


def test_what_it_refuses() -> None:
    with pytest.raises(SignalError, match="decompose"):
        CodeBpe(MOST_LEVELS + 1, np.zeros((0, 2), np.int64))
    with pytest.raises(SignalError, match="not made before"):
        CodeBpe(4, np.array([[0, 4]]))
    bpe = CodeBpe(4, np.array([[0, 1]]))
    with pytest.raises(SignalError, match="for 4 levels"):
        bpe.encode(np.array([4]))
    with pytest.raises(SignalError, match="expected 0 to 4"):
        bpe.decode([5])
