"""Fairness among the languages that a tokenizer was learnt from, and among all others.

A learner may be fair to the languages it has seen (parity-aware BPE, arXiv:2508.04796) at the cost
of those it has not, so one Gini coefficient over all says too little.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tokenry.measuring.encoded import Counts, Measurable
from tokenry.measuring.fairness import check_aligned, count_lines, gini
from tokenry.results import Result


@dataclass(frozen=True, slots=True)
class SetFairness(Result):
    """What a set of languages pays for the same lines.

    Attributes:
        languages: how many.
        gini: Gini coefficient of their token counts.
        tokens: of all lines of all languages.
        mean_premium: tokens over those of the reference language, the mean of the languages.
        worst: the language that pays most.
        worst_premium: what it pays.
    """

    languages: int
    gini: float
    tokens: int
    mean_premium: float
    worst: str
    worst_premium: float


@dataclass(frozen=True, slots=True)
class FairnessBySet(Result):
    """In-set and out-of-set fairness; None for a set without languages."""

    reference: str
    in_set: SetFairness | None
    out_of_set: SetFairness | None
    all: SetFairness


def fairness_by_set(
    tokenizer: Measurable,
    parallel: Mapping[str, Sequence[str]],
    seen: Collection[str],
    reference: str,
) -> FairnessBySet:
    """Fairness of line-aligned ``parallel`` text among languages in ``seen`` and among the others.

    Raises:
        CorpusError: the text is not aligned, or ``reference`` is not in it.
    """
    check_aligned(parallel, reference)
    totals = count_lines(tokenizer, parallel).sum(axis=0)
    names = list(parallel)
    base = max(1, int(totals[names.index(reference)]))
    inside = [name in seen for name in names]
    everything = _fairness(names, totals, base)
    return FairnessBySet(
        reference=reference,
        in_set=_part(names, totals, base, inside),
        out_of_set=_part(names, totals, base, [not each for each in inside]),
        all=everything,
    )


def _part(
    names: Sequence[str], totals: Counts, base: int, kept: Sequence[bool]
) -> SetFairness | None:
    chosen = [i for i, keep in enumerate(kept) if keep]
    return _fairness([names[i] for i in chosen], totals[chosen], base) if chosen else None


def _fairness(names: Sequence[str], totals: Counts, base: int) -> SetFairness:
    worst = int(totals.argmax())
    return SetFairness(
        languages=len(names),
        gini=gini(totals),
        tokens=int(totals.sum()),
        mean_premium=float(totals.mean() / base),
        worst=names[worst],
        worst_premium=float(totals[worst] / base),
    )
