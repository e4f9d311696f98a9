"""Plans made of plans: the first that has a row, a mixture of two, rows of a usual length."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.text.id_changes import IdTable
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import RowInitialiser
from tokenry.transfer.row_plan import Floats, Role, RowPlan


@dataclass(frozen=True)
class FirstOf:
    """Each row by the first initialiser that makes it; later ones are asked for the rest alone.

    Attributes:
        choices: in their order.
    """

    choices: tuple[RowInitialiser, ...]

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The rows of all of them."""
        if not self.choices:
            raise ModelError("FirstOf has no choices; give at least one initialiser")
        plan = self.choices[0].plan(context, role)
        for choice in self.choices[1:]:
            left = context.wanted[~plan.covered[context.wanted]]
            if not len(left):
                break
            plan = filled(plan, choice.plan(context.restricted(left), role))
        return plan


@dataclass(frozen=True)
class Mix:
    """``share`` of one, the rest of another, where both make a row; else the one that does.

    A sampled row is added as it is, the first one's where both have one.

    Attributes:
        first: an initialiser.
        second: another.
        share: of the first, from 0 to 1.
    """

    first: RowInitialiser
    second: RowInitialiser
    share: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ModelError(f"share {self.share} of a mixture; expected a number from 0 to 1")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Both, mixed."""
        first, second = self.first.plan(context, role), self.second.plan(context, role)
        both = first.covered & second.covered
        factor = np.where(both, self.share, 1.0).astype(np.float32)
        rest = np.where(both, 1 - self.share, 1.0).astype(np.float32)
        return added(scaled(first, factor), scaled(second, rest))


@dataclass(frozen=True)
class Renorm:
    """Rows scaled to the usual length of a row that was trained: the median of the shared ones.

    Of rows that are combinations of many old ones little is left where these point elsewhere (a
    mean has a tenth of the length of a row of SmolLM2's); logits of short rows are all alike.
    Copied rows are left alone, and a row shorter than ``least`` of that length is not a direction.

    Attributes:
        inner: makes the rows.
        least: of the usual length.
    """

    inner: RowInitialiser
    least: float = 1e-3

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The rows of ``inner``, scaled."""
        plan, old = self.inner.plan(context, role), context.rows(role)
        shared = context.matches.old_of_new[context.anchors]
        target = float(
            np.median(np.linalg.norm(old[shared if len(shared) else slice(None)], axis=1))
        )
        factor = np.ones(len(plan), np.float32)
        lone = (np.diff(plan.offsets) == 1) & (plan.dense_of < 0) & (plan.noise_of < 0)
        for begin in range(0, len(plan), 8192):
            lengths = np.linalg.norm(plan.rows(old, begin, min(begin + 8192, len(plan))), axis=1)
            usable = lengths > self.least * target
            block = factor[begin : begin + 8192]
            block[usable] = target / lengths[usable]
        factor[~plan.covered | lone] = 1
        return scaled(plan, factor)


def filled(plan: RowPlan, other: RowPlan) -> RowPlan:
    """A plan with the rows of another where it has none itself."""
    return added(plan, _kept(other, ~plan.covered))


def _kept(plan: RowPlan, rows: NDArray[np.bool_]) -> RowPlan:
    """The same with no other rows than these."""
    lengths = np.diff(plan.offsets)
    chosen = np.repeat(rows, lengths)
    return replace(
        plan,
        offsets=np.concatenate(([0], np.cumsum(np.where(rows, lengths, 0)))),
        ids=plan.ids[chosen],
        weights=plan.weights[chosen],
        dense_of=np.where(rows, plan.dense_of, -1),
        noise_of=np.where(rows, plan.noise_of, -1),
        origin_of=np.where(rows, plan.origin_of, -1),
    )


def scaled(plan: RowPlan, factor: Floats) -> RowPlan:
    """Rows times numbers, sampled rows left out; a dense row is kept once for each number."""
    has = plan.dense_of >= 0
    pairs = np.stack([plan.dense_of[has], factor[has].view(np.int32)], axis=1)
    kinds, places = np.unique(pairs, axis=0, return_inverse=True)
    dense_of = plan.dense_of.copy()
    dense_of[has] = places.ravel()
    numbers = np.ascontiguousarray(kinds[:, 1].astype(np.int32)).view(np.float32)
    return replace(
        plan,
        weights=plan.weights * np.repeat(factor, np.diff(plan.offsets)),
        dense=plan.dense[kinds[:, 0]] * numbers[:, None],
        dense_of=dense_of,
    )


def added(plan: RowPlan, other: RowPlan) -> RowPlan:
    """The sum of two plans, row by row; a row of both has the origin ``one+other``."""
    lengths, others = np.diff(plan.offsets), np.diff(other.offsets)
    order = np.argsort(
        np.concatenate((np.repeat(np.arange(len(plan)), lengths),
                        np.repeat(np.arange(len(plan)), others))), kind="stable",
    )  # fmt: skip
    dense, dense_of = _dense_sum(plan, other)
    origins, origin_of = _origins(plan, other)
    more = np.where(other.noise_of >= 0, other.noise_of + len(plan.noises), -1)
    return replace(
        plan,
        offsets=plan.offsets + other.offsets,
        ids=np.concatenate((plan.ids, other.ids))[order],
        weights=np.concatenate((plan.weights, other.weights))[order],
        dense=dense,
        dense_of=dense_of,
        noises=(*plan.noises, *other.noises),
        noise_of=np.where(plan.noise_of >= 0, plan.noise_of, more),
        origins=origins,
        origin_of=origin_of,
    )


def _dense_sum(plan: RowPlan, other: RowPlan) -> tuple[Floats, IdTable]:
    dense = np.concatenate((plan.dense, other.dense))
    later = np.where(other.dense_of >= 0, other.dense_of + len(plan.dense), -1)
    both = (plan.dense_of >= 0) & (later >= 0)
    places = np.where(plan.dense_of >= 0, plan.dense_of, later)
    if both.any():
        pairs = np.stack([plan.dense_of[both], later[both]], axis=1)
        kinds, of = np.unique(pairs, axis=0, return_inverse=True)
        places[both] = len(dense) + of.ravel()
        dense = np.concatenate((dense, dense[kinds[:, 0]] + dense[kinds[:, 1]]))
    return dense, places


def _origins(plan: RowPlan, other: RowPlan) -> tuple[tuple[str, ...], IdTable]:
    names: list[str] = list(dict.fromkeys((*plan.origins, *other.origins)))
    moved = [names.index(name) for name in other.origins] + [-1]
    later = np.array(moved, np.int64)[other.origin_of]
    origin_of = np.where(plan.covered, plan.origin_of, later)
    both = plan.covered & (later >= 0)
    for first, second in sorted(set(zip(plan.origin_of[both].tolist(), later[both].tolist(),
                                        strict=True))):  # fmt: skip
        name = f"{names[first]}+{names[second]}" if first != second else names[first]
        if name not in names:
            names.append(name)
        chosen = both & (plan.origin_of == first) & (later == second)
        origin_of[chosen] = names.index(name)
    return tuple(names), origin_of
