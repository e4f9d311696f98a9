"""Costs of a lexicon from the words of a corpus."""

from __future__ import annotations

import math

import pytest

from tokenry.learning.morphs.costs import MorphLexicon, found_model, lexicon_model

LEXICON = MorphLexicon.of(["Kitap", "ev", "okul"], ["ön"], ["lar", "ler", "da", "x" * 99], {})
WORDS = dict.fromkeys(["kitaplar", "evler", "okullarda", "telefonlar", "önev", "evlar", "ev"], 1)


def pieces(word: str) -> list[str]:
    model = lexicon_model(LEXICON, WORDS)
    starts = model.analyse(word)
    return [word[a:b] for a, b in zip(starts, [*starts[1:], len(word)], strict=True)]


def test_folds_and_leaves_out_what_is_longer_than_words() -> None:
    assert "kitap" in LEXICON.roots
    assert LEXICON.suffixes == {"lar", "ler", "da"}


def test_cuts_known_and_unknown_stems() -> None:
    assert pieces("okullarda") == ["okul", "lar", "da"]
    assert pieces("telefonlar") == ["telefon", "lar"]
    assert pieces("önev") == ["ön", "ev"]
    assert pieces("lar") == ["lar"]


def test_frequent_morphs_are_cheap() -> None:
    model = lexicon_model(LEXICON, WORDS)
    assert model.suffixes["lar"] < model.suffixes["ler"] == pytest.approx(model.suffixes["da"])
    assert sum(math.exp(-cost) for cost in model.suffixes.values()) == pytest.approx(1)
    assert model.stems["ev"] < model.stems["okul"]


def test_stems_that_were_found_stand_beside_roots() -> None:
    model = lexicon_model(LEXICON, WORDS, stems={"telefon": 5})
    assert model.path("telefonlar") == [(0, 1), (7, 2)]
    assert {"telefon", "kitap"} <= set(model.stems)


def test_found_morphs_have_no_categories() -> None:
    model = found_model({"walk": 3, "ing": 1}, {})
    assert model.stems == {"ing": math.log(4), "walk": math.log(4 / 3)}
    assert not model.suffixes
    assert model.analyse("walking") == [0, 4]
    assert found_model({}, {}).analyse("walking") == [0]


def test_forms_of_a_group_cost_what_the_group_is_worth() -> None:
    lexicon = MorphLexicon.of(["ev", "kitap"], [], ["da"], {}, [("lar", "ler", "LÄR")])
    words = dict.fromkeys(["kitaplar", "evler", "evda"], 1)
    model = lexicon_model(lexicon, words)
    assert model.suffixes["lar"] == model.suffixes["ler"] == model.suffixes["lär"]
    assert model.suffixes["lar"] < model.suffixes["da"]
