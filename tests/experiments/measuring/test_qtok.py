"""Tables with Qtok's denominators, beside Qtok itself where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.measuring.qtok import distance
from experiments.measuring.qtok_models import Model
from experiments.measuring.qtok_published import changed_orders
from experiments.measuring.qtok_tables import (
    OTHER,
    alpha_class,
    language_shares,
    language_table,
    script_table,
)
from tokenry.measuring.vocabulary import MakeUp

WORDS = (
    "the",
    "and",
    "ing",
    "le",
    "der",
    "und",
    "ı",
    "ğı",
    "жи",
    "ал",
    "の",
    "一",
    "۱",
    "12",
    "a1",
)
MODELS = {
    "one": [*WORDS, *(f" {word}" for word in WORDS), "!", " !", "x", "é", "日本"],
    "two": [*WORDS[::2], *(f" {word}" for word in WORDS[:9]), "#", "Ω", "ab cd"],
    "three": [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"],
}
USERS = {
    "the": ["en"],
    " the": ["en"],
    "and": ["en", "de"],
    " and": ["en", "de"],
    "ing": ["en", "de", "tr"],
    "le": ["fr", "tr"],
    " le": ["fr"],
    "der": ["de"],
    "ğı": ["tr"],
    **{f"a{b}": ["en", "fr", "de", "tr"] for b in "klmnopqrst"},
    "bk": ["cs"],
}


@pytest.fixture(name="theirs")
def _theirs() -> Callable[[str], Any]:
    """Qtok's tables of `MODELS`, as rows of cells by model."""
    pytest.importorskip("qtok")
    from qtok.qtoklib.classification import get_classification
    from qtok.qtoklib.tables import get_language_table, get_unicode_tables

    vocabularies = {
        name: {each: i for i, each in enumerate(tokens)} for name, tokens in MODELS.items()
    }
    everything = {each: [0] for tokens in MODELS.values() for each in tokens}
    meta, _ = get_classification(everything)

    def table(kind: str) -> dict[str, dict[str, float]]:
        if kind == "languages":
            found, _ = get_language_table(vocabularies, everything, meta, USERS)
        else:
            found = get_unicode_tables(vocabularies, everything, meta)
        head, *rows = found
        cells = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
        return {name: {model: cells[model][name] for model in cells} for name in head[1:]}

    return table


def _ours() -> dict[str, list[str]]:
    """Qtok puts the union of all vocabularies into its tables, as a model of its own."""
    union = dict.fromkeys(each for tokens in MODELS.values() for each in tokens)
    return {"Qtok": list(union), **MODELS}


@pytest.mark.filterwarnings("ignore")
def test_language_table_is_the_published_one(theirs: Callable[[str], Any]) -> None:
    expected = theirs("languages")
    found = language_table(_ours(), USERS)
    assert expected.keys() == found.keys()
    for row, cells in expected.items():
        assert found[row] == pytest.approx(cells), row


@pytest.mark.filterwarnings("ignore")
def test_script_table_is_the_published_one(theirs: Callable[[str], Any]) -> None:
    expected = theirs("scripts")
    found = script_table(_ours())
    assert expected.keys() == found.keys()
    for row, cells in expected.items():
        assert found[row] == pytest.approx(cells), row


def test_classes_of_tokens() -> None:
    classes = [alpha_class(each) for each in ("ʒ", " a", "ab", " жи", "aж", "a b", "1", "a", "日")]
    expected = ["LATIN (char)", "LATIN (spaced)", "LATIN (inner)", "CYRILLIC (spaced)"]
    assert classes == [*expected, None, None, None, None, "CJK (char)"]


def test_a_shared_token_counts_several_times() -> None:
    shares = language_shares(["the", "and", "ing"], USERS)
    assert sum(shares.values()) == pytest.approx(100 * 3 / 6)
    assert shares["en"] == pytest.approx(100 * (1 + 1 / 2 + 1 / 3) / 6)


def test_a_model_changes_the_rows_of_another() -> None:
    many = [f"{a}{b}" for a in "cdefghijklmnopqrst" for b in "abcdefghijklmnop"]
    users = {**{each: ["en"] for each in many}, "bk": ["cs"], "ak": ["en"]}
    alone = language_table({"small": ["bk", *many]}, users)
    assert "cs" not in alone
    assert alone[OTHER]["small"] > 0
    together = language_table({"small": ["bk", *many], "other": ["bk", "ak"]}, users)
    assert together["cs"] == {"small": alone[OTHER]["small"], "other": 50.0}
    assert OTHER not in together


def test_distance_of_make_ups() -> None:
    words, bytes_ = MakeUp({"word": 4}, 4), MakeUp({"byte": 9}, 9)
    assert distance(words, words) == 0
    assert distance(words, bytes_) == 1
    assert distance(words, MakeUp({"word": 1, "byte": 1}, 2)) == 0.5


def test_orders_that_change() -> None:
    from tokenry.measuring.languages import LanguageMakeUp

    none = MakeUp({}, 0)

    def model(english: float) -> Model:
        return Model([], none, none, {}, LanguageMakeUp({"en": english}, 0, 10))

    models = {"a": model(4), "b": model(6), "c": model(8)}
    shares = {"a": {"en": 30.0}, "b": {"en": 20.0}, "c": {"en": 40.0}}
    orders, pairs = changed_orders(shares, models)
    assert [each.models for each in orders] == [("a", "b")]
    assert pairs == 3
