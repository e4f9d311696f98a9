"""WordPiece against tokenizers and the readable twin."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from fuzz_text import fuzz_string, fuzz_strings
from tokenry import _native
from tokenry.errors import EncodeError, VocabularyError
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.vocabulary import Vocabulary, from_wordpiece

tokenizers = pytest.importorskip("tokenizers")


def make_vocabulary(rng: random.Random) -> list[str]:
    words = {word for text in fuzz_strings(rng, 400) for word in text.split() if word}
    pieces = ["[UNK]", "a", "b", "ab", "##a", "##b", "##ab", "##aba", "##\u0301"]
    pieces += ["a##b", "\u7684", "##\u4e00", "\U0001f600"]
    for word in sorted(words):
        cut = rng.randint(1, len(word))
        pieces += [word[:cut], f"##{word[cut:]}", word[0], f"##{word[-1]}"]
    # a bare "##" has no canonical bytes
    return [piece for piece in dict.fromkeys(pieces) if "\0" not in piece and piece != "##"]


def segmenter_of(pieces: list[str], longest: int = 100) -> WordPieceSegmenter:
    canonical = [from_wordpiece(piece) for piece in pieces]
    return WordPieceSegmenter(Vocabulary(canonical, {0: "unknown"}), 0, longest)


def words_of(rng: random.Random, count: int) -> Iterator[str]:
    for text in fuzz_strings(rng, count):
        yield from text.split()
        yield text
    for _ in range(count):
        yield "".join(rng.choices("ab#\u0301\u7684\u4e00", k=rng.randint(1, 30)))
    yield from ("a" * n for n in (99, 100, 101, 400))
    yield "\u7684" * 100
    yield "\u7684" * 101


@pytest.mark.parametrize("longest", [100, 7])
def test_words_as_in_tokenizers(rng: random.Random, longest: int) -> None:
    pieces = make_vocabulary(rng)
    table = {piece: id_ for id_, piece in enumerate(pieces)}
    oracle = tokenizers.models.WordPiece(
        table, unk_token="[UNK]", max_input_chars_per_word=longest, continuing_subword_prefix="##"
    )
    segmenter = segmenter_of(pieces, longest)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for word in words_of(rng, 1500):
        if "[UNK]" in word:  # special: no text makes it
            continue
        expected = [token.id for token in oracle.tokenize(word)]
        assert engine.encode(word).tolist() == expected, ascii(word)
        assert segmenter.segment(word.encode()) == expected, ascii(word)


def test_ends_are_those_of_the_twin(rng: random.Random) -> None:
    segmenter = segmenter_of(make_vocabulary(rng))
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for word in words_of(rng, 500):
        ids, spans = engine.encode_spans(word)
        end, expected = 0, []
        for id_, size in segmenter.segment_with_sizes(word.encode()):
            expected.append((id_, [end, end + size]))
            end += size
        assert list(zip(ids.tolist(), spans.tolist(), strict=True)) == expected, ascii(word)


def test_bytes_that_are_no_text() -> None:
    segmenter = segmenter_of(["[UNK]", "a", "##b"])
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for word in (b"\xff", b"ab\xc3", b"\xe2\x82", b"a\0b"):
        assert engine.encode(word).tolist() == segmenter.segment(word) == [0]


def test_a_word_without_pieces_needs_an_unknown_id() -> None:
    segmenter = WordPieceSegmenter(Vocabulary([b" a"]), None)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    with pytest.raises(EncodeError, match="unknown"):
        segmenter.segment(b"b")
    with pytest.raises(EncodeError, match="unknown"):
        engine.encode("b")
    with pytest.raises(VocabularyError, match="unknown id is 5"):
        WordPieceSegmenter(Vocabulary([b" a"]), 5).native()


def test_a_long_word_takes_linear_time() -> None:
    segmenter = segmenter_of(["[UNK]", "a", "##a", "##aaaa", "##aaaaaaab"], longest=10**9)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    ids = engine.encode("a" * 2_000_001)
    assert len(ids) == 500_001


def test_random_words_from_two_letters(rng: random.Random) -> None:
    pieces = ["[UNK]", *("ab"[i] for i in range(2)), "##a", "##b"]
    pieces += sorted({"##" + fuzz_ab(rng) for _ in range(40)} | {fuzz_ab(rng) for _ in range(40)})
    pieces = list(dict.fromkeys(pieces))
    oracle = tokenizers.models.WordPiece(
        {piece: id_ for id_, piece in enumerate(pieces)}, unk_token="[UNK]"
    )
    engine = _native.Engine(segmenter_of(pieces).native(), _native.Splitter("whole"))
    for _ in range(3000):
        word = "".join(rng.choices("ab", k=rng.randint(1, 60)))
        assert engine.encode(word).tolist() == [token.id for token in oracle.tokenize(word)]


def fuzz_ab(rng: random.Random) -> str:
    return "".join(rng.choices("ab", k=rng.randint(2, 6))) or fuzz_string(rng)
