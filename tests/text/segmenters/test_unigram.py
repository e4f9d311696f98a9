"""Unigram segmentation against tokenizers, against the readable twin, and where scores tie.

tests/formats/test_sentencepiece.py holds it to sentencepiece.
"""

from __future__ import annotations

import itertools
import random
from typing import Literal

import numpy as np
import pytest

from fuzz_text import fuzz_string, fuzz_strings
from tokenry import _native
from tokenry.errors import EncodeError, VocabularyError
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.vocabulary import Vocabulary

tokenizers = pytest.importorskip("tokenizers")

Arithmetic = Literal["sentencepiece", "transformers"]
MARK = "\u2581"


def make_pieces(rng: random.Random, spaces: str) -> list[tuple[str, float]]:
    """Pieces with many equal scores, and sums that are equal but for rounding."""
    texts = [MARK, "a", "aa", "aaa", "aaaa", "ab", "ba", "aba", "abab", f"{MARK}a", f"{MARK}aa"]
    for text in fuzz_strings(rng, 300):
        words = text.replace(" ", MARK).replace("\0", "")
        for _ in range(4):
            begin = rng.randrange(len(words) + 1)
            texts.append(words[begin : begin + rng.randint(1, 7)])
    texts = [text for text in dict.fromkeys(texts) if text and _allowed(text, spaces)]
    scores = [rng.choice((-1.0, -2.0, -3.3, -0.1, -7.7, -rng.random() * 9)) for _ in texts]
    return [("<unk>", 0.0), *zip(texts, scores, strict=True)]


def _allowed(text: str, spaces: str) -> bool:
    if spaces == "anywhere":
        return True
    rest = text.lstrip(MARK)
    return MARK not in rest and (spaces == "runs" or len(text) - len(rest) <= 1)


def segmenter_of(
    pieces: list[tuple[str, float]], arithmetic: Arithmetic, byte_fallback: bool = False
) -> UnigramSegmenter:
    canonical = [text.replace(MARK, " ").encode() for text, _ in pieces]
    scores = [score for _, score in pieces]
    roles = {0: "unknown"}
    if byte_fallback:
        roles |= {len(canonical) + byte: "byte" for byte in range(256)}
        canonical += [bytes([byte]) for byte in range(256)]
        scores += [0.0] * 256
    return UnigramSegmenter(
        Vocabulary(canonical, roles),
        np.array(scores),
        min(scores) - UNKNOWN_PENALTY,
        unknown=0,
        byte_fallback=byte_fallback,
        arithmetic=arithmetic,
    )


def sentences(rng: random.Random, count: int) -> list[str]:
    runs = ["a" * n for n in range(1, 50)] + [" aaa" * n for n in range(1, 50)]
    ties = ["".join(rng.choices("aab ", k=rng.randint(1, 80))) for _ in range(count)]
    return [*runs, *ties, *fuzz_strings(rng, count), *fuzz_strings(rng, 10, 150)]


@pytest.mark.parametrize("spaces", ["single", "runs", "anywhere"])
@pytest.mark.parametrize("byte_fallback", [False, True])
def test_ids_as_in_tokenizers(rng: random.Random, spaces: str, byte_fallback: bool) -> None:
    pieces = make_pieces(rng, spaces)
    segmenter = segmenter_of(pieces, "transformers", byte_fallback)
    table = pieces + [(f"<0x{byte:02X}>", 0.0) for byte in range(256)] * byte_fallback
    oracle = tokenizers.models.Unigram(table, unk_id=0, byte_fallback=byte_fallback)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for text in sentences(rng, 1500):
        if "<0x" in text or "<unk>" in text:
            continue  # the names of these ids, written in text, match there
        expected = [token.id for token in oracle.tokenize(text.replace(" ", MARK))]
        got = engine.encode(text.replace(MARK, " ")).tolist()
        assert got == expected, ascii(text)


@pytest.mark.parametrize("arithmetic", ["sentencepiece", "transformers"])
@pytest.mark.parametrize("spaces", ["single", "runs", "anywhere"])
def test_native_form_is_its_twin(rng: random.Random, arithmetic: Arithmetic, spaces: str) -> None:
    segmenter = segmenter_of(make_pieces(rng, spaces), arithmetic, rng.random() < 0.5)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for text in sentences(rng, 200):
        ids, spans = engine.encode_spans(text)
        assert engine.encode(text).tolist() == ids.tolist()
        end, expected = 0, []
        for id_, size in segmenter.segment_with_sizes(text.encode()):
            expected.append((id_, [end, end + size]))
            end += size
        assert list(zip(ids.tolist(), spans.tolist(), strict=True)) == expected, ascii(text)


@pytest.mark.parametrize("arithmetic", ["sentencepiece", "transformers"])
@pytest.mark.parametrize("farthest", [9.0, 31.0], ids=["together", "one by one"])
def test_many_words_are_their_twins(
    rng: random.Random, arithmetic: Arithmetic, farthest: float
) -> None:
    # Words are searched together, if no score is far from zero and no piece has a zero byte.
    odd = ["\0", "a\0b", "\u4f60\u597d", "\u00e9a", "\U0001f469a", "abab" * 8, "b" * 12, "zzzz"]
    odd += ["aXb", "XX", "abXXaY", "~a", "X\u00e9"]  # of characters without a piece
    pieces = [
        *make_pieces(rng, "single"),
        ("\u4f60", -2.0),
        ("\U0001f469", -3.0),
        ("ababab", -farthest),
    ]
    segmenter = segmenter_of(list(dict(pieces).items()), arithmetic, rng.random() < 0.5)
    words = [
        f" {word}" for text in sentences(rng, 100) for word in [*text.split(), rng.choice(odd)]
    ]
    text = "".join(words)
    splitter = _native.Splitter("gpt2")
    ends = [0, *splitter.split(text.encode()).tolist()]
    parts = [text.encode()[begin:end] for begin, end in itertools.pairwise(ends)]
    expected = [id_ for part in parts for id_, _ in segmenter.segment_with_sizes(part)]
    assert _native.Engine(segmenter.native(), splitter).encode(text).tolist() == expected


def test_words_far_from_the_beginning(rng: random.Random) -> None:
    # The sum before a word is large, so more segmentations of it tie in 32 bits; near 100,000
    # it begins from 0 again.
    pieces = [*make_pieces(rng, "single"), ("#", -9000.0), ("##", -24000.0)]
    pieces += [(f"{MARK}#", -9500.0), ("zz", 3000.0), ("z", 1000.0)]
    segmenter = segmenter_of(pieces, "sentencepiece")
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for _ in range(150):
        parts = rng.choices([" #", "#", "##", "zz", "z", " aab", " aaaa", " ab", " "], k=40)
        text = "".join(parts) + fuzz_string(rng)
        assert engine.encode(text).tolist() == segmenter.segment(text.encode()), ascii(text)


@pytest.mark.parametrize("spaces", ["single", "runs"])
@pytest.mark.parametrize("byte_fallback", [False, True])
def test_words_that_are_searched_in_their_place(
    rng: random.Random, spaces: str, byte_fallback: bool
) -> None:
    # Scores tie so often that hardly a text is without a word whose ids the sum before it decides.
    segmenter = segmenter_of(make_pieces(rng, spaces), "sentencepiece", byte_fallback)
    native = segmenter.native()
    assert isinstance(native, _native.SentencePieceUnigramSegmenter)
    local = _native.LocalEngine(_native.SentenceWords(native), _native.Splitter("space_prefix"))
    pool = [" aaaa", " aab", " ababa", " aaaaaaa", " \u4e2d", " \0x", "  b", *sentences(rng, 60)]
    pool += [" aXb XX abXXaY ~aaaa aaX\u4e2d"] * 3  # characters without a piece
    texts = ["".join(rng.choices(pool, k=rng.randint(1, 140))) for _ in range(120)]
    texts = [text for text in texts if MARK not in text]
    assert any(len(text) > 2000 for text in texts)
    for _ in range(2):  # unknown words, then known ones
        ids, offsets, others = local.encode_batch(texts)
        for at, text in enumerate(texts):
            if at not in others:
                got = ids[offsets[at] : offsets[at + 1]].tolist()
                assert got == segmenter.segment(text.encode()), ascii(text)
        assert len(others) < len(texts) / 2
    assert local.encode(" aaaa" * 9).tolist() == segmenter.segment(b" aaaa" * 9)


def test_long_sentences_of_known_words(rng: random.Random) -> None:
    # The sum passes 100,000 several times, and words that tie there, or nearly, are one in fifty.
    letters = ["".join(rng.choices("abcd", k=rng.randint(1, 4))) for _ in range(200)]
    texts = dict.fromkeys(
        [*"abcde#", MARK, "ee", "eee", *letters, *(MARK + piece for piece in letters)]
    )
    scores = {text: -round(rng.uniform(2, 12), 2) for text in texts}
    scores |= {"e": -2.0, "ee": -4.0, "eee": -6.0, "#": -400.0}
    segmenter = segmenter_of([("<unk>", 0.0), *scores.items()], "sentencepiece")
    native = segmenter.native()
    assert isinstance(native, _native.SentencePieceUnigramSegmenter)
    local = _native.LocalEngine(_native.SentenceWords(native), _native.Splitter("space_prefix"))
    words = [" " + "".join(rng.choices("abcd", k=rng.randint(1, 9))) for _ in range(300)]
    rare = [" eeee", " \u4e2d", " a\u4e2db", " eeeee"]
    done = 0
    for _ in range(4):
        drawn = rng.choices([words, [" #"], rare], weights=[75, 24, 1], k=6000)
        text = "".join(rng.choice(pool) for pool in drawn)
        assert len(text) > 20_000
        expected = segmenter.segment(text.encode())
        for _ in range(2):  # unknown words, then known ones
            ids = local.encode(text)
            done += ids is not None
            assert ids is None or ids.tolist() == expected
    assert done > 0


def test_errors_in_a_search_leave_nothing_behind() -> None:
    # Two ways to cut " aab" tie, so it is searched where it stands; then a character has no id.
    pieces = [b" ", b"a", b"aa", b"ab", b"b"]
    segmenter = UnigramSegmenter(
        Vocabulary(pieces), np.array([-1.0, -2.0, -3.0, -3.0, -2.0]), -12.0
    )
    native = segmenter.native()
    assert isinstance(native, _native.SentencePieceUnigramSegmenter)
    local = _native.LocalEngine(_native.SentenceWords(native), _native.Splitter("space_prefix"))
    good = [" aab aab", " b", " aab a"]
    for _ in range(3):
        with pytest.raises(EncodeError, match="no piece"):
            local.encode_batch([*good, " aab\u4e2d aab", *good])
        ids, offsets, others = local.encode_batch(good)
        assert not others
        for at, text in enumerate(good):
            got = ids[offsets[at] : offsets[at + 1]].tolist()
            assert got == segmenter.segment(text.encode())


def test_where_text_may_be_cut() -> None:
    def cut(*texts: str) -> str:
        pieces = [("<unk>", 0.0), *((text, -1.0) for text in texts)]
        native = segmenter_of(pieces, "sentencepiece").native()
        assert isinstance(native, _native.SentencePieceUnigramSegmenter)
        return native.cut

    assert cut("a", " a", " ") == "before every space"
    assert cut("a", "  ", "   a") == "before space runs"
    assert cut("a", "a ") == "nowhere"
    assert cut("a", " a b") == "nowhere"


def test_bytes_that_are_no_text(rng: random.Random) -> None:
    segmenter = segmenter_of(make_pieces(rng, "single"), "sentencepiece", byte_fallback=True)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for text in (b"\xff", b"a\xc3", b"\xe2\x82 aa\xf0\x9f\x98", b"a\0b", b"\xc0\xaf\xed\xa0\x80"):
        ids = engine.encode(text).tolist()
        assert ids == segmenter.segment(text)
        assert b"".join(segmenter.vocabulary[id_] or b"" for id_ in ids) == text


def test_no_unknown_id() -> None:
    segmenter = UnigramSegmenter(Vocabulary([b"a"]), np.array([-1.0]), -11.0)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    assert engine.encode("aa").tolist() == segmenter.segment(b"aa") == [0, 0]
    with pytest.raises(EncodeError, match="unknown"):
        segmenter.segment(b"ab")
    with pytest.raises(EncodeError, match="unknown"):
        engine.encode("ab")


def test_numbers_that_do_not_fit() -> None:
    vocabulary = Vocabulary([b"a", b"b"])
    with pytest.raises(VocabularyError, match="1 scores for 2"):
        UnigramSegmenter(vocabulary, np.array([-1.0]), -11.0)
    with pytest.raises(VocabularyError, match="piece 1 is not a finite"):
        UnigramSegmenter(vocabulary, np.array([-1.0, np.nan]), -11.0).native()
    with pytest.raises(VocabularyError, match="unknown id is 2"):
        UnigramSegmenter(vocabulary, np.array([-1.0, -1.0]), -11.0, unknown=2).native()


def test_long_text_takes_linear_time() -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("a" * 64, -3.0), ("aa", -2.0), ("b" * 40, -9.0)]
    for arithmetic in ("sentencepiece", "transformers"):
        segmenter = segmenter_of(pieces, arithmetic, byte_fallback=True)
        engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
        for text in ("a" * 1_000_000, "b" * 1_000_000, "\u9f98" * 300_000, " " * 1_000_000):
            assert len(engine.encode(text)) > 0


def test_segmenters_survive_pickle(rng: random.Random) -> None:
    import pickle

    segmenter = segmenter_of(make_pieces(rng, "single"), "sentencepiece")
    segmenter.native()
    copy = pickle.loads(pickle.dumps(segmenter))
    assert copy.segment(b"aaa ab") == segmenter.segment(b"aaa ab")
