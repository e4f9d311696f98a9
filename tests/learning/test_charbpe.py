"""BPE of small pieces: the limit is of characters, and boundaries stay under noise."""

from __future__ import annotations

import pytest

from tokenry.errors import LearnError
from tokenry.learning import Bpe
from tokenry.learning.charbpe import CharBpe
from tokenry.measuring.robustness import robustness

RUSSIAN = "".join(
    map(chr, (1101, 1090, 1086, 32, 1090, 1077, 1082, 1089, 1090, 1086, 1084, 46, 32))
)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_piece_is_longer(most: int, prose_text: str) -> None:
    learner = CharBpe(vocab_size=700, max_characters=most)
    corpus = [prose_text[:60_000], RUSSIAN * 50]
    if most == 1:
        with pytest.warns(UserWarning, match="the vocabulary has"):
            tokenizer = learner.learn(corpus)
    else:
        tokenizer = learner.learn(corpus)
    for piece in tokenizer.vocabulary.pieces[256:]:
        assert piece is not None
        assert learner.allows(piece)
        if len(piece) > 3:
            assert len(piece.decode()) <= most
    wide = [
        piece for piece in tokenizer.vocabulary.pieces[256:] if piece and piece[0] in (0xD0, 0xD1)
    ]
    assert max(map(len, wide)) == 2 * most


def test_halves_of_characters_are_not_joined_to_others() -> None:
    learner = CharBpe()
    for piece in (b"a\xd1", b"\x8d\xd1", b"\xd1\x8d\xd1", b"\x80" * 4):
        assert not learner.allows(piece)
    for piece in (b"\xe4\xb8", b"\xb8\xad", b"\xf0\x9f\x98"):
        assert learner.allows(piece)


def test_fewer_tokens_change_for_each_wrong_character(prose_text: str) -> None:
    corpus, held = [prose_text[:200_000]], [prose_text[200_000:220_000]]
    small = robustness(CharBpe(vocab_size=1_000).learn(corpus), held, rate=0.05)
    large = robustness(Bpe(vocab_size=1_000).learn(corpus), held, rate=0.05)
    assert small.edits < large.edits
    assert small.errors == large.errors


def test_a_limit_that_makes_no_sense() -> None:
    with pytest.raises(LearnError, match="max_characters 0"):
        CharBpe(max_characters=0)
