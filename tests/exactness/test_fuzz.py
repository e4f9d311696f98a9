"""The small form of `make fuzz`: every contest, a few cases each."""

from __future__ import annotations

import fuzz


def test_every_contest_finds_no_difference() -> None:
    done = fuzz.run(cases=6_000, seconds=60, seed=1)
    assert sum(done.values()) >= 6_000
    assert min(done.values()) > 0
