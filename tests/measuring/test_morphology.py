"""Boundaries against gold: alignment by brute force, scores by hand."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import CorpusError
from tokenry.measuring.gold_morphs import GoldWord
from tokenry.measuring.morphology import (
    WIDEST,
    Aligned,
    align,
    align_all,
    boundary_scores,
    lexicon_shares,
    token_boundaries,
)


class Cutting:
    """A tokenizer that cuts each word where a table says, in bytes."""

    def __init__(self, table: dict[str, tuple[int, ...]]) -> None:
        self.table = table

    def encode_with_spans(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        word = text.lstrip()
        lead = len(text) - len(word)
        ends = [lead + cut for cut in self.table.get(word, ())] + [lead + len(word.encode())]
        spans = np.array(list(zip([0, *ends], ends, strict=False)), dtype=np.int64)
        return np.zeros(len(spans), dtype=np.uint32), spans

    def fingerprint(self) -> str:
        return "cutting"


@cache
def distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    return min(
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    )


@given(
    st.text("abc", min_size=1, max_size=7),
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_alignment_against_all_cuts(word: str, morphs: list[str]) -> None:
    aligned = align(GoldWord(word, tuple(morphs)))
    whole = distance("".join(morphs), word)
    expected = []
    for at in range(1, len(morphs)):
        left, right = "".join(morphs[:at]), "".join(morphs[at:])
        expected.append(
            {
                cut
                for cut in range(len(word) + 1)
                if distance(left, word[:cut]) + distance(right, word[cut:]) == whole
            }
        )
    if aligned is not None:
        assert [set(each) for each in aligned.boundaries] == expected
        return
    assert (
        2 * whole > len(word)
        or any(len(each) > WIDEST or each & {0, len(word)} for each in expected)
        or len({min(each) for each in expected}) < len(expected)
    )


def test_offsets_are_bytes() -> None:
    aligned = align(GoldWord("şişeler", ("şişe", "ler")))
    assert aligned is not None
    assert aligned.boundaries == (frozenset({6}),)


def test_what_cannot_be_aligned_is_counted() -> None:
    gold = [
        GoldWord("went", ("go", "ed")),
        GoldWord("evim", ("evim",), partial=True),
        GoldWord("evler", ("ev", "ler")),
        GoldWord("evler", ("ev", "ler")),
        GoldWord("ev", ("ev",)),
    ]
    aligned = align_all(gold)
    assert [word.word for word in aligned.words] == ["evler", "ev"]
    assert aligned.dropped == 2


def test_scores_by_hand() -> None:
    gold = align_all(
        [
            GoldWord("walking", ("walk", "ing")),
            GoldWord("unkindly", ("un", "kind", "ly")),
            GoldWord("dog", ("dog",)),
            GoldWord("nominated", ("nominate", "ed")),
        ]
    )
    scores = boundary_scores(
        Cutting({"walking": (4,), "unkindly": (2, 4), "dog": (1,), "nominated": (7, 8)}), gold
    )
    assert (scores.gold, scores.found, scores.correct, scores.tokens) == (4, 6, 3, 10)
    assert scores.precision.value == 3 / 6
    assert scores.recall.value == 3 / 4
    assert scores.f1.value == pytest.approx(0.6)
    assert (scores.perfect, scores.ambiguous, scores.words, scores.dropped) == (1, 1, 4, 0)
    assert (scores.morphscore, scores.morphscore_words) == (1.0, 2)
    interval = scores.f1.interval
    assert interval is not None
    assert interval.low <= 0.6 <= interval.high
    assert scores.to_json()["f1"]["value"] == scores.f1.value  # type: ignore[index]


def test_what_a_partial_word_says_nothing_about_is_not_judged() -> None:
    gold = align_all([GoldWord("kitaplarda", ("kitap", "larda"), partial=True)])
    scores = boundary_scores(Cutting({"kitaplarda": (2, 5, 8)}), gold)
    assert (scores.gold, scores.found, scores.correct) == (1, 2, 1)


def test_nothing_to_judge() -> None:
    with pytest.raises(CorpusError, match="none of 3"):
        boundary_scores(Cutting({}), Aligned((), 3))
    scores = boundary_scores(Cutting({}), align_all([GoldWord("ab", ("a", "b"))]))
    assert (scores.precision.value, scores.recall.value, scores.f1.value) == (0.0, 0.0, 0.0)
    assert scores.morphscore_words == 0


def test_the_space_before_a_word_is_no_boundary() -> None:
    class Apart(Cutting):
        def encode_with_spans(self, text: str) -> tuple[np.ndarray, np.ndarray]:
            spans = np.array([[0, 1], [1, 3], [3, 3], [3, 5]])
            return np.zeros(4, dtype=np.uint32), spans

    assert token_boundaries(Apart({}), "abcd") == ({2}, 2)


def test_shares_of_a_lexicon() -> None:
    class Plain(Cutting):
        def encode_with_spans(self, text: str) -> tuple[np.ndarray, np.ndarray]:
            edges = [0, 3, 6, 8, 9, 12, 14]  # " ev", "ler", "de", "!", " Ev", "xy"
            return np.zeros(6, dtype=np.uint32), np.array(list(itertools.pairwise(edges)))

    shares = lexicon_shares(
        Plain({}), [" evlerde! Evxy"], words={"ev", "evler"}, morphemes={"ev", "ler", "de"}
    )
    assert (shares.types, shares.tokens, shares.letters) == (4, 5, 0)
    assert (shares.words_by_type, shares.words_by_token) == (1 / 4, 2 / 5)
    assert (shares.pure_by_type, shares.pure_by_token) == (3 / 4, 4 / 5)
    assert shares.to_json()["tokens"] == 5
