"""How the first tokenizer of a comparison stands to the others, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tokenry.measuring.interval import ratio_interval
from tokenry.study.model_comparison.content import BudgetKind, ComparedModels, ModelDifference

_LEVEL = 0.95
_BUDGETS: tuple[BudgetKind, ...] = ("bytes", "compute", "serving")
_EQUAL = {
    "bytes": "the same text",
    "compute": "the same operations",
    "serving": "the same operations of serving",
}


def differences(
    tokenizers: Sequence[ComparedModels], exponents: Sequence[float], seed: int
) -> tuple[ModelDifference, ...]:
    """The first tokenizer against each other one, with each budget."""
    first, *others = tokenizers
    return tuple(
        difference(first, other, kind, seed, exponents) for other in others for kind in _BUDGETS
    )


def difference(
    first: ComparedModels,
    other: ComparedModels,
    budget: BudgetKind,
    seed: int,
    exponents: Sequence[float] = (),
) -> ModelDifference:
    """Share of bits that ``first`` saves, its intervals, and what follows from them.

    Args:
        first: the tokenizer that is held against the other.
        other: the other.
        budget: what is equal.
        seed: of the documents that are drawn.
        exponents: for serving: by seed, of bits by operations for a byte.
    """
    mine, theirs = (
        np.array([model.bits for model in each.models(budget)]) for each in (first, other)
    )
    if budget == "serving":
        dearer = other.serving_flops / first.serving_flops
        theirs = theirs * dearer ** np.array(exponents)[:, None]
    shares = 1 - mine.sum(1) / theirs.sum(1)
    ratio = ratio_interval(mine.mean(0), theirs.mean(0), seed=seed)
    documents = None if ratio is None else (1 - ratio.high, 1 - ratio.low)
    seeds = over_seeds(shares.tolist())
    value = float(shares.mean())
    said = _verdict(first, other, budget, value, [seeds, documents])
    if budget == "serving" and min(exponents) <= 0:
        said = (
            f"undecided with {_EQUAL[budget]}: a wider model was no better than a narrower one, so "
            "bits cannot be corrected"
        )
    return ModelDifference(other.name, budget, value, seeds, documents, said)


def over_seeds(values: Sequence[float]) -> tuple[float, float] | None:
    """Student's interval of the mean; None for one value."""
    from scipy import stats

    if len(values) < 2:
        return None
    reach = stats.t.ppf((1 + _LEVEL) / 2, len(values) - 1) * np.std(values, ddof=1)
    mean, half = float(np.mean(values)), float(reach) / math.sqrt(len(values))
    return mean - half, mean + half


def _verdict(
    first: ComparedModels,
    other: ComparedModels,
    budget: BudgetKind,
    value: float,
    intervals: Sequence[tuple[float, float] | None],
) -> str:
    given = f"with {_EQUAL[budget]}"
    lossy = [each.name for each in (first, other) if not each.lossless]
    if lossy:
        return f"not comparable {given}: {' and '.join(lossy)} does not restore the text"
    known = [each for each in intervals if each is not None]
    if len(known) < 2 or any(low <= 0 <= high for low, high in known):
        return f"undecided {given}: {first.name} and {other.name} differ by {abs(value):.1%}"
    better, worse = (first, other) if value > 0 else (other, first)
    share = abs(value) if value > 0 else 1 - 1 / (1 - value)
    return f"{given}, {better.name} needs {share:.1%} fewer bits than {worse.name}"
