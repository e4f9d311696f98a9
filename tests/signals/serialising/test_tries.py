"""A trie allows what some valid sequence goes on with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import SignalError
from tokenry.signals.serialising.tries import CodeTrie

ROWS = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=20)


@given(ROWS, st.lists(st.integers(-1, 5), max_size=4))
def test_is_what_a_search_over_all_gives(rows: list[tuple[int, ...]], prefix: list[int]) -> None:
    trie = CodeTrie.of(rows)
    size = len(prefix)
    expected = {row[size] for row in rows if size < 3 and list(row[:size]) == prefix}
    assert set(trie.allowed(prefix).tolist()) == expected
    assert set(np.flatnonzero(trie.mask(prefix, 4)).tolist()) == expected
    assert (tuple(prefix) in trie) == (tuple(prefix) in rows)
    assert len(trie) == len(set(rows))


@given(ROWS, st.lists(st.integers(-1, 5), max_size=5))
def test_the_nearest_is_valid_and_shares_the_longest_beginning(
    rows: list[tuple[int, ...]], ids: list[int]
) -> None:
    found = tuple(CodeTrie.of(rows).nearest(ids).tolist())

    def shared(row: tuple[int, ...]) -> int:
        pairs = enumerate(zip(row, ids, strict=False))
        return next((at for at, (a, b) in pairs if a != b), min(len(row), len(ids)))

    assert found in rows
    assert shared(found) == max(map(shared, rows))


def test_sequences_of_several_lengths() -> None:
    for rows in ([(0, 1), (0,)], []):
        with pytest.raises(SignalError, match="of one length"):
            CodeTrie.of(rows)
