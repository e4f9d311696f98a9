"""Every schedule, budget and average, from its start to its end."""

from __future__ import annotations

import doctest
from importlib import import_module
from itertools import pairwise

import pytest
from tiny_parts import example

from tokenry.errors import PartError
from tokenry.neural import PARTS
from tokenry.neural.training import Spent
from tokenry.neural.training.averages.ema import Ema
from tokenry.neural.training.schedules.cosine import Cosine
from tokenry.neural.training.schedules.stable_decay import StableDecay
from tokenry.neural.training.schedules.warmup import Warmup

SHARES = [step / 200 for step in range(1, 201)]


def of(slot: str) -> list[str]:
    return [name for name in PARTS if name.startswith(f"{slot}/")]


@pytest.mark.parametrize("name", of("schedules"))
def test_a_schedule_stays_between_nothing_and_the_full_rate(name: str) -> None:
    for schedule in (example(name), Warmup(share=0.3, then=example(name))):
        factors = [schedule.factor(share) for share in SHARES]
        assert all(0 <= factor <= 1 for factor in factors)
        assert max(factors) > 0.98
        jumps = [abs(a - b) for a, b in pairwise(factors)]
        assert max(jumps) < 0.2
    assert doctest.testmod(import_module(PARTS.entry(name).module)).failed == 0


def test_warmup_stable_decay_is_three_lines() -> None:
    schedule = Warmup(share=0.2, then=StableDecay(decay=0.5))
    found = [round(schedule.factor(share), 6) for share in (0.1, 0.2, 0.5, 0.6, 0.8, 1.0)]
    assert found == [0.5, 1.0, 1.0, 1.0, 0.5, 0.0]


@pytest.mark.parametrize("name", of("budgets"))
def test_a_budget_fills_from_nothing(name: str) -> None:
    budget = example(name)
    spents = [
        Spent(steps=n, bytes=n * 10, flops=n * 1e3, seconds=n * 60.0) for n in range(0, 200, 5)
    ]
    shares = [budget.share(spent) for spent in spents]
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] >= 1


@pytest.mark.parametrize("name", of("averages"))
def test_an_average_takes_in_a_share(name: str) -> None:
    shares = [example(name).share(step) for step in range(1, 3000)]
    assert shares[0] > 0.5
    assert all(0 < share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)


def test_what_cannot_be_is_refused() -> None:
    for make in (
        lambda: Cosine(end=2),
        lambda: Warmup(share=1.0),
        lambda: StableDecay(decay=0),
        lambda: Ema(decay=1.0),
    ):
        with pytest.raises(PartError, match="expected"):
            make()
