"""The native sums over words are those of the readable twin, and so is what is learnt from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenry import _native
from tokenry.learning import Unigram, unigram_em
from tokenry.learning.bpe_twin import count_words
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.unigram_twin import ReadableUnigramWords
from tokenry.vocabulary import pack, unpack

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
TEXT = st.text(st.sampled_from("aab bcé中丁\U0001f600"), min_size=1, max_size=24)
WORDS = st.dictionaries(
    st.one_of(TEXT.map(str.encode), st.binary(min_size=1, max_size=8)),
    st.integers(1, 9),
    max_size=9,
)
Both = tuple[_native.UnigramWords, ReadableUnigramWords]


def both(words: dict[bytes, int], threads: int = 1) -> Both:
    counter = _native.WordCounter()
    for word, count in words.items():
        counter.add_word(word, count)
    return _native.UnigramWords(counter, threads), ReadableUnigramWords(words)


def given_pieces(pair: Both, pieces: list[bytes]) -> int:
    run, offsets = pack([bytes([byte]) for byte in range(256)] + pieces)
    for each in pair:
        each.set_pieces(run, offsets)
    return 256 + len(pieces)


def seeded(words: dict[bytes, int], longest: int = 6) -> tuple[Both, int]:
    pair = both(words)
    found = pair[1].seeds(*pack([]), longest, 10_000)
    characters = unpack(*pair[1].characters()[:2])
    singles = [each for each in characters if len(each) > 1][::2]
    return pair, given_pieces(pair, singles + unpack(*found[:2]))


def equal_packed(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert one[0] == other[0]
    np.testing.assert_array_equal(one[1], other[1])
    np.testing.assert_array_equal(one[2], other[2])


@settings(max_examples=150, deadline=None)
@given(words=WORDS, longest=st.integers(1, 9), most=st.sampled_from([3, 10_000]))
def test_characters_and_seeds(words: dict[bytes, int], longest: int, most: int) -> None:
    native, twin = both(words)
    equal_packed(native.characters(), twin.characters())
    left_out = pack(["中".encode(), "é".encode()])
    equal_packed(native.seeds(*left_out, longest, most), twin.seeds(*left_out, longest, most))


@settings(max_examples=100, deadline=None)
@given(words=WORDS, seed=st.integers(0, 99))
def test_expectation_search_and_loss(words: dict[bytes, int], seed: int) -> None:
    (native, twin), size = seeded(words)
    scores = -np.random.default_rng(seed).uniform(1, 12, size)
    expected, likelihood = twin.expect(scores)
    found, total = native.expect(scores)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
    assert total == pytest.approx(likelihood, rel=1e-9)
    counts = twin.best(scores)
    np.testing.assert_array_equal(native.best(scores), counts)
    weights = counts.astype(np.float64)
    np.testing.assert_allclose(
        native.losses(scores, weights), twin.losses(scores, weights), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize(
    "word", [b"ab" * 400, b"\xff" * 300, "中a".encode() * 200, b"abcdefgh" * 300 + b"\xff" * 9]
)
def test_products_of_long_words_do_not_vanish(word: bytes) -> None:
    (native, twin), size = seeded({word: 3, b"ab": 2})
    scores = -np.linspace(1, 20, size)
    expected, likelihood = twin.expect(scores)
    found, total = native.expect(scores)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
    assert total == pytest.approx(likelihood, rel=1e-9)


def test_products_of_an_unlikely_word_do_not_vanish() -> None:
    pair = both({b"abcde" * 10: 1})
    size = given_pieces(pair, [b"abc", b"cde"])
    scores = np.full(size, -200.0)  # e^-200 for a piece: products vanish after four
    for one, other in zip(pair[0].expect(scores), pair[1].expect(scores), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def fitted(learner: Unigram, words: unigram_em.LatticeSums) -> unigram_em.UnigramModel:
    training = learner.training(words)
    for _ in training.steps():
        pass
    return training.model


@pytest.mark.parametrize("size", [300, 500, 900])
def test_what_is_learnt(prose_text: str, size: int) -> None:
    text = prose_text[:12_000] + "ÄÖÜ äöü 中文 中文字"
    words = dict(count_words([text.encode()], pretokenizer_named("o200k")))
    learner = Unigram(vocab_size=size, seed_size=3000, max_piece_length=8)
    native, twin = both(words, threads=3)
    ours, theirs = fitted(learner, native), fitted(learner, twin)
    assert ours.pieces.run == theirs.pieces.run
    np.testing.assert_array_equal(ours.pieces.offsets, theirs.pieces.offsets)
    np.testing.assert_allclose(ours.scores, theirs.scores, rtol=1e-6)


def test_likelihood_never_falls_between_prunings(prose_text: str) -> None:
    # True of plain EM; with the prior of `log_probabilities` it need not hold.
    native, _ = both(dict(count_words([prose_text[:20_000].encode()], pretokenizer_named("gpt2"))))
    model = unigram_em.start(native, 1.0, 8, 2000)
    before = -np.inf
    for _ in range(5):
        counts, likelihood = native.expect(model.scores)
        assert likelihood > before
        before = likelihood
        with np.errstate(divide="ignore"):
            model.scores = np.maximum(np.log(counts / counts.sum()), -700)


@given(st.floats(1e-3, 1e9))
def test_digamma(x: float) -> None:
    from scipy.special import digamma

    found = unigram_em.digamma(np.array([x]))[0]
    assert found == pytest.approx(float(digamma(x)), rel=1e-9, abs=1e-9)
