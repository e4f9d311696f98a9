"""What experiments state: verdicts by rule, tables that fit."""

from __future__ import annotations

import pytest

from experiments.harness.experiment import Table, Verdict, check, verdict

NO, SOME, YES = (
    check("a", "b", holds=False),
    check("a", "b", holds=False, in_direction=True),
    check("a", "b", holds=True),
)


def test_a_claim_is_as_good_as_its_weakest_part() -> None:
    assert verdict([YES, YES]) is Verdict.HOLDS
    assert verdict([YES, SOME]) is Verdict.IN_DIRECTION
    assert verdict([SOME, NO, YES]) is Verdict.NOT_HERE
    with pytest.raises(ValueError, match="without checks"):
        verdict([])


def test_a_table_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="1 cells"):
        Table("t", ("a", "b"), (("only",),))
