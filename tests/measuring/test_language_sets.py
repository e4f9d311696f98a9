"""Fairness in the set and out of it."""

from __future__ import annotations

import pytest

from tokenry.errors import CorpusError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.measuring.fairness import gini
from tokenry.measuring.language_sets import fairness_by_set

LINES = {"a": ["xx", "xxx"], "b": ["x" * 9, "y"], "c": ["", "xy"], "d": ["x", "yyyyyy"]}


def test_sets_are_counted_apart() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn(["q"], vocab_size=300)  # a token a byte
    found = fairness_by_set(tokenizer, LINES, {"a", "b"}, "a")
    assert found.in_set is not None
    assert found.out_of_set is not None
    assert (found.in_set.tokens, found.out_of_set.tokens, found.all.tokens) == (15, 9, 24)
    assert found.in_set.gini == gini([5, 10])
    assert found.all.gini == gini([5, 10, 2, 7])
    assert (found.in_set.worst, found.in_set.worst_premium) == ("b", 2.0)
    assert found.out_of_set.mean_premium == 0.9
    assert found.to_json()["in_set"] == found.in_set.to_json()
    assert fairness_by_set(tokenizer, LINES, set(LINES), "a").out_of_set is None


def test_lines_that_do_not_match_are_refused() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn(["q"], vocab_size=300)
    with pytest.raises(CorpusError, match="one line for each line"):
        fairness_by_set(tokenizer, {**LINES, "d": ["x"]}, {"a"}, "a")
