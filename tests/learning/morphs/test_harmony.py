"""Vowels and the forms of suffixes, found in words."""

from __future__ import annotations

import itertools

import pytest

from tokenry.learning.morphs.harmony import find_vowels, learn_choices

BACK, FRONT = ("kap", "sol", "kur", "bal", "top"), ("ev", "diş", "göl", "el", "iş")


def words() -> dict[str, int]:
    found = {stem + form: 1 for stem in BACK for form in ("lar", "da" if stem[-1] == "l" else "ta")}
    plain = "araba oda kedi masa üzüm kutu örümcek ıtır baba sakal zeki fikir ütü ada ebe ülke"
    found |= dict.fromkeys(plain.split(), 1)
    found |= {stem + form: 1 for stem in FRONT for form in ("ler", "de")}
    return found


def test_vowels_of_english(prose_text: str) -> None:
    vowels = find_vowels({word for word in prose_text.lower().split() if word.isalpha()})
    assert set("aeiou") <= set(vowels)
    assert not set(vowels) & set("bcdfhjlmnprstvwxz")


def test_odd_words() -> None:
    assert find_vowels([]) == ""
    assert find_vowels(["a", "bb"]) == ""


def test_harmony_and_hardening_are_found() -> None:
    ends = {**dict.fromkeys(("lar", "ler"), 3), **dict.fromkeys(("lda", "pta", "rta"), 2)}
    ends |= dict.fromkeys(("vde", "şde", "lde"), 2)
    analyses = {w: [0, len(w) - ends[w[-3:]]] if w[-3:] in ends else [0] for w in words()}
    groups = (("ler", "lar"), ("da", "de", "ta", "te"))
    rule = learn_choices(groups, words(), analyses, {})
    predicted = {
        stem: tuple(
            rule.groups[group][rule.predict(group, context)]
            for group in range(2)
            if (context := rule.context(f" {stem}")) is not None
        )
        for stem in itertools.chain(BACK, FRONT, ["pul", "kol"])
    }
    assert predicted["kap"] == ("lar", "ta")
    assert predicted["bal"] == predicted["kol"] == ("lar", "da")
    assert predicted["ev"] == predicted["diş"] == ("ler", "de")
    assert {form for forms in rule.groups for form in forms} == {
        form for forms in groups for form in forms
    }


def test_the_most_frequent_form_comes_first() -> None:
    rule = learn_choices((("x", "y"),), {"ay": 3, "ax": 1}, {"ay": [0, 1], "ax": [0, 1]}, {})
    assert rule.groups == (("y", "x"),)


def test_a_group_that_no_word_has() -> None:
    rule = learn_choices((("x", "y"),), {"ab": 1}, {"ab": [0]}, {})
    assert rule.predict(0, ("a", "b")) == pytest.approx(0)
