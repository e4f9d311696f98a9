from __future__ import annotations

import numpy as np

from experiments.harness.experiment import Verdict
from experiments.learning.clinical_terms import CLINICAL_TERMS
from experiments.learning.k_tokeniser import _better, _half, _interval


def scores(semantic: float, semantic_half: float, base: float, base_half: float) -> dict:  # type: ignore[type-arg]
    def right(share: float) -> np.ndarray:  # type: ignore[type-arg]
        return np.tile(np.arange(200) < 200 * share, (3, 1)).astype(np.float64)

    return {
        ("K-Tokeniser", 1.0): right(semantic),
        ("K-Tokeniser", 0.5): right(semantic_half),
        ("BPE", 1.0): right(base),
        ("BPE", 0.5): right(base_half),
    }


def test_verdicts_follow_the_figures() -> None:
    clear, slight, worse = (
        scores(0.9, 0.8, 0.7, 0.6),
        scores(0.705, 0.65, 0.7, 0.6),
        scores(0.6, 0.5, 0.7, 0.6),
    )
    assert [_better(each).verdict for each in (clear, slight, worse)] == [*Verdict]
    assert [_half(each).verdict for each in (clear, slight, worse)] == [*Verdict]


def test_the_interval_is_over_notes_of_the_mean_over_seeds() -> None:
    assert _interval(np.ones((3, 50))) == (1, 1)
    # Each note right in one seed of two: the mean over seeds does not vary with the notes.
    assert _interval(np.stack([np.ones(50), np.zeros(50)])) == (0.5, 0.5)
    low, high = _interval(np.tile(np.arange(100) < 50, (2, 1)).astype(np.float64))
    assert 0.35 < low < 0.45 < 0.55 < high < 0.65


def test_terms_are_distinct_and_have_no_marks_of_the_list() -> None:
    for terms in CLINICAL_TERMS.values():
        assert len(set(terms)) == len(terms) >= 50
        assert not any("|" in term or not term.strip() for term in terms)
