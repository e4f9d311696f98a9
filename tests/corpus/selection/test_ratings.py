from __future__ import annotations

import numpy as np
import pytest
from selection_texts import RAW, TOKENIZER, documents

from tokenry.corpus.selection.choosing import choose, combined
from tokenry.corpus.selection.ratings import RatingScorer
from tokenry.errors import CorpusError

CLEAR = np.array([5.0] * 60 + [1.0] * 60)
NEW = np.array([2.0] * 60 + [4.0] * 60)


def test_criteria_are_learnt_apart() -> None:
    scorer = RatingScorer.fit(TOKENIZER, RAW, np.stack([CLEAR, NEW], axis=1), [3.0, 1.0])
    others = [*documents("good", 10, 4), *documents("bad", 10, 4)]
    rated = scorer.rate(others)
    assert rated[:10, 0].min() > 4 > 2 > rated[10:, 0].max()
    assert rated[:10, 1].max() < 3 < rated[10:, 1].min()
    assert scorer.score(others) == pytest.approx(rated @ [0.75, 0.25])
    with pytest.raises(CorpusError, match="ratings of 3 for 120 documents"):
        RatingScorer.fit(TOKENIZER, RAW, [1, 2, 3])


def test_criteria_and_domains_within_a_budget_of_tokens() -> None:
    scores = combined({"clear": CLEAR, "new": NEW}, {"clear": 2.0, "new": 1.0})
    domains = ["maths" if i % 2 else "other" for i in range(120)]
    sizes = TOKENIZER.count_batch(RAW)
    chosen = choose(scores, sizes, sizes.sum() / 4, groups=domains, shares="equal")
    assert set(chosen.tolist()) <= set(range(60))
    taken = {d: sum(int(sizes[i]) for i in chosen if domains[i] == d) for d in ("maths", "other")}
    assert abs(taken["maths"] - taken["other"]) <= sizes.max()
    with pytest.raises(CorpusError, match="weights of old; there are scores by clear, new"):
        combined({"clear": CLEAR, "new": NEW}, {"old": 1.0})
