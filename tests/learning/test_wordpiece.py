"""The WordPiece learner: lossless, independent of threads, clear about what cannot be met."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from fuzz_text import texts
from tokenry.errors import CorpusError, LearnError, VocabularyError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.learning.wordpiece import SCORES, WordPiece
from tokenry.text.segmenters.continuation import ContinuationSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    return learn(
        [prose_text[:200_000]],
        kind="wordpiece",
        vocab_size=1000,
        special_tokens=("<|endoftext|>",),
    )


def test_sizes_and_specials(tokenizer: Tokenizer) -> None:
    assert tokenizer.lossless
    assert len(tokenizer.vocabulary) == 1000
    assert tokenizer.encode_single_token("<|endoftext|>") == 0
    assert 0 not in tokenizer.encode("a<|endoftext|>")
    assert tokenizer.encode("a<|endoftext|>", allowed_special="all")[-1] == 0


@given(text=texts())
def test_round_trip_spans_and_twin(tokenizer: Tokenizer, text: str) -> None:
    ids, spans = tokenizer.encode_with_spans(text)
    data = text.encode()
    assert tokenizer.decode_bytes(ids.tolist()) == data
    assert b"".join(data[a:b] for a, b in spans.tolist()) == data
    assert tokenizer.encode_by_hand(text) == tokenizer.encode(text) == ids.tolist()


@given(data=st.binary(max_size=200))
def test_round_trip_of_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_starts_and_continuations_differ(tokenizer: Tokenizer) -> None:
    segmenter = tokenizer.segmenter
    assert isinstance(segmenter, ContinuationSegmenter)
    first, second = tokenizer.encode_pretokens([b"aa"])[0].tolist()
    assert tokenizer.vocabulary[first] == tokenizer.vocabulary[second] == b"a"
    assert not segmenter.continues[first]
    assert segmenter.continues[second]


def test_the_saved_tokenizer_is_the_same(tokenizer: Tokenizer, tmp_path: Path) -> None:
    report = tokenizer.save(tmp_path)
    assert tokenry.load(tmp_path).fingerprint() == tokenizer.fingerprint()
    assert report.format == "tokenry"
    assert "there can be no tokenizer.json" in report.reasons[0]


@pytest.mark.parametrize("score", SCORES)
def test_the_result_does_not_depend_on_threads_or_order(
    score: str, prose_text: str, code_text: str
) -> None:
    documents = [prose_text[:200_000], code_text[:200_000]]
    one = learn(documents, kind="wordpiece", vocab_size=1500, score=score, threads=1)
    again = learn(documents[::-1], kind="wordpiece", vocab_size=1500, score=score, threads=3)
    assert len(one.vocabulary) == 1500
    assert list(one.vocabulary.pieces) == list(again.vocabulary.pieces)


def test_a_pretoken_of_a_million_letters() -> None:
    letters = np.random.default_rng(0).choice(list("abcdefgh"), 1_000_000).tobytes()
    text = letters.decode("utf-32-le")
    tokenizer = learn([text], kind="wordpiece", vocab_size=800)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.vocabulary) == 800


@pytest.mark.parametrize("corpus", [["a"], ["aaaa"], [b"\xff\xfe\x00\x80"], ["x y\n" * 10]])
def test_little_data(corpus: list[str | bytes]) -> None:
    with pytest.warns(SmallerVocabularyWarning, match="32000"):
        tokenizer = learn(corpus, kind="wordpiece")
    assert 512 <= len(tokenizer.vocabulary) < 520
    data = corpus[0].encode() if isinstance(corpus[0], str) else corpus[0]
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_an_empty_corpus() -> None:
    with pytest.raises(CorpusError, match="empty"):
        learn([""], kind="wordpiece")


@pytest.mark.parametrize(
    "options",
    [
        {"vocab_size": 512, "special_tokens": ("<a>",)},
        {"score": "luck"},
        {"max_piece_length": 0},
        {"min_frequency": -1},
        {"special_tokens": ("",)},
    ],
)
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(LearnError):
        learn(["abc"], kind="wordpiece", **options)


def test_the_longest_piece(prose_text: str) -> None:
    pieces = WordPiece(vocab_size=1200, max_piece_length=4).learn([prose_text]).vocabulary.pieces
    assert max(len(piece or b"") for piece in pieces) == 4


def test_a_segmenter_needs_all_bytes_of_both_kinds() -> None:
    vocabulary = Vocabulary([bytes([byte]) for byte in range(256)])
    with pytest.raises(VocabularyError, match="byte 0 has no piece that continues"):
        ContinuationSegmenter(vocabulary, np.zeros(256, dtype=np.bool_))
    with pytest.raises(VocabularyError, match="3 marks"):
        ContinuationSegmenter(vocabulary, np.zeros(3, dtype=np.bool_))
