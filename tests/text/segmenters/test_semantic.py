"""A tokenizer with two types by hand, so that every choice can be checked."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from fuzz_text import texts
from tokenry.errors import VocabularyError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.sentences import SentencePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.semantic import SemanticSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

BYTES = [bytes([byte]) for byte in range(256)]
MERGES = [(b"t", b"h"), (b"th", b"e"), (b" ", b"the"), (b"p", b"r"), (b" ", b"pr")]
OWN = {"drug": [b" pro", b"zac"], "disease": [b" prozac", b"itis"]}
WORDS = NativePretokenizer("o200k")


def logs(vocabulary: Vocabulary, chances: dict[bytes, float]) -> np.ndarray:  # type: ignore[type-arg]
    found = np.full(len(vocabulary), -np.inf)
    for piece in BYTES:
        found[vocabulary.id_of(piece)] = -12.0
    for piece, log in chances.items():
        found[vocabulary.id_of(piece)] = log
    return found


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    merged = [left + right for left, right in MERGES]
    vocabulary = Vocabulary([*BYTES, *merged, *(piece for own in OWN.values() for piece in own)])
    segmenter = SemanticSegmenter(
        vocabulary,
        BytePairSegmenter.from_merges(vocabulary, MERGES),
        WORDS,
        tuple(OWN),
        logs(vocabulary, dict.fromkeys(merged, -6.0)),
        np.stack(
            [
                logs(vocabulary, {b" pro": -4.0, b"zac": -4.0}),
                logs(vocabulary, {b" prozac": -9.0, b"itis": -3.0}),
            ]
        ),
    )
    return Tokenizer(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=SentencePretokenizer(WORDS),
        name="semantic",
    )


def pieces(tokenizer: Tokenizer, text: str) -> list[bytes | None]:
    return [tokenizer.vocabulary[id_] for id_ in tokenizer.encode(text)]


def segmenter_of(tokenizer: Tokenizer) -> SemanticSegmenter:
    assert isinstance(tokenizer.segmenter, SemanticSegmenter)
    return tokenizer.segmenter


def test_word_optimisation_takes_the_fewest_bits(tokenizer: Tokenizer) -> None:
    # drug: 4 + 4 bits; disease: 9 bits for one piece; base: 6 + 4 * 12.
    assert pieces(tokenizer, " prozac") == [b" pro", b"zac"]
    segmenter = segmenter_of(tokenizer)
    assert segmenter.type_of(b" prozac") == "drug"
    assert segmenter.type_of(b" the") is None
    assert segmenter.type_of(b"itis") == "disease"
    ways = segmenter.ways(b" prozac")
    assert [len(way) for way in ways] == [5, 2, 1]
    assert segmenter.least_entropy(ways) == 1


def test_sequence_optimisation_chooses_for_the_whole_sentence(tokenizer: Tokenizer) -> None:
    # "itis" alone is one piece of the K segmentation, which the sentence takes.
    assert pieces(tokenizer, "itis the") == [b"itis", b" the"]
    base = tokenizer.vocabulary.id_of
    # A type that cuts a word finer, at fewer bits, makes a sentence too long: base for all of it.
    segmenter = segmenter_of(tokenizer)
    finer = segmenter.type_logs.copy()
    finer[0, [base(bytes([byte])) for byte in b" the"]] = -1.0
    changed = Tokenizer(
        **{  # type: ignore[arg-type]
            **tokenizer.parts(),
            "segmenter": SemanticSegmenter(
                segmenter.vocabulary, segmenter.base, segmenter.words, segmenter.types,
                segmenter.base_logs, finer,
            ),
        }
    )  # fmt: skip
    assert pieces(changed, "itis the") == [b"itis", b" ", b"t", b"h", b"e"]
    assert pieces(changed, "it the the the") == [b"i", b"t", b" the", b" the", b" the"]
    assert pieces(changed, "it the the.\nitis the") == [
        *(b"i", b"t", b" the", b" the", b".", b"\n"),
        *(b"itis", b" ", b"t", b"h", b"e"),
    ]


def test_new_ids_say_what_base_pieces_they_are(tokenizer: Tokenizer) -> None:
    found = segmenter_of(tokenizer).decompositions()
    vocabulary = tokenizer.vocabulary
    assert {vocabulary[id_] for id_ in found} == {b" pro", b"zac", b" prozac", b"itis"}
    for id_, base in found.items():
        assert b"".join(vocabulary[each] or b"" for each in base) == vocabulary[id_]
        assert not set(base) & found.keys()
    assert [vocabulary[each] for each in found[vocabulary.id_of(b" pro")]] == [b" pr", b"o"]


@given(text=texts())
def test_the_core_gives_what_python_gives(tokenizer: Tokenizer, text: str) -> None:
    text += " prozac the itis"
    ids = tokenizer.encode(text)
    assert ids == tokenizer.encode_by_hand(text)
    assert ids == tokenizer.encode(text)  # now from memory
    assert tokenizer.decode(ids) == text


@given(data=st.binary(max_size=80))
def test_spans_tile_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    ids, spans = tokenizer.encode_with_spans(data)
    assert ids.tolist() == tokenizer.encode(data)
    assert tokenizer.decode_bytes(ids) == data
    assert spans[:, 0].tolist() == [0, *spans[:, 1].tolist()][: len(ids)]
    assert [data[start:end] for start, end in spans.tolist()] == [
        tokenizer.vocabulary[id_] for id_ in ids.tolist()
    ]


@given(text=texts(24))
def test_ids_depend_on_nothing_beyond_the_sentence(tokenizer: Tokenizer, text: str) -> None:
    cut = tokenizer.pretokenizer(text.encode())
    ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    alone = [tokenizer.encode(cut.data[start:end]) for start, end in ranges]
    assert [id_ for ids in alone for id_ in ids] == tokenizer.encode(text)


def test_words_are_forgotten_when_they_are_many(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"prozac{chr(97 + at % 26)} itis" for at in range(200))
    expected = tokenizer.encode(text)
    monkeypatch.setattr("tokenry.text.segmenters.semantic._REMEMBERED", 3)
    fresh = pickle.loads(pickle.dumps(tokenizer))
    assert fresh.encode(text) == expected
    assert len(fresh.segmenter._core_chooser._known) <= 3


def test_batches_and_long_words(tokenizer: Tokenizer) -> None:
    texts_ = ["the prozac. itis", "", "x" * 100_000, "é" * 50_000 + ". the"]
    batch = tokenizer.encode_batch(texts_, threads=2)
    assert [ids.tolist() for ids in batch] == [tokenizer.encode(text) for text in texts_]
    assert [tokenizer.decode(ids) for ids in batch] == texts_


def test_save_and_load(tokenizer: Tokenizer, tmp_path: Path) -> None:
    report = tokenizer.save(tmp_path)
    assert report.format == "tokenry"
    assert "there can be no tokenizer.json" in report.reasons[0]
    loaded = tokenry.load(tmp_path)
    assert loaded.fingerprint() == tokenizer.fingerprint()
    assert loaded.encode("the prozac. Itis") == tokenizer.encode("the prozac. Itis")
    assert loaded.lossless


def test_what_does_not_fit(tokenizer: Tokenizer) -> None:
    segmenter = segmenter_of(tokenizer)
    parts = (segmenter.vocabulary, segmenter.base, segmenter.words, segmenter.types)
    with pytest.raises(VocabularyError, match=r"expected .* \(2, "):
        SemanticSegmenter(*parts, segmenter.base_logs, segmenter.type_logs[:1])
    less = segmenter.type_logs.copy()
    less[1, 65] = -np.inf
    with pytest.raises(VocabularyError, match="a single byte has no probability"):
        SemanticSegmenter(*parts, segmenter.base_logs, less)
