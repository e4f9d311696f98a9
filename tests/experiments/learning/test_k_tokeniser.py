from __future__ import annotations

import numpy as np

from experiments.harness.verdicts import Verdict
from experiments.learning.clinical_terms import CLINICAL_TERMS
from experiments.learning.k_tokeniser import FOLDS, _better, _half, best_rate, folds


def scores(semantic: float, semantic_half: float, base: float) -> dict:  # type: ignore[type-arg]
    def right(share: float) -> np.ndarray:  # type: ignore[type-arg]
        return np.tile(np.arange(200) < 200 * share, (3, 1)).astype(np.float64)

    return {
        ("K-Tokeniser", 1.0): right(semantic),
        ("K-Tokeniser", 0.5): right(semantic_half),
        ("BPE", 1.0): right(base),
    }


def test_verdicts_follow_the_figures() -> None:
    clear, slight, worse = (
        scores(0.9, 0.8, 0.7),
        scores(0.71, 0.69, 0.7),
        scores(0.6, 0.5, 0.7),
    )
    expected = [Verdict.HOLDS, Verdict.UNDECIDED, Verdict.NOT_HERE]
    assert [_better(each).verdict for each in (clear, slight, worse)] == expected
    assert [_half(each).verdict for each in (clear, slight, worse)] == expected


def test_every_note_is_in_one_fold_and_folds_differ_by_seed() -> None:
    parts = folds(103, seed=1)
    assert len(parts) == FOLDS
    assert sorted(np.concatenate(parts).tolist()) == list(range(103))
    assert parts[0].tolist() != folds(103, seed=2)[0].tolist()


def test_the_best_rate_is_the_lowest_of_equals() -> None:
    searched = {("a", 6e-3): 0.5, ("a", 3e-3): 0.5, ("b", 1e-3): 0.9}
    assert best_rate(searched, "a") == 3e-3


def test_terms_are_distinct_and_have_no_marks_of_the_list() -> None:
    for terms in CLINICAL_TERMS.values():
        assert len(set(terms)) == len(terms) >= 50
        assert not any("|" in term or not term.strip() for term in terms)
