from __future__ import annotations

import numpy as np
from selection_texts import RAW, TOKENIZER, documents

from tokenry.corpus.selection.distinct import DistinctScorer, signature


def test_copies_are_found_and_changed_ones_nearly() -> None:
    long = documents("good", 3, 1, 300) + documents("bad", 3, 1, 300)
    changed = [text.replace(b"proof", b"lemma", 1) for text in long]
    scores = DistinctScorer(TOKENIZER).score([*long, *changed, *long])
    assert (scores[:6] > 0.5).all()
    assert (scores[6:9] < 0.4).all()
    assert (scores[12:] == 0.0).all()


def test_what_was_seen_stays_seen() -> None:
    scorer = DistinctScorer(TOKENIZER)
    scorer.score(RAW[:10])
    assert scorer.score(RAW[:5]).tolist() == [0.0] * 5
    assert DistinctScorer(TOKENIZER).score(RAW[:5]).min() > 0


def test_equal_places_estimate_the_share_of_runs() -> None:
    """Against the share itself, within what 64 hashes can tell."""
    draw = np.random.default_rng(0)
    errors = []
    for _ in range(30):
        first = draw.integers(0, 300, 400).astype(np.uint32)
        second = first.copy()
        second[: int(draw.integers(0, 300))] = draw.integers(300, 600)
        runs = [
            {tuple(ids[i : i + 5]) for i in range(len(ids) - 4)}
            for ids in (first.tolist(), second.tolist())
        ]
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        errors.append(float((signature(first) == signature(second)).mean()) - true)
    assert abs(np.mean(errors)) < 0.04
    assert np.std(errors) < 0.1


def test_short_and_empty() -> None:
    assert DistinctScorer(TOKENIZER).score([b"", b"a", b"a"])[2] == 0.0
    long = np.arange(20_000, dtype=np.uint32)
    assert signature(long).shape == (64,)
