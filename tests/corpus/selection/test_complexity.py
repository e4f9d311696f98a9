from __future__ import annotations

import numpy as np
import pytest
from selection_texts import RAW, TOKENIZER

from tokenry.corpus.selection.complexity import (
    ComplexityScorer,
    complexity_sample,
    difficult_of_each,
    instruction_difficulty,
)
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.errors import CorpusError


def test_the_most_difficult_of_each_group_that_help_at_all() -> None:
    difficulties = [0.9, 0.1, 1.0, 0.5, 0.8, 0.7, 0.2, 3.0]
    groups = [0, 0, 0, 0, 1, 1, 1, 1]
    assert difficult_of_each(difficulties, groups).tolist() == [0, 3, 4, 5]
    assert difficult_of_each(difficulties, groups, share=0.1).tolist() == [0, 4]
    assert difficult_of_each([2.0], [0]).tolist() == []
    with pytest.raises(CorpusError, match="expected equal"):
        difficult_of_each([1.0], [0, 1])


def test_difficulty_is_a_ratio_of_perplexities() -> None:
    behind, alone = np.log([2.0, 8.0]), np.log([4.0, 8.0])
    assert instruction_difficulty(behind, alone) == pytest.approx([0.5, 1.0])


def test_a_sample_keeps_the_kinds() -> None:
    difficulties = np.linspace(0.1, 0.9, len(RAW))  # all of one kind are easier
    chosen = complexity_sample(TOKENIZER, RAW, difficulties, clusters=2)
    assert sorted((chosen < 60).tolist()) == [False] * 24 + [True] * 24
    assert set(chosen.tolist()) == {*range(36, 60), *range(96, 120)}


def test_scores_are_standard_within_clusters() -> None:
    scorer = ComplexityScorer.of(SelectionTask(TOKENIZER, RAW))
    scores, labels = scorer.score(RAW), scorer.clusters.labels(RAW)
    for label in set(labels.tolist()):
        own = scores[labels == label]
        assert own.mean() == pytest.approx(0.0, abs=1e-9)
        assert own.std() == pytest.approx(1.0 if len(own) > 1 else 0.0, abs=1e-6)
