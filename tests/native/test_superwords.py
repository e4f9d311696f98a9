"""Merges that go over the boundaries of words, done in two steps, are merges done in one."""

import random

import numpy as np
import pytest

from fuzz_text import fuzz_strings
from shares import draw, share
from tokenry import _native
from tokenry.learning import SuperBpe
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def learnt(prose_text: str) -> Tokenizer:
    return SuperBpe(vocab_size=1200, inherited=0.6).learn([prose_text])


def _engines(
    segmenter: BytePairSegmenter, splitter: str, order: int | None = None
) -> tuple[_native.Engine, _native.Engine]:
    """In two steps and in one."""
    one, found = segmenter.in_one_step(), _native.Splitter(splitter)
    two = _native.superword_segmenter(one, order)
    assert two is not None
    return _native.Engine(two, found), _native.Engine(one, found)


def test_learnt_superwords(learnt: Tokenizer, prose_text: str):
    two, one = _engines(learnt.segmenter, "superbpe")
    ids = two.encode(prose_text)
    assert any(b" " in learnt.vocabulary.pieces[id_].strip() for id_ in ids)
    assert np.array_equal(ids, one.encode(prose_text))
    for text in fuzz_strings(draw("superwords"), share(2000)):
        assert np.array_equal(two.encode(text), one.encode(text)), text
        assert all(map(np.array_equal, two.encode_spans(text), one.encode_spans(text))), text


def test_the_core_is_the_readable_one(learnt: Tokenizer, prose_text: str):
    assert isinstance(learnt.segmenter.native(), _native.SuperwordSegmenter)
    for size in (0, 1, 63, 64, 65, 3000):
        pretoken = prose_text[:size].encode()
        engine = _native.Engine(learnt.segmenter.native(), _native.Splitter("whole"))
        assert engine.encode(pretoken).tolist() == (
            learnt.segmenter.segment(pretoken) if size else []
        )


def _random_segmenter(rng: random.Random) -> BytePairSegmenter:
    """Merges of letters, commas and spaces; a piece may have several, and parts may come late."""
    pieces = [bytes([byte]) for byte in range(256)]
    words: list[bytes] = [b"a", b"b", b",", b" a", b" b"]
    merges = [(b" ", b"a"), (b" ", b"b")]
    for _ in range(rng.choice((5, 20, 80))):
        pool = words if rng.random() < 0.5 else [word for word in words if b" " not in word[1:]]
        pair = rng.choice(pool), rng.choice(pool)
        if len(pair[0]) + len(pair[1]) <= 24 and pair not in merges:
            merges.append(pair)
            words.append(b"".join(pair))
    words.append(b"b a")
    merges.append((b"b", b" a"))
    tail = merges[2:]
    if rng.random() < 0.5:
        rng.shuffle(tail)
    pieces += [piece for piece in dict.fromkeys(words) if len(piece) > 1]
    return BytePairSegmenter.from_merges(Vocabulary(pieces), [*merges[:2], *tail])


@pytest.mark.parametrize("seed", range(share(60)))
def test_random_merges(seed: int):
    rng = draw(f"random superwords {seed}")
    segmenter = _random_segmenter(rng)
    two, one = _engines(segmenter, "whole", rng.randrange(len(segmenter.merges) + 1))
    for size in (3, 17, 64, 200, 2000):
        text = "".join(rng.choices(("a", "b", " a", " b", ",", " ", "\n"), k=size))
        assert np.array_equal(two.encode(text), one.encode(text)), text
    text = text[:300]
    assert two.encode(text).tolist() == segmenter.segment(text.encode())


def test_whole_pretokens_that_merging_does_not_reach_stay_whole():
    pieces = [*(bytes([byte]) for byte in range(256)), b"a b"]
    segmenter = BytePairSegmenter.from_merges(Vocabulary(pieces), [], whole_pretokens=True)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    assert engine.encode("a b").tolist() == [256]


EARLY = [(b"b", b" "), (b"b ", b"b"), (b"c", b"c"), (b"d", b"d"), (b"cc", b"dd")]


@pytest.mark.parametrize("merges", [[(b" ", b"a")], EARLY])
def test_other_merges_have_one_step(merges: list[tuple[bytes, bytes]]):
    pieces = [*(bytes([byte]) for byte in range(256)), *map(b"".join, merges)]
    segmenter = BytePairSegmenter.from_merges(Vocabulary(pieces), merges)
    assert isinstance(segmenter.native(), _native.BpeSegmenter)
