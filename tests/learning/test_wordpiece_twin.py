"""The native WordPiece learner makes the pieces of its readable twin, one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenry import _native
from tokenry.learning.bpe_twin import count_words
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.session import Session
from tokenry.learning.wordpiece import SCORES, WordPiece
from tokenry.learning.wordpiece_twin import Piece, learn_words

WORDS = st.dictionaries(
    st.one_of(
        st.lists(st.sampled_from(b"ab"), min_size=1, max_size=30).map(bytes),
        st.lists(st.sampled_from(b"abcd "), min_size=1, max_size=9).map(bytes),
        st.binary(min_size=1, max_size=5),
    ),
    st.integers(1, 6),
    max_size=25,
)


def native(words: dict[bytes, int], learner: WordPiece) -> list[Piece]:
    counter = _native.WordCounter()
    for word, count in words.items():
        counter.add_word(word, count)
    learnt = learner.fit_words(Session.of(()), counter)
    return list(zip(learnt.continues, learnt.pieces, strict=True))


@pytest.mark.parametrize("score", SCORES)
@settings(max_examples=60, deadline=None)
@given(
    words=WORDS,
    size=st.sampled_from([515, 530, 600]),
    min_frequency=st.integers(0, 4),
    longest=st.sampled_from([1, 3, 64]),
)
def test_random_words(
    score: str, words: dict[bytes, int], size: int, min_frequency: int, longest: int
) -> None:
    learner = WordPiece(
        vocab_size=size, score=score, min_frequency=min_frequency, max_piece_length=longest
    )
    expected = learn_words(words, score, size, min_frequency, longest)
    assert native(words, learner) == expected


@pytest.mark.parametrize("score", SCORES)
def test_real_text(score: str, prose_text: str) -> None:
    words = dict(count_words([prose_text[:9000].encode()], pretokenizer_named("o200k")))
    words[b"long" * 150] = 3
    learner = WordPiece(vocab_size=640, score=score)
    assert native(words, learner) == learn_words(words, score, 640, 2, 64)
