"""Choosing a vocabulary size from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenry.corpus import Corpus
from tokenry.errors import CorpusError, VocabularyError
from tokenry.measuring import ModelShape
from tokenry.study.sizes import SizeChoice, choose_size, sizes_by_language

SIZES = (300, 400, 600)


@pytest.fixture(scope="module")
def corpus(prose_text: str) -> Corpus:
    return Corpus.from_texts([prose_text[at * 600 : (at + 1) * 600] for at in range(100)])


def test_measures_every_size_and_recommends_one(corpus: Corpus) -> None:
    found = choose_size(corpus, SIZES, shape=ModelShape(width=32, layers=2))
    assert tuple(point.size for point in found.sweep.points) == SIZES
    assert found.sweep.recommended in SIZES
    assert found.languages is None
    assert "languages" not in found.to_json()
    assert SizeChoice.from_json(found.to_json()) == found


def test_finds_a_size_for_each_language(corpus: Corpus, tmp_path: Path, prose_text: str) -> None:
    lines = [line for line in prose_text.splitlines() if line.strip()][:400]
    for name, change in (("en", str.lower), ("shouted", str.upper)):
        text = "\n".join(map(change, lines))
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    found = choose_size(corpus, SIZES, parallel=tmp_path, reference_language="en").languages
    assert found is not None
    assert {row.language for row in found.found} == {"en", "shouted"}
    assert found.size == 400
    assert set(found.tokens["en"]) == set(SIZES)
    assert next(row for row in found.found if row.language == "en").premium == 1.0


def test_says_what_is_too_little(corpus: Corpus) -> None:
    with pytest.raises(CorpusError, match="leaves none to measure on"):
        choose_size(corpus, SIZES, holdout=0.0)


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
def test_parallel_text_may_be_too_little() -> None:
    few = {"a": ["ab"] * 50, "b": ["cd"] * 50}
    with pytest.raises(VocabularyError, match="a curve needs three sizes within that; 0 of"):
        sizes_by_language(few, SIZES, "bpe", "a", 1.0)
