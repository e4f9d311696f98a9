from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from experiments.harness.verdicts import Verdict
from experiments.learning.compound_piece import Trial, _balanced, _beats, _easy, _favours, _right
from experiments.learning.gold_compounds import Gold
from tokenry.learning import learn
from tokenry.learning.compounds.frequency_splitting import FrequencySplitter

GOLD = Gold("German", (), Counter(), (("hausboot", (4,)), ("bootsteg", (4,))), ("steg",))


def trial(hyphens: list[float], frequency: list[float]) -> Trial:
    sides = {"hyphens": np.array(hyphens), "frequency": np.array(frequency)}
    return Trial(GOLD, sides, {name: np.array([1.0, 0.0]) for name in sides})


def test_right_is_where_every_cut_is() -> None:
    splitter = FrequencySplitter(Counter({"haus": 9, "boot": 9, "boo": 50}))
    assert _right(splitter, GOLD.compounds).tolist() == [1, 0]
    assert _right(splitter, [("steg", ())]).tolist() == [1]


def test_both_kinds_of_words_weigh_the_same() -> None:
    assert _balanced(trial([1, 1, 0, 1], [0, 0, 0, 1]), "hyphens") == pytest.approx(0.625)
    assert _balanced(trial([1, 1, 0, 1], [0, 0, 0, 1]), "frequency") == pytest.approx(0.375)


def test_verdicts_follow_the_figures() -> None:
    better, worse = [1.0] * 60, [0.0] * 60
    assert _beats([[trial(better, worse)]], 0).verdict is Verdict.HOLDS
    assert _beats([[trial(worse, better)]], 0).verdict is Verdict.NOT_HERE
    uneven = [*worse[:-1], 1.0]
    assert _beats([[trial(uneven, worse)]], 0).verdict is Verdict.UNDECIDED
    gains = [("English", 8_000, np.ones(50)), ("German", 8_000, -np.ones(50) / 10)]
    assert _favours(gains[:1]).verdict is Verdict.HOLDS
    assert _favours(gains).verdict is Verdict.IN_DIRECTION
    assert _favours(gains[1:]).verdict is Verdict.NOT_HERE


def test_a_compound_is_easy_where_a_token_ends_at_each_boundary() -> None:
    tokenizer = learn([b" haus boot" * 50], kind="bpe", vocab_size=263)
    pieces = [tokenizer.vocabulary[id_] for id_ in tokenizer.encode(" hausboot")]
    ends = np.cumsum([len(piece or b"") for piece in pieces]).tolist()
    assert _easy(tokenizer, GOLD).tolist()[0] == float(5 in ends)
    whole = learn([b" hausboot" * 50], kind="bpe", vocab_size=264)
    assert _easy(whole, GOLD).tolist()[0] == 0
