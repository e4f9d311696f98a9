"""Boundaries and ids under wrong characters."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_text import texts
from tokenry.errors import CorpusError
from tokenry.learning import Bpe
from tokenry.measuring.edits import edit_distance
from tokenry.measuring.robustness import garble, robustness
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def characters() -> Tokenizer:
    return Bpe(vocab_size=256).learn(["a"])


@given(texts(20), st.integers(0, 1000))
def test_places_follow_the_text(text: str, seed: int) -> None:
    garbled, places, errors = garble(text, 0.2, random.Random(seed))
    assert len(places) == len(text) + 1
    assert places[0] == 0
    assert places[-1] == len(garbled)
    assert places == sorted(places)
    assert errors <= len(text)
    assert garble(text, 0.0, random.Random(seed)) == (text, list(range(len(text) + 1)), 0)


def test_the_rate_is_that_of_errors(prose_text: str) -> None:
    text = prose_text[:50_000]
    _, _, errors = garble(text, 0.05, random.Random(0))
    assert 0.045 < errors / len(text) < 0.055


def test_single_characters_keep_nearly_all(characters: Tokenizer, prose_text: str) -> None:
    found = robustness(characters, [prose_text[:4_000]], rate=0.05)
    assert found.kept > 0.98
    assert 0.9 < found.edits_per_error < 1.5
    assert found.tokens == len(prose_text[:4_000].encode())


def test_larger_pieces_change_more(characters: Tokenizer, prose_text: str) -> None:
    words = Bpe(vocab_size=2_000).learn([prose_text])
    one, other = (robustness(t, [prose_text[:4_000]], rate=0.05) for t in (characters, words))
    assert one.errors == other.errors
    assert other.edits > 2 * one.edits
    assert other.f1 < one.f1
    again = robustness(words, [prose_text[:4_000]], rate=0.05)
    assert again == other
    worse = robustness(words, [prose_text[:4_000]], rate=0.2)
    assert worse.edits > other.edits


def test_a_boundary_is_counted_where_it_went() -> None:
    class Halves:
        """A token up to each space and one after it."""

        def encode_with_spans(self, text):
            at = len(text.partition(" ")[0].encode())
            return np.arange(2, dtype=np.uint32), np.array([[0, at], [at, len(text.encode())]])

    found = robustness(Halves(), ["abcdefgh ijklmnop"] * 50, rate=0.03)
    assert found.kept > 0.8
    assert found.edits == 0


def _plain_distance(one: list[int], other: list[int]) -> int:
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
        rows.append(row)
    return rows[-1][-1]


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_edit_distance(one: list[int], other: list[int]) -> None:
    assert edit_distance(one, np.array(other, dtype=np.int64)) == _plain_distance(one, other)


def test_nothing_to_measure(characters: Tokenizer) -> None:
    with pytest.raises(CorpusError, match="no text"):
        robustness(characters, [], rate=0.1)
    with pytest.raises(CorpusError, match="rate"):
        robustness(characters, ["abc"], rate=0.0)
