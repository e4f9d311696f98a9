"""Verdicts by rule: of effects, of amounts with a bound, of facts, and of a claim."""

from __future__ import annotations

import math

import pytest

from experiments.harness.verdicts import (
    Baseline,
    Estimate,
    Verdict,
    check,
    check_bounded,
    fact,
    verdict,
    weakest,
)

HOLDS, IN_DIRECTION, UNDECIDED, NOT_HERE = (
    Verdict.HOLDS,
    Verdict.IN_DIRECTION,
    Verdict.UNDECIDED,
    Verdict.NOT_HERE,
)
NO, SOME, YES = (
    fact("a", "b", holds=False),
    fact("a", "b", holds=False, in_direction=True),
    fact("a", "b", holds=True),
)


def test_a_claim_is_as_good_as_its_weakest_part() -> None:
    unsure = check("a", Estimate(0.0, -1.0, 1.0), matters=0.5)
    assert (
        verdict(
            [
                each.verdict
                for each in (
                    YES,
                    YES,
                )
            ]
        )
        is HOLDS
    )
    assert (
        verdict(
            [
                each.verdict
                for each in (
                    YES,
                    SOME,
                )
            ]
        )
        is IN_DIRECTION
    )
    assert (
        verdict(
            [
                each.verdict
                for each in (
                    SOME,
                    NO,
                    YES,
                )
            ]
        )
        is NOT_HERE
    )
    assert (
        verdict(
            [
                each.verdict
                for each in (
                    SOME,
                    unsure,
                    YES,
                )
            ]
        )
        is UNDECIDED
    )
    assert (
        verdict(
            [
                each.verdict
                for each in (
                    unsure,
                    NO,
                )
            ]
        )
        is NOT_HERE
    )
    with pytest.raises(ValueError, match="without checks"):
        verdict([])
    assert verdict([HOLDS, IN_DIRECTION], [IN_DIRECTION, HOLDS]) is IN_DIRECTION
    assert verdict([HOLDS, HOLDS], [HOLDS, NOT_HERE]) is UNDECIDED
    assert verdict([NOT_HERE], [NOT_HERE]) is NOT_HERE
    with pytest.raises(ValueError, match="shorter"):
        verdict([HOLDS, HOLDS], [HOLDS])


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Estimate(0.4, 0.3, 0.5), HOLDS),
        (Estimate(0.33, 0.01, 0.6), HOLDS),
        (Estimate(0.2, 0.1, 0.4), IN_DIRECTION),  # sure, and smaller than claimed
        (Estimate(0.05, 0.01, 0.1), IN_DIRECTION),  # up to what matters
        (Estimate(0.05, 0.01, 0.09), NOT_HERE),  # sure, and too small to matter
        (Estimate(0.4, -0.1, 0.9), UNDECIDED),  # however large
        (Estimate(0.05, 0.0, 0.1), UNDECIDED),
        (Estimate(-0.01, -0.54, 0.48), UNDECIDED),  # S012
        (Estimate(0.02, -0.05, 0.09), NOT_HERE),
        (Estimate(-0.3, -0.4, -0.2), NOT_HERE),
        (Estimate(0.4), UNDECIDED),  # one run without an interval
    ],
)
def test_an_effect_is_judged_by_its_interval(effect: Estimate, expected: Verdict) -> None:
    assert check("a", effect, claimed=0.33, matters=0.1).verdict is expected


@pytest.mark.parametrize(
    ("baseline", "end", "expected"),
    [
        (Baseline(99.8, floor=0, ceiling=100), "ceiling", UNDECIDED),  # S035
        (Baseline(0.4, floor=0, ceiling=100), "floor", UNDECIDED),
        (Baseline(98.0, floor=0, ceiling=100), "", NOT_HERE),
        (Baseline(99.8), "", NOT_HERE),
    ],
)
def test_nothing_shows_at_the_end_of_a_scale(
    baseline: Baseline, end: str, expected: Verdict
) -> None:
    found = check("a", Estimate(0.2, -0.1, 0.4), matters=1.0, baseline=baseline)
    assert (found.end, found.verdict) == (end, expected)


def test_the_opposite_shows_at_the_end_of_a_scale_too() -> None:
    ceiling = Baseline(100.0, ceiling=100.0)
    assert check("a", Estimate(-9, -10, -8), matters=1.0, baseline=ceiling).verdict is NOT_HERE
    floor = Baseline(0.0, floor=0.0)
    assert check("a", Estimate(9, 8, 10), matters=1.0, baseline=floor).verdict is HOLDS


def test_of_several_effects_the_weakest_counts_unless_all_together_show_the_direction() -> None:
    sure, unsure, none = Estimate(0.4, 0.3, 0.5), Estimate(0.1, -0.2, 0.4), Estimate(0, -0.1, 0.05)
    both = {"a": sure, "b": sure}
    assert check("x", both, matters=0.1).verdict is HOLDS
    assert check("x", {**both, "c": unsure}, matters=0.1).verdict is UNDECIDED
    assert check("x", {**both, "c": none}, matters=0.1).verdict is NOT_HERE
    found = check("x", {**both, "c": none}, matters=0.1, overall=sure)
    assert found.verdict is IN_DIRECTION
    assert (found.effects["c"], found.overall) == (none, sure)
    assert check("x", {"c": none}, matters=0.1, overall=unsure).verdict is UNDECIDED


def test_an_amount_is_within_a_bound_only_where_its_interval_is() -> None:
    within, above, across = Estimate(0, -1, 1), Estimate(3, 2, 4), Estimate(0, -1, 2)
    assert check_bounded("a", within, 1.0).verdict is HOLDS
    assert check_bounded("a", above, 1.0).verdict is NOT_HERE
    assert check_bounded("a", across, 1.0).verdict is UNDECIDED
    assert check_bounded("a", {"one": within, "two": across}, 1.0).verdict is UNDECIDED
    assert check_bounded("a", Estimate(0.0), 1.0).verdict is UNDECIDED


def test_a_loose_bound_is_for_the_direction() -> None:
    for amount, expected in (
        (Estimate(0, -1, 1), HOLDS),
        (Estimate(1.5, 1.1, 2), IN_DIRECTION),
        (Estimate(1.5, 0, 2), IN_DIRECTION),
        (Estimate(1.5, 0, 4), UNDECIDED),
        (Estimate(5, 4, 6), NOT_HERE),
    ):
        assert check_bounded("a", amount, 1.0, loose=3.0).verdict is expected
    with pytest.raises(ValueError, match="loose bound"):
        check_bounded("a", Estimate(0.0), 1.0, loose=0.5)


@pytest.mark.parametrize(("matters", "claimed"), [(0.0, 0.3), (-0.1, 0.3), (0.4, 0.3)])
def test_what_matters_lies_between_none_and_what_is_claimed(matters: float, claimed: float) -> None:
    with pytest.raises(ValueError, match="would matter"):
        check("a", Estimate(1, 0, 2), matters=matters, claimed=claimed)


@pytest.mark.parametrize("ends", [(1.0, 2.0, 1.0), (math.nan, 0.0, 1.0), (1.0, math.nan, 2.0)])
def test_an_interval_has_its_ends_in_order(ends: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="no estimate"):
        Estimate(*ends)


def test_arithmetic_of_estimates() -> None:
    one = Estimate(2.0, 1.0, 4.0)
    assert -one == Estimate(-2.0, -4.0, -1.0)
    assert 1 - one == Estimate(-1.0, -3.0, 0.0)
    assert one - 1.0 == Estimate(1.0, 0.0, 3.0)
    assert one - Estimate(1.0, 0.5, 1.5) == Estimate(1.0, -0.5, 3.5)
    assert one * -2 == Estimate(-4.0, -8.0, -2.0)
    assert f"{Estimate(3.0):.1f}" == "3.0 (no interval)"


def test_verdicts_from_the_weakest() -> None:
    assert list(Verdict) == [NOT_HERE, UNDECIDED, IN_DIRECTION, HOLDS]
    assert weakest([HOLDS, UNDECIDED, IN_DIRECTION]) is UNDECIDED
