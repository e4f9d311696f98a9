"""Plans made of plans, held to the rows that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tokenry.errors import ModelError
from tokenry.transfer import FirstOf, Mix, Renorm, RowInitialiser, RowPlan, TransferContext
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.gaussian import GaussianRows
from tokenry.transfer.initialisers.least_squares import LeastSquaresMap
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.initialisers.omp import MatchingPursuit
from tokenry.transfer.initialisers.subpieces import SubpieceMean
from tokenry.transfer.row_plan import Role


@dataclass(frozen=True)
class Every:
    """Makes rows of every n-th id alone."""

    inner: RowInitialiser
    step: int

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        wanted = context.wanted[context.wanted % self.step == 0]
        return self.inner.plan(context.restricted(wanted), role)


def rows(made: RowInitialiser, context: TransferContext) -> np.ndarray:
    return made.plan(context, "input").rows(context.rows("input"))


def test_first_of(context: TransferContext) -> None:
    first, second = Every(SubpieceMean(), 3), Every(LeastSquaresMap(), 2)
    plan = FirstOf((first, second, MeanRow())).plan(context, "input")
    found = plan.rows(context.rows("input"))
    expected = rows(MeanRow(), context)
    for each in (second, first):
        covered = each.plan(context, "input").covered
        expected[covered] = rows(each, context)[covered]
    assert np.allclose(found, expected, atol=1e-6)
    assert plan.covered.all()
    assert set(plan.counts()) == {"sub-piece mean", "least squares", "mean"}


def test_later_ones_are_asked_for_the_rest(context: TransferContext) -> None:
    asked: list[int] = []

    @dataclass(frozen=True)
    class Asking:
        def plan(self, context: TransferContext, role: Role) -> RowPlan:
            asked.append(len(context.wanted))
            return MeanRow().plan(context, role)

    FirstOf((CopiedRows(), Asking(), Asking())).plan(context, "input")
    assert asked == [context.size - len(context.matches.matched)]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_mix(context: TransferContext, share: float) -> None:
    first, second = Every(MatchingPursuit(k=2), 2), Every(LeastSquaresMap(), 3)
    plan = Mix(first, second, share).plan(context, "input")
    found = plan.rows(context.rows("input"))
    one, two = rows(first, context), rows(second, context)
    ids = np.arange(len(plan))
    known = [each.plan(context, "input").covered for each in (first, second)]
    expected = np.where((ids % 6 == 0)[:, None], share * one + (1 - share) * two, one + two)
    assert np.allclose(found, expected, atol=1e-5)
    assert np.array_equal(plan.covered, known[0] | known[1])
    assert "omp+least squares" in plan.counts()


def test_mix_of_two_dense_rows(context: TransferContext) -> None:
    plan = Mix(MeanRow(), LeastSquaresMap(), 0.25).plan(context, "output")
    expected = 0.25 * MeanRow().plan(context, "output").rows(context.rows("output"))
    expected += 0.75 * LeastSquaresMap().plan(context, "output").rows(context.rows("output"))
    known = LeastSquaresMap().plan(context, "output").covered
    assert np.allclose(plan.rows(context.rows("output"))[known], expected[known], atol=1e-5)


def test_renorm(context: TransferContext) -> None:
    old = context.rows("input")
    inner = FirstOf((CopiedRows(), Every(SubpieceMean(), 2), MeanRow()))
    plan, before = Renorm(inner).plan(context, "input"), inner.plan(context, "input")
    shared = context.matches.old_of_new[context.anchors]
    usual = np.median(np.linalg.norm(old[shared], axis=1))
    copied = context.matches.matched
    assert np.array_equal(plan.rows(old)[copied], before.rows(old)[copied])
    several = np.flatnonzero(np.diff(before.offsets) != 1)
    lengths = np.linalg.norm(plan.rows(old)[several], axis=1)
    assert np.allclose(lengths, usual, rtol=1e-4)
    directions = (plan.rows(old) * before.rows(old)).sum(1)
    assert (directions[several] > 0).all()
    assert len(plan.dense) == 1  # one mean, scaled once


def test_renorm_leaves_rows_of_nothing(context: TransferContext) -> None:
    @dataclass(frozen=True)
    class Nothing:
        def plan(self, context: TransferContext, role: Role) -> RowPlan:
            plan = MeanRow().plan(context, role)
            return replace(plan, dense=np.zeros_like(plan.dense))

    assert not rows(Renorm(Nothing()), context).any()


def test_noise_survives(context: TransferContext) -> None:
    plan = FirstOf((CopiedRows(), GaussianRows(scale=1.0))).plan(context, "input")
    drawn = plan.rows(context.rows("input"))[plan.noise_of >= 0]
    assert len(np.unique(drawn.round(5), axis=0)) == len(drawn)


def test_what_is_wrong(context: TransferContext) -> None:
    with pytest.raises(ModelError, match="from 0 to 1"):
        Mix(MeanRow(), MeanRow(), 1.5)
    with pytest.raises(ModelError, match="at least one"):
        FirstOf(()).plan(context, "input")
