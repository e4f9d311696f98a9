from __future__ import annotations

import pytest

from tokenry.corpus.augmentation.noise import BYTE_KINDS, KINDS
from tokenry.corpus.augmentation.stress import stress
from tokenry.errors import CorpusError
from tokenry.learning import learn

ANIMALS = ("cat", "dog", "bird", "horse", "mouse", "hare")
PLACES = ("mat", "hill", "roof", "lake", "wood")
TEXTS = [
    f"The {ANIMALS[n % 6]} sat on the {PLACES[n % 5]}. A {ANIMALS[n % 4]} saw it, and the "
    f"{ANIMALS[n % 5]} sang to it in the {PLACES[n % 3]}."
    for n in range(60)
]
DATA = [text.encode() for text in TEXTS]


def test_noise_costs_tokens_and_loses_nothing() -> None:
    found = {each.kind: each for each in stress(learn(TEXTS, vocab_size=310), DATA)}
    assert set(found) == {*KINDS, *BYTE_KINDS, "phrases"}
    assert all(each.lossless for each in found.values())
    assert found["zero-width"].growth > 0.05
    assert found["look-alike"].growth > 0.01
    assert abs(found["phrases"].growth) < found["swap"].growth


def test_no_text() -> None:
    with pytest.raises(CorpusError, match="no text to change"):
        stress(learn(TEXTS, vocab_size=300), [b""])


def test_phrases_cost_what_stands_across_words() -> None:
    """Pieces of several words meet neighbourhoods that their corpus never had."""
    plain, wide = learn(TEXTS, vocab_size=310), learn(TEXTS, kind="superbpe", vocab_size=330)
    growth = [stress(tokenizer, DATA)[-1].growth for tokenizer in (plain, wide)]
    assert growth[1] > growth[0]
