"""BERT's cleaning and splitting in the core: that of `tokenizers` and of the twins in Python."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
import pytest
import regex
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers

from fuzz_text import fuzz_bytes, fuzz_string, without_surrogates
from running import running
from shares import draw, part, share
from tokenry import _native
from tokenry.formats.tokenizer_json import reading
from tokenry.spans import Alignment
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.parts import Normalizer
from tokenry.text.preprocessing import align_valid
from tokenry.text.pretokenizers.sequence import PretokenizerSequence, bert_steps
from tokenry.text.unicode.utf8 import map_valid
from tokenry.tokenizer import Tokenizer

load = running(reading.load)

# Joiners of clusters for the module regex, but not for tokenizers, whose tables the core has.
UNASSIGNED = [char for char in map(chr, range(0x110000)) if unicodedata.category(char) == "Cn"]
NEWER = [ord(char) for char in regex.findall(r"\p{M}", "".join(UNASSIGNED))]
Settings = tuple[bool, bool, bool, bool]
ALL = list(product((True, False), repeat=4))
USUAL = [(True, True, True, True), (True, True, False, False), (False, False, True, False)]
POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
COMBINING = [point for point in POINTS if unicodedata.combining(chr(point))]
# Characters that are kept without accents and yet change places, or that spell such ones.
ORDERED = [0x1D165, 0x1D15E, 0x1D160, 0x1B44, 0x1E94A, 0x302E, 0x8D4, 0x11446, 0x1D16D, 0xF73]
ODD = [0, 9, 11, 12, 13, 32, 0x7F, 0x85, 0xA0, 0xAD, 0x130, 0x3A3, 0x1FEF, 0x2000, 0x2028, 0x2260]
POOLS = [
    [*ORDERED, *COMBINING, 0x61, 0xE9],
    [*ODD, 0x20, 0x20, 0x61, 0x41, 0x2C, 0x4E00, 0xF900, 0x3000, 0x3001, 0xAC01, 0x1F600],
    POINTS,
    range(1, 0x600),
    range(0x2000, 0xFFFF),
    range(0x10000, 0x20000),
]


def options(settings: Settings) -> _native.BertOptions:
    clean, han, accents, lower = settings
    return BertNormalizer(clean, han, accents, lower).bert_options()


def texts(rng: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        drawn = rng.choices(rng.choice(POOLS), k=rng.randint(0, 90 if rng.random() < 0.1 else 12))
        yield "".join(map(chr, drawn)).encode("utf-8", "ignore").decode()
        yield without_surrogates(fuzz_string(rng))


@pytest.mark.parametrize("settings", ALL)
def test_every_code_point(settings: Settings) -> None:
    theirs = normalizers.BertNormalizer(*settings)
    ours = _native.BertNormalizer(options(settings))
    betweens = ("", "a", "\u00c9") if settings in USUAL else ("a",)
    for start, between in product(part(range(0, len(POINTS), 4096)), betweens):
        text = between.join(map(chr, POINTS[start : start + 4096]))
        found = ours.normalize(text.encode()).decode()
        assert found == theirs.normalize_str(text), hex(POINTS[start])


@pytest.mark.parametrize("settings", ALL)
def test_random_text(settings: Settings) -> None:
    theirs, twin = normalizers.BertNormalizer(*settings), BertNormalizer(*settings)
    ours = _native.BertNormalizer(options(settings))
    for text in texts(draw("random text"), share(200)):
        expected = theirs.normalize_str(text)
        assert ours.normalize(text.encode()).decode() == expected, ascii(text)
        assert twin(text) == expected, ascii(text)


def test_bytes_that_are_not_utf8() -> None:
    rng = random.Random(2)
    for settings in ALL:
        twin = BertNormalizer(*settings)
        ours = _native.BertNormalizer(options(settings))
        for data in fuzz_bytes(rng, 200):
            data += bytes(rng.choices((0xCC, 0x81, 0xE4, 0xB8, 0xC3, 0x41), k=9))
            assert ours.normalize(data) == map_valid(data, twin), data


@pytest.mark.parametrize("settings", ALL)
def test_alignment(settings: Settings) -> None:
    twin = BertNormalizer(*settings)
    core = twin.native()
    data = [
        text.translate(dict.fromkeys(NEWER)).encode()
        for text in texts(draw("alignment"), share(60))
    ]
    for each in [*data, *fuzz_bytes(random.Random(12), 60)]:
        changed, alignment = align_valid(each, twin)
        if alignment is None:
            alignment = Alignment.identity(len(each))
        found, starts, ends = core.align(each)
        assert found == changed, each
        assert np.array_equal(starts, alignment.starts), each
        assert np.array_equal(ends, alignment.ends), each


def pretokens(splitter: _native.Splitter, data: bytes) -> list[bytes]:
    ends = splitter.split(data).tolist()
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("settings", ALL)
def test_text_is_cut_where_its_normalised_form_is(settings: Settings) -> None:
    twin, words = BertNormalizer(*settings), PretokenizerSequence(bert_steps())
    splitter = _native.bert_splitter(options(settings))
    for data in map(str.encode, texts(draw("cuts"), share(120))):
        normalised = map_valid(data, twin)
        cut = words(normalised)
        bounds = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
        expected = [cut.data[begin:end] for begin, end in bounds]
        parts = [words(map_valid(part, twin)) for part in pretokens(splitter, data)]
        assert all(len(part.starts) <= 1 for part in parts), data
        assert [part.data[part.starts[0] : part.ends[0]] for part in parts if part.starts.size] == (
            expected
        ), data


@pytest.mark.parametrize("settings", ALL)
@pytest.mark.parametrize("simd", [path for path in _native.simd_paths() if path != "scalar"])
def test_vector_paths(settings: Settings, simd: str) -> None:
    scalar = _native.bert_splitter(options(settings), simd="scalar")
    vector = _native.bert_splitter(options(settings), simd=simd)
    rng = draw("vector paths")
    every = "".join(f" {chr(point)}{chr(point)}a" for point in part(POINTS)).encode()
    assert np.array_equal(vector.split(every), scalar.split(every))
    long = b"".join(text.encode() for text in texts(rng, share(400)))
    for data in [long, *fuzz_bytes(rng, share(300))]:
        expected = scalar.split(data).tolist()
        for capacity in (4096, 61, 1):
            assert vector.split(data, capacity=capacity).tolist() == expected, data[:200]


@cache
def model(settings: Settings) -> tuple[tokenizers.Tokenizer, Tokenizer]:
    rng = random.Random(7)
    pieces = {
        "[UNK]",
        *map(chr, range(33, 127)),
        *"\u4e00\u4e8c\u00e9\u03c3\u0131\u1112",
        "=",
        "th",
        "the",
    }
    pieces |= {"##" + piece for piece in pieces if piece != "[UNK]"}
    letters = "etaoinshr"
    pieces |= {"##" + "".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(300)}
    vocab = {piece: number for number, piece in enumerate(sorted(pieces))}
    theirs = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    theirs.normalizer = normalizers.BertNormalizer(*settings)
    theirs.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return theirs, load(theirs.to_str().encode())


@pytest.mark.parametrize("settings", USUAL)
def test_ids_word_by_word(settings: Settings) -> None:
    theirs, ours = model(settings)
    rng = random.Random(8)
    many = [
        *texts(draw("words"), share(200)),
        *(
            " ".join(rng.choices(["The", "t\u00e9", "hasn't", "9=9", "the\u0301n", " "], k=40))
            for _ in range(50)
        ),
    ]
    expected = [each.ids for each in theirs.encode_batch(many, add_special_tokens=False)]
    assert ours._encoder.engines.words is not None
    for _ in range(2):  # the second time from the caches
        assert [row.tolist() for row in ours.encode_batch(many)] == expected
        assert [ours.encode(text) for text in many] == expected
    assert [ours.count(text) for text in many] == [len(row) for row in expected]
    assert [ours.encode_by_hand(text) for text in many[:60]] == expected[:60]


class PlainNormalizer(Normalizer):
    """A normalizer that the core does not know to be BERT's, so that Python does all."""

    def __init__(self, twin: BertNormalizer) -> None:
        self._twin = twin

    def __call__(self, text: str) -> str:
        return self._twin(text)

    def align(self, text: str) -> tuple[str, Alignment]:
        return self._twin.align(text)


def in_python(settings: Settings) -> Tokenizer:
    """The same in Python but for the segmenter."""
    steps = PretokenizerSequence((*bert_steps(), *bert_steps()))  # the same, unknown to the core
    normalizer = PlainNormalizer(BertNormalizer(*settings))
    parts = model(settings)[1].parts() | {"pretokenizer": steps, "normalizer": normalizer}
    return Tokenizer(**parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("settings", USUAL)
def test_spans(settings: Settings) -> None:
    _, ours = model(settings)
    by_hand = in_python(settings)
    for text in [*texts(draw("spans"), share(80)), "", "  ", " \u4e00 the  \u00e9,the x" * 9]:
        text = text.translate(dict.fromkeys(NEWER))
        ids, spans = ours.encode_with_spans(text)
        expected = by_hand.encode_with_spans(text)
        assert np.array_equal(ids, expected[0]), ascii(text)
        assert np.array_equal(spans, expected[1]), ascii(text)


@pytest.mark.parametrize("settings", USUAL)
def test_pretokens_are_taken_as_they_stand(settings: Settings) -> None:
    _, ours = model(settings)
    pretokens = [b"the", b" the", b"The", b"a b", b","]
    found = [row.tolist() for row in ours.encode_pretokens(pretokens)]
    assert found == [ours.segmenter.segment(each) for each in pretokens]


@pytest.mark.parametrize("settings", USUAL)
def test_lossy_text_goes_as_by_steps(settings: Settings) -> None:
    _, ours = model(settings)
    by_hand = in_python(settings)
    rng = random.Random(10)
    many: list[str | bytes] = [*fuzz_bytes(rng, 200)]
    many += ["\ud83d\ude00 a", "a\ud800b", "\udc80\u0301"]
    # Stray bytes that become punctuation when what stands between them is removed.
    many += [b"a\xe2\x80\x0c\xbfb", b"a\xe2\x80\xcc\x81\xbfb", b"\xe2\x80 \xbf"]
    expected = [by_hand.encode(text) for text in many]
    assert [row.tolist() for row in ours.encode_batch(many)] == expected
    assert [ours.encode(text) for text in many] == expected
