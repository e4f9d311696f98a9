from __future__ import annotations

from collections import Counter

import numpy as np

from tokenry.learning.compounds.gap_features import DENSE, HASHED, Gaps, WordStatistics, gaps_of

COUNTS = Counter({"room": 9, "bath": 4, "bathroom": 2, "house": 7})


def gaps(*words: str) -> Gaps:
    return gaps_of(words, WordStatistics.of(COUNTS), 3)


def test_candidates_are_no_split_and_each_gap_with_enough_letters() -> None:
    found = gaps("bathroom", "house", "", "sixsix")
    assert found.word.tolist() == [0, 0, 0, 0, 1, 2, 3, 3]
    assert found.position.tolist() == [0, 3, 4, 5, 0, 0, 0, 3]
    assert found.starts.tolist() == [0, 4, 5, 6]
    assert found.dense.shape == (8, DENSE)
    assert 0 <= found.hashed.min() <= found.hashed.max() < HASHED


def test_features_are_those_of_the_characters_around_the_gap() -> None:
    one, other = gaps("bathroom"), gaps("xx", "goldbathroomlane")
    here = one.hashed[one.position == 4][0]
    there = other.hashed[other.position == 8][0]
    # "bath" and "room": all four n-grams to the left, to the right and across are the same.
    assert np.array_equal(here, there)
    elsewhere = other.hashed[other.position == 9][0]
    assert (here != elsewhere).all()


def test_characters_are_not_compared_beyond_the_word() -> None:
    alone = gaps("bathroom").hashed
    assert np.array_equal(alone, gaps("other", "bathroom", "words").hashed[-4 - 0 - 1 : -1])


def test_targets() -> None:
    found = gaps("bathroom", "house", "bathroomhouse")
    right = found.target([(4,), (), (4, 8)])
    chosen = [
        (word, position)
        for word, position, is_right in zip(
            found.word.tolist(), found.position.tolist(), right.tolist(), strict=True
        )
        if is_right
    ]
    assert chosen == [(0, 4), (1, 0), (2, 4), (2, 8)]


def test_counts_of_the_sides() -> None:
    statistics = WordStatistics.of(COUNTS)
    assert statistics.of_gap("bath", "room")[:2] == (4, 9)
    assert statistics.of_gap("baths", "room")[2] == 4  # without a linking letter
    assert statistics.of_gap("bath", "room")[4:] == (1, 1)  # "bathroom" begins and ends so
