"""Segmentation by morphs: lossless whatever comes together, spans, saving, readable twin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from tokenry import Tokenizer, Vocabulary
from tokenry.text.decoders.allomorphs import AllomorphDecoder
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.allomorphs import Allomorphs
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.morph import MorphSegmenter
from tokenry.text.segmenters.morph_model import MorphModel
from tokenry.text.segmenters.morph_splitter import MorphSegment, MorphSplitter

FOLD = {"I": "ı", "İ": "i"}
GROUPS = (("lar", "ler"), ("da", "de", "ta", "te"), ("a", "e"))
RULE = Allomorphs(
    GROUPS, "aeıioöuü", {(0, "i", ""): 1, (0, "e", ""): 1, (1, "a", "p"): 2, (2, "e", ""): 1}, FOLD
)
MODEL = MorphModel(
    {"kitap": 1.0, "ev": 1.0, "türk": 1.0},
    {},
    {form: 0.5 for forms in GROUPS for form in forms},
    fold=FOLD,
)
FIRST_GROUP, FIRST_FORM = 256, 259
VOCABULARY = Vocabulary(
    [*(bytes([byte]) for byte in range(256)), *(forms[0].encode() for forms in GROUPS)]
    + [None] * 4,
    dict.fromkeys(range(FIRST_FORM, FIRST_FORM + 4), "special"),
)
SHARED = AllomorphDecoder(RULE, FIRST_GROUP, FIRST_FORM)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    inner = BytePairSegmenter.from_merges(VOCABULARY, [])
    return Tokenizer(
        vocabulary=VOCABULARY,
        segmenter=MorphSegmenter(inner, MorphSplitter(MODEL, frozenset(), RULE), SHARED),
        pretokenizer=NativePretokenizer("o200k"),
        decoder=SHARED,
    )


def suffixes(ids: list[int]) -> list[int]:
    return [id_ for id_ in ids if id_ >= FIRST_GROUP]


def test_one_id_for_all_forms(tokenizer: Tokenizer) -> None:
    assert suffixes(tokenizer.encode(" kitaplar")) == [FIRST_GROUP]
    assert suffixes(tokenizer.encode(" evler")) == [FIRST_GROUP]
    assert suffixes(tokenizer.encode(" kitapta")) == [FIRST_GROUP + 1]


def test_a_residual_names_what_is_not_predicted(tokenizer: Tokenizer) -> None:
    assert suffixes(tokenizer.encode(" kitapler")) == [FIRST_GROUP, FIRST_FORM + 1]
    assert suffixes(tokenizer.encode(" türklar")) == [FIRST_GROUP]
    # capitals are bytes, and so is what begins a pretoken
    assert suffixes(tokenizer.encode(" KİTAPLAR lar")) == []


def test_a_form_whose_context_is_not_all_there_is_always_named(tokenizer: Tokenizer) -> None:
    cutter = MorphSplitter(MorphModel({"kr": 0.1}, {}, {"lar": 0.1}), allomorphs=RULE)
    assert cutter.cut(b"krlar") == [MorphSegment(b"kr"), MorphSegment(b"lar", 0, 0)]
    assert cutter.cut(b" krlar") == [MorphSegment(b" kr"), MorphSegment(b"lar", 0)]


words = st.lists(
    st.sampled_from(
        ["kitap", " kitap", "ev", " ev", "lar", "ler", "ta", "de", "a", "E", "İ", "I", "ı", "’",
         "LAR", " ", "tr", "türk", "🙂", "1", "e\u0301", "\n", "Kitap", "krt"]
    ),
    max_size=14,
)  # fmt: skip


@given(words)
def test_round_trip_of_words(tokenizer: Tokenizer, parts: list[str]) -> None:
    text = "".join(parts)
    assert tokenizer.lossless
    ids, spans = tokenizer.encode_with_spans(text)
    assert tokenizer.decode_bytes(ids) == text.encode()
    assert ids.tolist() == tokenizer.encode(text) == tokenizer.encode_by_hand(text)
    covered = b"".join(text.encode()[begin:end] for begin, end in spans.tolist())
    assert covered == text.encode()
    for id_, (begin, end) in zip(ids.tolist(), spans.tolist(), strict=True):
        if id_ >= FIRST_FORM:
            assert begin == end
        elif id_ >= FIRST_GROUP:
            assert text.encode()[begin:end].decode() in GROUPS[id_ - FIRST_GROUP]


@given(words, words)
def test_texts_decode_one_after_the_other(
    tokenizer: Tokenizer, one: list[str], other: list[str]
) -> None:
    first, second = "".join(one), "".join(other)
    ids = tokenizer.encode(first) + tokenizer.encode(second)
    assert tokenizer.decode(ids) == first + second


@given(st.binary(max_size=60))
def test_round_trip_of_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


@given(st.lists(st.integers(0, len(VOCABULARY) - 1), max_size=20))
def test_every_sequence_of_ids_decodes(tokenizer: Tokenizer, ids: list[int]) -> None:
    pieces = [VOCABULARY.pieces[id_] or b"" for id_ in ids]
    assert tokenizer.decode_bytes(ids) == SHARED(pieces, ids)


def test_falls_back_to_bytes_where_the_rule_is_another(tokenizer: Tokenizer) -> None:
    # a decoder that contradicts the cutter, as no learner makes it
    other = AllomorphDecoder(Allomorphs(GROUPS, "", {}, {}), FIRST_GROUP, FIRST_FORM)
    inner = BytePairSegmenter.from_merges(VOCABULARY, [])
    segmenter = MorphSegmenter(inner, MorphSplitter(MODEL, frozenset(), RULE), other)
    assert segmenter.segment(b" evler") == list(b" evler")


def test_is_saved_and_loaded(tokenizer: Tokenizer, tmp_path: Path) -> None:
    report = tokenizer.save(tmp_path)
    assert (report.format, [path.name for path in report.paths]) == ("tokenry", ["tokenry.json"])
    again = tokenry.load(tmp_path)
    text = " kitaplar evler kitapler Türkiye’de " * 3
    assert again.fingerprint() == tokenizer.fingerprint()
    assert again.encode(text) == tokenizer.encode(text)
    assert again.decode(again.encode(text)) == text


def test_a_million_letters(tokenizer: Tokenizer) -> None:
    text = "kitaplar" * 125_000
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_whole_words_are_not_cut() -> None:
    cutter = MorphSplitter(MODEL, frozenset({b" kitaplar"}))
    assert cutter.cut(b" kitaplar") == [MorphSegment(b" kitaplar")]
    assert cutter.cut(b"kitaplar") == [MorphSegment(b"kitap"), MorphSegment(b"lar")]
    assert cutter.cut(b"\xffkitaplar") == [MorphSegment(b"\xffkitaplar")]
