"""The unsupervised splitter: its sums, what it finds, determinism."""

from __future__ import annotations

import math
import random

import pytest

from tokenry.learning.morphs.morfessor import MorphSearch, learn_morphs

STEMS = ("walk", "jump", "talk", "print", "cook", "visit", "open", "fill", "kick", "climb", "brush")
ENDINGS = ("", "ing", "ed", "er", "s")


def planted() -> dict[str, int]:
    return {stem + ending: 1 for stem in STEMS for ending in ENDINGS}


def test_finds_planted_stems_and_endings() -> None:
    morphs = learn_morphs(planted())
    assert set(STEMS) | {"ing", "ed"} <= set(morphs)
    assert morphs["ing"] == len(STEMS)
    assert "walking" not in morphs


def test_sums_are_those_of_the_analyses(rng: random.Random) -> None:
    words = {"".join(rng.choices("abc", k=rng.randint(1, 9))): rng.randint(1, 9) for _ in range(60)}
    search = MorphSearch(words)
    first = search.cost()
    for _ in range(3):
        search.run_pass(sorted(words))
        counts: dict[str, int] = {}
        for word, count in words.items():
            assert "".join(search.leaves(word)) == word
            for leaf in search.leaves(word):
                counts[leaf] = counts.get(leaf, 0) + count
        assert counts == search.counts
        fresh = MorphSearch(words)
        fresh.counts, fresh.tokens = counts, sum(counts.values())
        fresh.sum_x_log_x = sum(count * math.log(count) for count in counts.values())
        fresh.lexicon_cost = sum(fresh._codes(morph)[-1] for morph in counts)
        assert search.cost() == pytest.approx(fresh.cost())
    assert search.cost() <= first


def test_weight_decides_how_much_is_cut() -> None:
    def cuts(weight: float) -> int:
        return sum(learn_morphs(planted(), corpus_weight=weight).values()) - len(planted())

    assert cuts(8.0) < cuts(1.0) <= cuts(0.2)


def test_same_for_the_same_seed() -> None:
    words = list(planted())
    assert learn_morphs(dict.fromkeys(words, 1)) == learn_morphs(dict.fromkeys(words[::-1], 1))


def test_odd_lists() -> None:
    assert learn_morphs({}) == {}
    assert learn_morphs({"a": 1}) == {"a": 1}
    assert sum(len(m) * n for m, n in learn_morphs({"ab" * 24: 3}).items()) == 48 * 3


def test_progress_can_end_it() -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn_morphs(planted(), progress=stop)
