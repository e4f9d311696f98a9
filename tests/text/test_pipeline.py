"""A Pipeline is plain data: checked when it is made, changed by replacement, and pickled."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from small_tokenizers import learned_ranks
from tokenry.errors import VocabularyError
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    pieces = {rank: piece for piece, rank in learned_ranks(300).items()}
    vocabulary = Vocabulary.from_ids({**pieces, 300: b"<end>"}, {300: "special"})
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=NativePretokenizer("gpt2"),
        added_tokens=[AddedToken("<end>", 300)],
        name="small",
        metadata={"from": "a test"},
    )


def test_it_cannot_be_changed_but_replaced(pipeline: Pipeline) -> None:
    with pytest.raises(FrozenInstanceError):
        pipeline.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        pipeline.metadata["from"] = "elsewhere"  # type: ignore[index]
    other = replace(pipeline, template=Template((300,)))
    assert other.template == Template((300,))
    assert pipeline.template is None
    assert other.vocabulary is pipeline.vocabulary


def test_lossless_is_derived_once_and_stays_as_it_was_said(pipeline: Pipeline) -> None:
    assert pipeline.lossless is True
    keeps = [AddedToken("<end>", 300, special=False, lstrip=True)]
    assert replace(pipeline, added_tokens=keeps, lossless=None).lossless is False
    assert replace(pipeline, added_tokens=keeps).lossless is True


def test_its_items_build_it_again(pipeline: Pipeline) -> None:
    again = Pipeline(**dict(pipeline.items()))  # type: ignore[arg-type]
    copy = pickle.loads(pickle.dumps(pipeline))
    for each in fields(Pipeline):
        assert getattr(again, each.name) == getattr(pipeline, each.name)
    assert Tokenizer.of(copy) == Tokenizer.of(again) == Tokenizer.of(pipeline)


def test_ids_must_exist(pipeline: Pipeline) -> None:
    for change in ({"template": Template((301,))}, {"added_tokens": [AddedToken("x", 301)]}):
        with pytest.raises(VocabularyError, match="301"):
            replace(pipeline, **change)  # type: ignore[arg-type]
