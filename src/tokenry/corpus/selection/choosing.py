"""What a budget of tokens buys: the best documents of each group until its budget is spent.

Source: Peng et al. 2025, "DataMan: Data Manager for Pre-training Large Language Models",
arXiv:2502.19363: budgets in tokens for each domain, documents by rating, the sum of tokens to the
cut, repeated where a domain has too few. Ratings are the caller's: any score will do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry.corpus.selection.contract import Scores
from tokenry.errors import CorpusError
from tokenry.seeds import generator

Shares = Literal["natural", "equal"] | Mapping[str, float]


def choose(
    scores: ArrayLike,
    sizes: ArrayLike,
    budget: float,
    *,
    groups: Sequence[str] | None = None,
    shares: Shares = "natural",
    repeat: bool = False,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Numbers of the chosen documents, by group and within it from the best on.

    Args:
        scores: one a document, more is better; equal ones in the order given.
        sizes: of documents, in tokens or in any other unit.
        budget: in that unit. The document that goes beyond it is the last.
        groups: of documents; None: all are one.
        shares: of the budget for each group: as they are, equal, or given by name.
        repeat: where a group has less than its budget, its documents are drawn again, at random.
        seed: of these draws.

    Raises:
        CorpusError: lengths differ, or a group has no share.
    """
    rated, weighed = np.asarray(scores, np.float64), np.asarray(sizes, np.float64)
    names = np.array(groups if groups is not None else ["all"] * len(rated))
    if not len(rated) == len(weighed) == len(names):
        raise CorpusError(
            f"{len(rated)} scores, {len(weighed)} sizes and {len(names)} groups; expected one of "
            "each a document"
        )
    chosen = [np.zeros(0, np.int64)]
    for group, amount in _amounts(names, weighed, budget, shares).items():
        members = np.flatnonzero(names == group)
        best = members[np.argsort(-rated[members], kind="stable")]
        taken = best[: _reach(weighed[best], amount)]
        chosen.append(taken)
        if repeat and weighed[taken].sum() < amount:
            draws = generator(seed, "repeat", group)
            chosen.append(_again(members, weighed, amount - weighed[taken].sum(), draws))
    return np.concatenate(chosen)


def combined(scores: Mapping[str, ArrayLike], weights: Mapping[str, float]) -> Scores:
    """One score of several criteria: standard scores, weighed and added, shape (n,).

    Raises:
        CorpusError: a weight is of no criterion.

    >>> combined({"clear": [1, 3], "new": [5, 5]}, {"clear": 2.0, "new": 1.0}).tolist()
    [-2.0, 2.0]
    """
    unknown = [name for name in weights if name not in scores]
    if unknown or not weights:
        raise CorpusError(f"weights of {', '.join(unknown) or 'nothing'}; there are scores by "
                          f"{', '.join(scores)}")  # fmt: skip
    total: Scores = np.zeros(len(np.asarray(scores[next(iter(weights))])))
    for name, weight in weights.items():
        values = np.asarray(scores[name], np.float64)
        spread = float(values.std())
        total = total + weight * (values - values.mean()) / (spread if spread > 0 else 1.0)
    return total


def _amounts(
    names: NDArray[np.str_], sizes: NDArray[np.float64], budget: float, shares: Shares
) -> dict[str, float]:
    groups = sorted(set(names.tolist()))
    if isinstance(shares, Mapping):
        missing = [group for group in groups if group not in shares]
        if missing:
            raise CorpusError(f"no share for the group {missing[0]!r}; give one, 0 for none of it")
        weights = {group: float(shares[group]) for group in groups}
    elif shares == "equal":
        weights = dict.fromkeys(groups, 1.0)
    else:
        weights = {group: float(sizes[names == group].sum()) for group in groups}
    total = sum(weights.values()) or 1.0
    return {group: budget * weight / total for group, weight in weights.items()}


def _reach(sizes: NDArray[np.float64], amount: float) -> int:
    """How many documents it takes to reach an amount."""
    if amount <= 0:
        return 0
    return int(np.searchsorted(np.cumsum(sizes), amount)) + 1


def _again(
    members: NDArray[np.int64],
    sizes: NDArray[np.float64],
    amount: float,
    draw: np.random.Generator,
) -> NDArray[np.int64]:
    found: list[int] = []
    while amount > 0 and sizes[members].sum() > 0:
        found.append(int(draw.choice(members)))
        amount -= float(sizes[found[-1]])
    return np.array(found, np.int64)
