"""A made-up language with compounds: what is hyphenated must teach what is written solid."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.learning.compounds.decompounding import (
    Decompounder,
    Decompounding,
    _error,
    cuts,
    readable,
)
from tokenry.learning.compounds.hyphens import WrittenWords


def stems(rng: random.Random, many: int) -> list[str]:
    def syllable() -> str:
        return rng.choice("bdgklmnprst") + rng.choice("aeiou")

    return sorted({"".join(syllable() for _ in range(rng.choice((2, 2, 3)))) for _ in range(many)})


@pytest.fixture(scope="module")
def language() -> tuple[WrittenWords, list[tuple[str, ...]]]:
    rng = random.Random(7)
    words = stems(rng, 400)
    # A linking -n- in every third compound stays with the left constituent.
    pairs = {
        (a + rng.choice(("", "", "n")), b)
        for a, b in zip(words, rng.sample(words, len(words)), strict=True)
    }
    pairs |= {(rng.choice(words), rng.choice(words)) for _ in range(500)}
    ordered = sorted(pairs)
    rng.shuffle(ordered)
    held, known = ordered[:150], ordered[150:]
    counts = Counter({word: rng.randint(1, 50) for word in words})
    return WrittenWords(counts, Counter(dict.fromkeys(known, 2))), held


@pytest.fixture(scope="module")
def model(language: tuple[WrittenWords, list[tuple[str, ...]]]) -> Decompounder:
    learnt = Decompounding().learn(language[0])
    assert learnt is not None
    return learnt


def test_hyphens_teach_to_split_solid_compounds(
    model: Decompounder, language: tuple[WrittenWords, list[tuple[str, ...]]]
) -> None:
    words, held = language
    found = model.split(["".join(parts) for parts in held])
    right = sum(one == list(parts) for one, parts in zip(found, held, strict=True))
    assert right >= 0.8 * len(held)
    plain = sorted(words.counts)
    whole = sum(len(parts) == 1 for parts in model.split(plain))
    assert whole >= 0.9 * len(plain)


def test_case_is_kept(model: Decompounder) -> None:
    word = next(word for word in ("badabada", "mikomiko", "tarotaro") if len(word) == 8)
    assert "".join(model.split([word.upper()])[0]) == word.upper()
    lengths = [len(part) for part in model.split([word])[0]]
    assert [len(part) for part in model.split([word.upper()])[0]] == lengths


@given(words=st.lists(st.text(max_size=80), max_size=6))
def test_parts_make_the_word_whatever_it_is(model: Decompounder, words: list[str]) -> None:
    assert ["".join(parts) for parts in model.split(words)] == words


def test_the_same_seed_gives_the_same_model(
    language: tuple[WrittenWords, list[tuple[str, ...]]], model: Decompounder
) -> None:
    again = Decompounding().learn(language[0])
    assert again is not None
    assert np.array_equal(again.hashed, model.hashed)
    assert np.array_equal(again.dense, model.dense)


def test_too_few_examples() -> None:
    words = WrittenWords(Counter({"bada": 3}), Counter({("bada", "miko"): 2}))
    assert Decompounding().learn(words) is None
    assert Decompounding(least_examples=1, continuity=1.0, epochs=1).learn(words) is not None


def test_gradient_is_that_of_the_log_probability(model: Decompounder) -> None:
    gaps = model.gaps(["badamiko", "tarolupeno"])
    right = gaps.target([(4,), ()])
    scores = model.scores(gaps)

    def loss(scores: np.ndarray) -> float:  # type: ignore[type-arg]
        total = 0.0
        for word in (0, 1):
            here = gaps.word == word
            total -= np.log(np.exp(scores[here & right]).sum() / np.exp(scores[here]).sum())
        return total

    step = 1e-6
    numeric = [
        (loss(scores + step * unit) - loss(scores - step * unit)) / (2 * step)
        for unit in np.eye(len(scores))
    ]
    assert np.allclose(_error(scores, right, gaps), numeric, atol=1e-6)


def test_cuts_and_readable_words() -> None:
    assert cuts(("ab", "cde", "f")) == (2, 5)
    assert readable("Haus") == "haus"
    assert readable("İstanbul") == ""  # lower case has another length
    assert readable("a" * 65) == ""
