"""Longest match against brute force, the readable twin and its own file."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.longest_match import LongestSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary, pack

BYTES = [bytes([byte]) for byte in range(256)]


def make_pieces(rng: random.Random) -> list[bytes]:
    cut: list[bytes] = []
    for text in fuzz_strings(rng, 300):
        data = text.encode()
        at = rng.randint(0, len(data))
        cut.append(data[at : at + rng.randint(2, 9)])
    return [b"<s>", *BYTES, *dict.fromkeys(piece for piece in cut if len(piece) > 1)]


@pytest.fixture
def tokenizer(rng: random.Random) -> Tokenizer:
    vocabulary = Vocabulary(make_pieces(rng), {0: "special"})
    return Tokenizer(
        vocabulary=vocabulary,
        segmenter=LongestSegmenter(vocabulary),
        pretokenizer=NativePretokenizer("whole"),
    )


def brute_force(pieces: list[bytes], text: bytes) -> list[int]:
    ids = []
    while text:
        fitting = [(len(piece), -id_) for id_, piece in enumerate(pieces) if text.startswith(piece)]
        size, id_ = max(fitting)
        ids.append(-id_)
        text = text[size:]
    return ids


def test_ids_are_those_of_brute_force(tokenizer: Tokenizer, rng: random.Random) -> None:
    pieces = [piece or b"" for piece in tokenizer.vocabulary.matchable()]
    pieces[0] = b"never in this text"
    for text in fuzz_bytes(rng, 150):
        expected = brute_force(pieces, text)
        assert tokenizer.encode(text) == expected
        assert tokenizer.encode_by_hand(text) == expected


def test_twin_round_trip_and_spans(tokenizer: Tokenizer, rng: random.Random) -> None:
    assert tokenizer.lossless
    for text in fuzz_bytes(rng, 1500, longest=30):
        ids, spans = tokenizer.encode_with_spans(text)
        assert ids.tolist() == tokenizer.encode(text) == tokenizer.encode_by_hand(text)
        assert tokenizer.decode_bytes(ids) == text
        cut = [text[begin:end] for begin, end in spans]
        assert cut == [tokenizer.vocabulary[id_] for id_ in ids.tolist()]


def test_two_letters(rng: random.Random) -> None:
    words = {bytes(rng.choices(b"ab", k=rng.randint(2, 7))) for _ in range(60)}
    segmenter = LongestSegmenter(Vocabulary([*BYTES, *sorted(words)]))
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for _ in range(2000):
        text = bytes(rng.choices(b"ab", k=rng.randint(1, 60)))
        assert engine.encode(text).tolist() == segmenter.segment(text)


def test_of_equal_pieces_the_first_counts() -> None:
    segmenter = LongestSegmenter(Vocabulary([*BYTES, b"ab", b"ab"]))
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    assert segmenter.segment(b"abab") == engine.encode(b"abab").tolist() == [256, 256]


def test_a_byte_without_a_piece() -> None:
    with pytest.raises(VocabularyError, match=r"byte 255 has no piece \(1 bytes"):
        LongestSegmenter(Vocabulary(BYTES[:-1]))
    with pytest.raises(VocabularyError, match="byte 0 has no piece"):
        LongestSegmenter(Vocabulary(BYTES, {0: "special"}))
    pieces, offsets = pack(BYTES[1:])
    with pytest.raises(VocabularyError, match="byte 0 has no piece"):
        _native.LongestSegmenter(pieces=pieces, offsets=offsets)


def test_one_pretoken_of_megabytes(tokenizer: Tokenizer, rng: random.Random) -> None:
    part = b"".join(fuzz_bytes(rng, 300))
    text = part * (4_000_000 // len(part))
    ids = tokenizer.encode_to_numpy(text)
    assert tokenizer.decode_bytes(ids) == text
    batch = tokenizer.encode_batch([text, part])
    assert np.array_equal(batch[0], ids)
    assert batch[1].tolist() == tokenizer.encode_by_hand(part)


def test_saved_and_loaded(tokenizer: Tokenizer, tmp_path: Path, rng: random.Random) -> None:
    report = tokenizer.save(tmp_path)
    assert report.exact
    again = tokenry.load(tmp_path)
    assert again.fingerprint() == tokenizer.fingerprint()
    for text in fuzz_bytes(rng, 50):
        assert again.encode(text) == tokenizer.encode(text)
