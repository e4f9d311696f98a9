from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from tokenry.errors import CorpusError, LearnError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.text.segmenters.semantic import SemanticSegmenter
from tokenry.tokenizer import Tokenizer

TERMS = {
    "statement": ["assignment", "augmented assignment", "import statement"],
    "type": ["integer", "floating point", "dictionary"],
}


@pytest.fixture(scope="module", params=[None, "terms"])
def tokenizer(request: pytest.FixtureRequest, prose_text: str) -> Tokenizer:
    return learn(
        [prose_text[:200_000]],
        kind="semantic",
        vocab_size=900,
        share=0.1,
        special_tokens=("<|endoftext|>",),
        terms=TERMS if request.param else None,
    )


def test_size_types_and_round_trip(tokenizer: Tokenizer, real_texts: dict[str, str]) -> None:
    assert tokenizer.lossless
    assert len(tokenizer.vocabulary) == 900
    assert not tokenizer.vocabulary.duplicates()
    segmenter = tokenizer.segmenter
    assert isinstance(segmenter, SemanticSegmenter)
    assert set(segmenter.types) in (set(TERMS), {"names", "units", "long"})
    for text in real_texts.values():
        assert tokenizer.decode(tokenizer.encode(text[:30_000])) == text[:30_000]


@given(data=st.binary(max_size=100))
def test_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_twin_specials_and_files(tokenizer: Tokenizer, prose_text: str, tmp_path: Path) -> None:
    sample = prose_text[300_000:303_000]
    ids = tokenizer.encode(sample)
    assert tokenizer.encode_by_hand(sample) == ids
    assert tokenizer.encode("<|endoftext|>", allowed_special="all") == [0]
    assert 0 not in tokenizer.encode("<|endoftext|>")
    report = tokenizer.save(tmp_path)
    assert report.format == "tokenry"
    assert report.exact
    assert tokenry.load(tmp_path).encode(sample) == ids


def test_terms_get_pieces_that_a_base_of_the_size_lacks(prose_text: str) -> None:
    text = prose_text[:200_000]
    terms = {"type": ["memoryview", "complex conjugate"]}
    semantic = learn([text], kind="semantic", vocab_size=500, share=0.05, terms=terms)
    base = learn([text], kind="bpe", vocab_size=500)
    assert semantic.count("memoryview conjugate") < base.count("memoryview conjugate")
    segmenter = semantic.segmenter
    assert isinstance(segmenter, SemanticSegmenter)
    assert segmenter.type_of(b" conjugate") == "type"
    new = segmenter.decompositions()
    assert new
    for id_, pieces in new.items():
        assert id_ >= len(semantic.vocabulary) - 25
        joined = b"".join(semantic.vocabulary[piece] or b"" for piece in pieces)
        assert joined == semantic.vocabulary[id_]
        assert max(pieces) < min(new)


def test_the_same_again(prose_text: str) -> None:
    first, second = (
        learn([prose_text[:50_000]], kind="semantic", vocab_size=600) for _ in range(2)
    )
    assert first.fingerprint() == second.fingerprint()


def test_little_data() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn(["ab ab"], kind="semantic", vocab_size=400)
    assert tokenizer.decode(tokenizer.encode("abc ab")) == "abc ab"
    with pytest.warns(SmallerVocabularyWarning):
        learn([b"\x00\xff" * 9], kind="semantic", vocab_size=400)


def test_bad_input() -> None:
    with pytest.raises(CorpusError, match="empty"):
        learn([""], kind="semantic")
    with pytest.raises(LearnError, match=r"share 1\.5"):
        learn(["a"], kind="semantic", share=1.5)
    with pytest.raises(LearnError, match="no room"):
        learn(["a"], kind="semantic", vocab_size=100)
    with pytest.raises(LearnError, match="term list"):
        learn(["a"], kind="semantic", terms={"drug": []})


def test_an_interrupted_base_goes_on(prose_text: str, tmp_path: Path) -> None:
    checkpoint = tmp_path / "base.json"

    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "merge":
            raise KeyboardInterrupt

    text = [prose_text[:100_000]]
    options = {"kind": "semantic", "vocab_size": 1000}
    with pytest.raises(KeyboardInterrupt):
        learn(text, progress=stop, checkpoint=checkpoint, **options)
    assert checkpoint.exists()
    resumed = learn(text, checkpoint=checkpoint, **options)
    assert resumed.fingerprint() == learn(text, **options).fingerprint()
