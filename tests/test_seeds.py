"""Seeds: the same for the same purpose, unrelated for others."""

from __future__ import annotations

from tokenry.seeds import derived, generator


def test_depend_on_seed_and_purpose_alone() -> None:
    assert derived(0, "a", 1) == derived(0, "a", 1)
    seeds = {derived(seed, name, at) for seed in range(9) for name in "abc" for at in range(9)}
    assert len(seeds) == 9 * 3 * 9
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert generator(3, "x").random() == generator(3, "x").random()
