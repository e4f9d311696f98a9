"""Byte models equal the enumeration of sequences of ids, to 1e-9, for both targets."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

import tokenry
from enumerated_texts import ALPHABET, EnumeratedTexts, byte_pairs, listed, unigram
from shares import draw, share
from tokenry.decoding.bytewise import Beam, ByteModel, Drawing
from tokenry.decoding.bytewise.byte_model import Target
from tokenry.decoding.bytewise.covers import Walk
from tokenry.decoding.bytewise.lanes import ByteReading, opened_after
from tokenry.decoding.canonical.followers import AllIds
from tokenry.models import Enumerable
from tokenry.tokenizer import Tokenizer

AHEAD = 3  # bytes behind a text that its sequences are listed with
LONGEST = 3


def model_of(tokenizer: Tokenizer, order: int = 1) -> Enumerable:
    return Enumerable.drawn(len(tokenizer.vocabulary) + 2, order=order, spread=1.5, seed=3)


@cache
def pair(splitter: str) -> tuple[Enumerable, Tokenizer]:
    tokenizer = byte_pairs(splitter)
    return model_of(tokenizer), tokenizer


def texts(purpose: str, alphabet: Sequence[bytes], count: int = 60) -> list[bytes]:
    every = [
        b"".join(each)
        for size in range(LONGEST + 1)
        for each in itertools.product(alphabet, repeat=size)
    ]
    return draw(purpose).sample(every, min(share(count), len(every)))


def check(
    found: ByteModel, oracle: EnumeratedTexts, purpose: str, alphabet: Sequence[bytes] = ALPHABET
) -> None:
    for text in texts(purpose, alphabet):
        if not oracle.mass(text):
            continue
        logprobs = found.next_byte_logprobs(text)
        np.testing.assert_allclose(np.exp(logprobs), oracle.next_bytes(text), atol=1e-9)
        assert abs(np.exp(logprobs).sum() - 1) < 1e-12
        assert abs(np.exp(found.logprob(text)) - oracle.mass(text)) < 1e-9
        assert abs(np.exp(found.logprob(text, end=True)) - oracle.whole(text)) < 1e-9


@pytest.mark.parametrize("splitter", ["whole", "gpt2", "cl100k", "o200k"])
def test_canonical_is_the_enumeration(splitter: str) -> None:
    model, tokenizer = pair(splitter)
    sequences = listed(tokenizer, LONGEST + AHEAD)
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    check(found, EnumeratedTexts(model, tokenizer, sequences), splitter)


@pytest.mark.parametrize("splitter", ["whole", "gpt2"])
def test_all_is_the_enumeration(splitter: str) -> None:
    model, tokenizer = pair(splitter)
    found = ByteModel(model, tokenizer, target="all", begin=[model.begin], ends=[model.end])
    check(found, EnumeratedTexts(model, tokenizer), splitter)


HALVES = (b"a", b" ", b"\xc3", b"\xa9", b"\x97")
HALF_MERGES = ((b"\xc3", b"\xa9"), (b" ", b"\xc3"), (b"a", b"a"), (b"\xa9", b"a"))


@pytest.mark.parametrize("splitter", ["whole", "gpt2", "o200k"])
def test_half_characters(splitter: str) -> None:
    """Texts of bytes that are no UTF-8 too; \\xc3\\xa9 is a letter, \\xc3\\x97 is none."""
    tokenizer = byte_pairs(splitter, HALF_MERGES, HALVES)
    model = model_of(tokenizer)
    sequences = listed(tokenizer, LONGEST + AHEAD, HALVES)
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    check(found, EnumeratedTexts(model, tokenizer, sequences), splitter, HALVES)


@pytest.mark.parametrize("splitter", ["o200k+r2l2", "gpt2+single", "digits"])
def test_digit_groups(splitter: str) -> None:
    alphabet, merges = (b"1", b"2", b" ", b"a"), ((b"1", b"2"), (b"12", b"1"), (b" ", b"1"))
    tokenizer = byte_pairs(splitter, merges, alphabet)
    model = model_of(tokenizer)
    sequences = listed(tokenizer, LONGEST + AHEAD + 1, alphabet)
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    check(found, EnumeratedTexts(model, tokenizer, sequences), splitter, alphabet)


def test_whole_pretokens() -> None:
    """A pretoken that is a piece is that piece, though merging makes others of its bytes."""
    alphabet = (b"a", b"b", b" ")
    merges = ((b"a", b"b"), (b"b", b"a"), (b"ab", b"a"), (b"b", b"ab"))
    tokenizer = byte_pairs("gpt2", merges, alphabet, whole_pretokens=True)
    model = model_of(tokenizer)
    sequences = listed(tokenizer, LONGEST + AHEAD + 1, alphabet)
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    check(found, EnumeratedTexts(model, tokenizer, sequences), "whole pretokens", alphabet)


PATHS = {
    b"a": -1.013, b"b": -1.217, b" ": -1.129, b"ab": -1.951, b"ba": -2.337, b" a": -1.871,
    b"bab": -2.943, b"aa": -2.251,
}  # fmt: skip


@pytest.mark.parametrize("splitter", ["whole", "metaspace"])
@pytest.mark.parametrize("target", ["canonical", "all"])
def test_unigram(splitter: str, target: Target) -> None:
    tokenizer, alphabet = unigram(PATHS, splitter), (b"a", b"b", b" ")
    model = model_of(tokenizer)
    sequences = listed(tokenizer, LONGEST + AHEAD, alphabet) if target == "canonical" else None
    silent = frozenset({len(PATHS)})
    oracle = EnumeratedTexts(model, tokenizer, sequences, silent)
    found = ByteModel(model, tokenizer, target=target, begin=[model.begin], ends=[model.end])
    check(found, oracle, f"unigram {splitter}", alphabet)


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
@pytest.mark.parametrize("target", ["canonical", "all"])
def test_sentencepiece(kind: str, target: Target) -> None:
    """Models of sentencepiece, which put a space before every text."""
    tokenizer, alphabet = tokenry.load(trained(kind)), (b"a", b"b", b" ", b"s")
    model = model_of(tokenizer)
    sequences = listed(tokenizer, LONGEST + AHEAD + 1, alphabet) if target == "canonical" else None
    silent = frozenset(tokenizer.vocabulary.roles)
    oracle = EnumeratedTexts(model, tokenizer, sequences, silent)
    found = ByteModel(model, tokenizer, target=target, begin=[model.begin], ends=[model.end])
    assert found.spelling.prefix == b" "
    check(found, oracle, f"sentencepiece {kind}", alphabet)


@cache
def trained(kind: str) -> bytes:
    sentencepiece = pytest.importorskip("sentencepiece")
    source = random.Random(5)
    words = ["".join(source.choices("abs", k=source.randint(1, 5))) for _ in range(40)]
    lines = [" ".join(source.choices(words, k=6)) for _ in range(200)]
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=written, model_type=kind, vocab_size=16,
        max_sentencepiece_length=3, hard_vocab_limit=False, normalization_rule_name="identity",
        remove_extra_whitespaces=False, minloglevel=5, num_threads=1,
    )  # fmt: skip
    return written.getvalue()


def test_a_beam_is_a_lower_bound_and_becomes_exact() -> None:
    model, tokenizer = pair("gpt2")
    ends = {"begin": [model.begin], "ends": [model.end]}
    exact = ByteModel(model, tokenizer, target="all", **ends)
    text = b"ab  ab's 11"
    masses, dropped = [], []
    for width in (1, 2, 8, 64, 10_000):
        following = AllIds(exact.spelling)
        reading = ByteReading(exact.model, Walk(exact.spelling, following), Beam(width))
        lanes = opened_after(reading, [([], None)])
        for byte in text:
            lanes = lanes.advance([bytes([byte])])
        masses.append(float(lanes.log_masses()[0]))
        dropped.append(float(lanes.dropped()[0]))
        assert lanes.covers()[0] <= width
    whole = exact.logprob(text)
    assert all(mass < whole + 1e-9 for mass in masses)
    assert masses[0] < masses[-2] < masses[-1]
    assert abs(masses[-1] - whole) < 1e-9
    assert dropped[0] > 0 == dropped[-1]


def test_texts_are_gone_on_with_from_what_is_kept() -> None:
    """Answers do not depend on what was asked before, nor on the company of others."""
    model, tokenizer = pair("gpt2")
    ends = {"begin": [model.begin], "ends": [model.end]}
    kept = ByteModel(model, tokenizer, **ends)
    every = [b"", b"a", b"ab", b"ab ", b"ab  ", b"ab  a", b"ab", b" ab's 11\n\na", b"'"]
    batch = ByteModel(model, tokenizer, **ends).next_byte_logprobs_batch(every)
    for text, row in zip(every, batch, strict=True):
        fresh = ByteModel(model, tokenizer, **ends).next_byte_logprobs(text)
        np.testing.assert_allclose(kept.next_byte_logprobs(text), fresh, atol=1e-9)
        np.testing.assert_allclose(row, fresh, atol=1e-9)


def test_drawn_texts_follow_the_probabilities() -> None:
    model, tokenizer = pair("gpt2")
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    count = share(2000)
    drawn = [found.sample(b"a", max_bytes=1, seed=seed) for seed in range(count)]
    expected = np.exp(found.next_byte_logprobs(b"a"))
    for byte in (b"a", b"b", b" ", b"'", b""):
        wanted = expected[byte[0] if byte else 256]
        error = 4 * np.sqrt(wanted * (1 - wanted) / count)
        assert abs(drawn.count(byte) / count - wanted) < error + 1e-3
    assert found.sample(b"ab", seed=1) == found.sample(b"ab", seed=1)
    likeliest = found.sample(b"ab", max_bytes=1, drawing=Drawing(temperature=0))
    assert likeliest == bytes([int(found.next_byte_logprobs(b"ab")[:256].argmax())])


def test_a_long_text_is_scored_in_parts() -> None:
    """The product of its conditional probabilities is its probability."""
    model, tokenizer = pair("gpt2")
    found = ByteModel(model, tokenizer, begin=[model.begin], ends=[model.end])
    text = b"ab ba's  11\n" * 12
    total, lanes = 0.0, found.lanes([b""])
    for byte in text:
        total += float(lanes.logprobs()[0, byte])
        lanes = lanes.advance([bytes([byte])])
    assert abs(total - found.logprob(text)) < 1e-9
    ended = total + float(lanes.logprobs()[0, 256])
    assert abs(ended - found.logprob(text, end=True)) < 1e-9
