"""Pretokens of thousands of symbols: merged in windows, and stretches that repeat only once."""

import random
from collections.abc import Iterator

import pytest
import tiktoken
import tokenizers

from shares import draw, share
from tokenry import _native, learn
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary

SIZES = (65, 130, 1000, 4095, 4096, 4097, 5200, 9000, 20_011)


def _random_ranks(
    rng: random.Random, alphabet: str, longest: int = 200, shuffled: float = 0.5
) -> dict[bytes, int]:
    """Pieces put together from others; half the time their ranks do not ascend with that."""
    pieces = [letter.encode() for letter in alphabet]
    for _ in range(rng.choice((3, 10, 40, 150))):
        piece = rng.choice(pieces) + rng.choice(pieces)
        if len(piece) <= longest and piece not in pieces:
            pieces.append(piece)
    longer = pieces[len(alphabet) :]
    if rng.random() < shuffled:
        rng.shuffle(longer)
    ranks = {bytes([byte]): byte for byte in range(256)}
    return ranks | {piece: 256 + i for i, piece in enumerate(longer)}


def _word(first: str, second: str, size: int) -> str:
    """A Fibonacci word where `second` is one letter."""
    while len(first) < size:
        first, second = first + second, first
    return first[:size]


def _texts(rng: random.Random, alphabet: str, size: int) -> Iterator[str]:
    a, b = alphabet[0], alphabet[-1]
    yield "".join(rng.choices(alphabet, k=size))
    yield _word(a + b, a, size)
    yield "".join((a, b)[i.bit_count() & 1] for i in range(size))  # Thue-Morse
    unit = "".join(rng.choices(alphabet, k=rng.choice((1, 2, 3, 7, 32, 33))))
    yield a * size
    yield a * size + b
    yield (unit * size)[:size]
    noise = ["".join(rng.choices(alphabet, k=rng.randint(0, 300))) for _ in range(4)]
    yield noise[0] + unit * (size // len(unit)) + noise[1] + a * size + b * size + noise[2]


def _check(ranks: dict[bytes, int], rng: random.Random, alphabet: str, sizes: tuple[int, ...]):
    oracle = tiktoken.Encoding("t", pat_str="(?s).+", mergeable_ranks=ranks, special_tokens={})
    vocabulary = Vocabulary.from_ids({i: piece for piece, i in ranks.items()})
    segmenter = BytePairSegmenter.from_ranks(vocabulary)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for size in sizes:
        for text in _texts(rng, alphabet, size):
            assert engine.encode(text).tolist() == oracle.encode_ordinary(text), (size, text[:99])


@pytest.mark.parametrize("alphabet", ["a", "ab", "abc", "abcdef"])
def test_random_vocabularies_of_few_letters_agree_with_tiktoken(alphabet):
    rng = random.Random(alphabet)
    for _ in range(12):
        _check(_random_ranks(rng, alphabet), rng, alphabet, (rng.choice(SIZES), rng.choice(SIZES)))


@pytest.mark.parametrize("seed", range(share(40)))
def test_short_pieces_are_walked_and_agree_with_tiktoken(seed):
    """Pieces of at most 32 bytes are taken from left to right (native/encode/bpe_walk.hpp)."""
    rng = draw(f"walk {seed}")
    alphabet = "abcdefgh"[: rng.randint(1, 8)]
    for longest in (3, 16, 32):
        ranks = _random_ranks(rng, alphabet, longest, shuffled=0.1)
        _check(ranks, rng, alphabet, (rng.choice(SIZES), rng.choice(SIZES)))


@pytest.mark.parametrize("longest", [2, 8, 32])
def test_walked_pretokens_are_those_of_tokenizers(longest):
    rng = draw(f"walk of tokenizers {longest}")
    data = rng.randbytes(3000) + "".join(rng.choices("ACGT", k=40_000)).encode() + bytes(500)
    ours = learn([data], vocab_size=900, max_piece_length=longest, pretokenizer="(?s).+")
    text = rng.randbytes(2000) + data[2500:9000][::-1] + b"ACGT" * 300 + bytes(999) + data[-2000:]
    theirs = tokenizers.Tokenizer(
        tokenizers.models.BPE(
            {(p or b"").decode("latin-1"): i for i, p in enumerate(ours.vocabulary.pieces)},
            [
                tuple(ours.vocabulary[id_].decode("latin-1") for id_ in pair)
                for pair in ours.segmenter.merges[:, :2].tolist()
            ],
        )
    )
    expected = theirs.encode(text.decode("latin-1")).ids
    assert ours.encode_pretokens([text]).ids.tolist() == expected
    engine = _native.Engine(ours.segmenter.native(), _native.Splitter("whole"))
    ids, spans = engine.encode_spans(text)
    assert ids.tolist() == expected
    assert [text[begin:end] for begin, end in spans.tolist()] == [
        ours.vocabulary[id_] for id_ in expected
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_more_random_vocabularies_agree_with_tiktoken(seed):
    rng = random.Random(seed)
    for _ in range(10):
        alphabet = "abcdefgh"[: rng.randint(1, 8)]
        _check(_random_ranks(rng, alphabet), rng, alphabet, SIZES)


def test_spans_of_a_stretch_that_repeats_cover_it():
    ranks = _random_ranks(random.Random(3), "ab")
    vocabulary = Vocabulary.from_ids({i: piece for piece, i in ranks.items()})
    native = BytePairSegmenter.from_ranks(vocabulary).native()
    engine = _native.Engine(native, _native.Splitter("whole"))
    text = b"b" + b"a" * 10_000 + b"ba"
    ids, spans = engine.encode_spans(text)
    assert engine.encode(text).tolist() == ids.tolist()
    assert engine.decode(ids) == text
    assert all(
        vocabulary.pieces[i] == text[begin:end]
        for i, (begin, end) in zip(ids.tolist(), spans.tolist(), strict=True)
    )
