"""Replaying merges gives what encoding gives."""

from __future__ import annotations

import itertools

import pytest

from tokenry import Tokenizer, Vocabulary
from tokenry.learning import learn
from tokenry.text.merge_replay import replay_merges
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.longest_match import LongestSegmenter


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    return learn([prose_text[:50_000]], vocab_size=700)


def test_the_last_step_is_what_encoding_gives(tokenizer: Tokenizer) -> None:
    for word in (b" statement", b"lists", b"zqx", "東".encode(), b"a"):
        steps = replay_merges(tokenizer.segmenter, word)
        assert steps is not None
        assert [b"".join(step.pieces) for step in steps] == [word] * len(steps)
        ids = tokenizer.encode_pretokens([word]).ids.tolist()
        assert list(steps[-1].pieces) == [tokenizer.vocabulary.pieces[id_] for id_ in ids]
        assert [len(step.pieces) for step in steps] == list(
            range(len(word), len(steps[-1].pieces) - 1, -1)
        )


def test_every_step_joins_two_neighbours(tokenizer: Tokenizer) -> None:
    steps = replay_merges(tokenizer.segmenter, b" function")
    assert steps is not None
    assert steps[0].made is None
    for before, after in itertools.pairwise(steps):
        at = after.made
        assert at is not None
        assert before.pieces[at] + before.pieces[at + 1] == after.pieces[at]
        assert after.rank is not None


def test_what_does_not_merge_has_no_steps() -> None:
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(256)), b"words"])
    words = Tokenizer(
        vocabulary=vocabulary,
        segmenter=LongestSegmenter(vocabulary),
        pretokenizer=NativePretokenizer("gpt2"),
    )
    assert words.encode("words") == [256]
    assert replay_merges(words.segmenter, b"words") is None
