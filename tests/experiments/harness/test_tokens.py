"""Tokens by domain, and what is saved in each."""

from __future__ import annotations

import pytest

from experiments.harness.tokens import ALL, count, least_sure, percent, savings
from experiments.harness.verdicts import Estimate
from tokenry.learning import learn

HELD = {"cats": ["the cat sat", "the cat ran"], "numbers": ["12 34", "56 78", "90"]}


def test_savings_by_domain_and_over_all() -> None:
    small, large = (learn(["the cat sat on the mat " * 20], vocab_size=n) for n in (256, 262))
    before, after = count(small, HELD), count(large, HELD)
    assert before["cats"].tolist() == [len(text) for text in HELD["cats"]]
    assert list(before) == ["cats", "numbers", ALL]
    assert before[ALL].sum() == sum(len(text) for texts in HELD.values() for text in texts)
    saved = savings(before, after)
    assert saved["numbers"] == Estimate(0, 0, 0)
    assert saved["cats"].low > 0
    assert saved[ALL].value == pytest.approx(1 - after[ALL].sum() / before[ALL].sum())
    assert least_sure(saved) == ["numbers"]


def test_percent_of_an_estimate() -> None:
    assert percent(Estimate(0.12345, 0.1, 0.2)) == (12.35, 10.0, 20.0)
