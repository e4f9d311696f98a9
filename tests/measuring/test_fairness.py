from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import CorpusError
from tokenry.measuring import gini, premiums
from tokenry.measuring.fairness import lorenz, premium_matrix, split_sets


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_gini_against_all_pairs(values: list[int]) -> None:
    n, mean = len(values), sum(values) / len(values)
    brute = sum(abs(a - b) for a in values for b in values) / (2 * n * n * mean)
    assert gini(values) == pytest.approx(brute, abs=1e-12)


def test_premium_is_a_ratio_of_sums(tokenizer) -> None:
    parallel = {"eng": ["abab", "xy", ""], "deu": ["ababab", "xyz", ""], "fra": ["ab", "x", ""]}
    found = premiums(tokenizer, parallel, "eng")
    assert [(row.language, row.tokens) for row in found.premiums] == [
        ("fra", 2),
        ("eng", 4),
        ("deu", 6),
    ]
    assert [row.value for row in found.premiums] == [0.5, 1.0, 1.5]
    assert found.gini == pytest.approx(gini([2, 4, 6]))
    reference = found.premiums[1].interval
    assert reference is not None
    assert (reference.low, reference.high) == (1.0, 1.0)  # lines of all languages drawn together
    assert found.to_json()["denominator"] == "tokens of 3 lines in 'eng'"


@pytest.mark.parametrize(
    ("parallel", "message"),
    [
        ({"eng": ["a"], "deu": ["a", "b"]}, "deu 2"),
        ({"eng": ["a"]}, "at least two"),
        ({"deu": ["a"], "fra": ["b"]}, "'eng' is not among"),
        ({"eng": [""], "deu": ["b"]}, "every line is empty"),
    ],
)
def test_text_that_cannot_be_compared_is_refused(tokenizer, parallel, message) -> None:
    with pytest.raises(CorpusError, match=message):
        premiums(tokenizer, parallel, "eng")


def test_the_lorenz_curve_bends_with_inequality() -> None:
    assert lorenz([2, 2]).tolist() == [0, 0.5, 1]
    unequal = lorenz([1, 3])
    assert unequal.tolist() == [0, 0.25, 1]
    values = [3, 1, 4, 1, 5]
    # The Gini coefficient is twice the area between the curve and the line of equality.
    curve = lorenz(values)
    area = sum((a + b) / 2 for a, b in pairwise(curve.tolist())) / (len(curve) - 1)
    assert gini(values) == pytest.approx(1 - 2 * area)


def test_the_matrix_holds_every_pair() -> None:
    matrix = premium_matrix({"a": 10, "b": 20})
    assert matrix.tolist() == [[1, 0.5], [2, 1]]


def test_languages_in_and_out_of_the_set(tokenizer) -> None:
    text = {"en": ["ab ab"] * 3, "de": ["ab abc"] * 3, "el": ["αβ γδ"] * 3, "ru": ["аб вг"] * 3}
    found = premiums(tokenizer, text, "en")
    sets = split_sets(found, ["en", "de"])
    assert sets.premium_in < sets.premium_out
    assert sets.gini_out == 0
    assert split_sets(found, ["en"]).gini_in is None
    with pytest.raises(CorpusError, match="'xx' is named"):
        split_sets(found, ["xx"])
