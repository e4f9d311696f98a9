"""The small form of `make fuzz`: every contest, a few cases each."""

from __future__ import annotations

import fuzz

from shares import SEED, share


def test_every_contest_finds_no_difference() -> None:
    done = fuzz.run(cases=share(6_000), seconds=60, seed=SEED)
    assert sum(done.values()) >= share(6_000)
    assert min(done.values()) > 0
