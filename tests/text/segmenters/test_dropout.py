"""BPE-dropout: no dropout is merging, all of it is symbols, and between them merges are missing."""

from __future__ import annotations

import random

import pytest

from fuzz_text import fuzz_bytes
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.dropout import segment_with_dropout
from tokenry.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def segmenter() -> BytePairSegmenter:
    rng = random.Random(5)
    pieces = [bytes([byte]) for byte in range(256)]
    for _ in range(120):
        pieces.append(rng.choice(pieces[97:]) + rng.choice(pieces[97:]))
    return BytePairSegmenter.from_ranks(Vocabulary(dict.fromkeys(pieces)), whole_pretokens=False)


def test_without_dropout_it_is_merging(segmenter: BytePairSegmenter, rng: random.Random) -> None:
    samples = [
        *fuzz_bytes(rng, 150),
        *("".join(rng.choices("abcxyz", k=30)).encode() for _ in "1234"),
    ]
    for data in samples:
        assert segment_with_dropout(segmenter, data, 0, rng) == segmenter.segment_with_sizes(data)


def test_all_dropout_leaves_symbols(segmenter: BytePairSegmenter, rng: random.Random) -> None:
    assert [id_ for id_, _ in segment_with_dropout(segmenter, b"abcabc", 1, rng)] == list(b"abcabc")


def test_dropout_is_a_share_of_merges(rng: random.Random) -> None:
    segmenter = BytePairSegmenter.from_ranks(
        Vocabulary([bytes([byte]) for byte in range(256)] + [b"ab"])
    )
    draws = [len(segment_with_dropout(segmenter, b"ab", 0.25, rng)) for _ in range(4000)]
    assert draws.count(2) / len(draws) == pytest.approx(0.25, abs=0.04)


def test_pieces_cover_the_text(segmenter: BytePairSegmenter, rng: random.Random) -> None:
    for data in fuzz_bytes(rng, 100):
        found = segment_with_dropout(segmenter, data, 0.5, rng)
        joined = b"".join(segmenter.vocabulary[id_] or b"" for id_, _ in found)
        assert joined == data
        assert sum(size for _, size in found) == len(data)
