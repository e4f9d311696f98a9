from __future__ import annotations

import numpy as np

from experiments.harness.verdicts import Estimate, Verdict
from experiments.learning.clinical_terms import CLINICAL_TERMS
from experiments.learning.k_tokeniser import _better, _half, _over_notes


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
        scores(0.71, 0.69, 0.7, 0.6),
        scores(0.6, 0.5, 0.7, 0.6),
    )
    expected = [Verdict.HOLDS, Verdict.UNDECIDED, Verdict.NOT_HERE]
    assert [_better(each).verdict for each in (clear, slight, worse)] == expected
    assert [_half(each).verdict for each in (clear, slight, worse)] == expected


def test_the_interval_is_over_notes_of_the_mean_over_seeds() -> None:
    assert _over_notes(np.ones((3, 50))) == Estimate(1, 1, 1)
    # Each note right in one seed of two: the mean over seeds does not vary with the notes.
    assert _over_notes(np.stack([np.ones(50), np.zeros(50)])) == Estimate(0.5, 0.5, 0.5)
    found = _over_notes(np.tile(np.arange(100) < 50, (2, 1)).astype(np.float64))
    assert 0.35 < found.low < 0.45 < 0.55 < found.high < 0.65


def test_terms_are_distinct_and_have_no_marks_of_the_list() -> None:
    for terms in CLINICAL_TERMS.values():
        assert len(set(terms)) == len(terms) >= 50
        assert not any("|" in term or not term.strip() for term in terms)
