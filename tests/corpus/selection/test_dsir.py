from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import numpy as np
import pytest

from tokenry.corpus.selection.choosing import choose
from tokenry.corpus.selection.dsir import ImportanceScorer, gumbel
from tokenry.learning import learn

WORDS = {"cook": ["salt", "pepper", "bake", "oven", "flour", "butter", "stir"],
         "code": ["def", "return", "import", "class", "lambda", "yield", "self"]}  # fmt: skip


def documents(kind: str, count: int, seed: int = 0) -> list[bytes]:
    draw = random.Random(f"{kind} {seed}")
    return [" ".join(draw.choices(WORDS[kind], k=12)).encode() for _ in range(count)]


TOKENIZER = learn([*documents("cook", 50, 9), *documents("code", 50, 9)], vocab_size=290)
RAW = [*documents("cook", 100), *documents("code", 100)]


def test_documents_of_the_target_come_first() -> None:
    scorer = ImportanceScorer.fit(TOKENIZER, documents("cook", 30, 1), RAW)
    scores = scorer.score(RAW)
    assert scores[:100].min() > scores[100:].max()
    taken = choose(gumbel(scores), np.ones(200), 80)
    assert set(taken.tolist()) <= set(range(100))
    assert len(set(taken.tolist())) == 80


def test_scores_are_sums_over_grams_of_a_document() -> None:
    """Against the definition, with so many buckets that none is shared."""
    target = documents("cook", 20, 1)
    scorer = ImportanceScorer.fit(TOKENIZER, target, RAW, buckets=1 << 20)

    def grams(text: bytes) -> list[tuple[int, ...]]:
        ids = TOKENIZER.encode(text)
        return [(a,) for a in ids] + list(itertools.pairwise(ids))

    sides = []
    for texts in (target, RAW):
        counts = Counter(gram for text in texts for gram in grams(text))
        total = counts.total()
        sides.append({gram: count / total for gram, count in counts.items()})
    wanted, given = sides
    for text, score in zip(RAW[:20] + RAW[-20:], scorer.score(RAW[:20] + RAW[-20:]), strict=True):
        expected = sum(
            math.log(wanted.get(g, 0) + 1e-8) - math.log(given.get(g, 0) + 1e-8)
            for g in grams(text)
        )
        assert score == pytest.approx(expected)


def test_noise_draws_by_importance() -> None:
    scores = np.log([0.5, 0.25, 0.25])
    first = Counter(int(np.argmax(gumbel(scores, seed))) for seed in range(2000))
    assert first[0] / 2000 == pytest.approx(0.5, abs=0.05)
