"""The cheapest analysis of a word, against all analyses."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.text.segmenters.morph_model import LONGEST_WORD, MorphModel, fold_letters, letters_of

MODEL = MorphModel(
    {"kitap": 2.0, "at": 2.5, "a": 4.0, "tak": 3.0},
    {"ön": 1.0, "a": 1.5},
    {"lar": 0.5, "ta": 0.7, "k": 0.9, "ı": 1.1},
    unknown=3.0,
    unknown_letter=1.0,
    joint=0.8,
)


def all_analyses(model: MorphModel, letters: str, suffixed: bool) -> Iterator[float]:
    """Costs of every way to write ``letters`` as prefix* stem (suffix* | stem)*."""

    def go_on(at: int, state: int, cost: float) -> Iterator[float]:
        if at == len(letters):
            if state:
                yield cost
            return
        for end in range(at + 1, len(letters) + 1):
            morph = letters[at:end]
            stem = model.unknown + model.unknown_letter * len(morph)
            stem = min(stem, model.stems.get(morph, stem)) + (model.joint if state else 0)
            yield from go_on(end, 1, cost + stem)
            if state == 0 and morph in model.prefixes:
                yield from go_on(end, 0, cost + model.prefixes[morph])
            if state and morph in model.suffixes:
                yield from go_on(end, 2, cost + model.suffixes[morph])

    return go_on(0, 1 if suffixed else 0, 0.0)


def cost_of(model: MorphModel, letters: str, suffixed: bool) -> float:
    path = model.path(letters, suffixed=suffixed)
    ends = [*(begin for begin, _ in path[1:]), len(letters)]
    total, before = 0.0, 1 if suffixed else 0
    for (begin, state), end in zip(path, ends, strict=True):
        morph = letters[begin:end]
        if state == 1:
            stem = model.unknown + model.unknown_letter * len(morph)
            total += min(stem, model.stems.get(morph, stem)) + (model.joint if before else 0)
        else:
            total += (model.prefixes if state == 0 else model.suffixes)[morph]
        before = state
    return total


@pytest.mark.parametrize("suffixed", [False, True])
def test_is_the_cheapest_of_all(suffixed: bool, rng: random.Random) -> None:
    for _ in range(150):
        letters = "".join(rng.choices("kitaplrıönx", k=rng.randint(1, 9)))
        cheapest = min(all_analyses(MODEL, letters, suffixed))
        assert cost_of(MODEL, letters, suffixed) == pytest.approx(cheapest), letters


def test_cuts_words_of_all_cases_and_nothing_else() -> None:
    assert MODEL.cuts(" kitaplar") == [6]
    assert MODEL.cuts(" KITAPLAR, kitapta") == [6, 16]
    assert MODEL.cuts("1234 ...") == []
    assert MODEL.cuts("’larta") == [4]  # after an apostrophe a word may begin with a suffix
    assert MODEL.cuts("kitaplar" * 7) == []
    assert len("kitaplar" * 7) > LONGEST_WORD


@given(st.text(max_size=40))
def test_cuts_are_inside_and_ascend(text: str) -> None:
    cuts = MODEL.cuts(text)
    assert cuts == sorted(set(cuts))
    assert all(0 < cut < len(text) for cut in cuts)


@given(st.text(max_size=20))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold_letters(text, {"I": "ı", "İ": "i"})) == len(text)


def test_dotted_and_dotless() -> None:
    assert fold_letters("İIiı", {"I": "ı", "İ": "i"}) == "iıiı"
    assert fold_letters("İ", {}) == "İ"  # Unicode folds it to two characters
    assert letters_of("e\u0301t, 12x") == ["e\u0301t", "x"]
