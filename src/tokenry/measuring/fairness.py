"""What each language pays: premiums on parallel text.

Premium: Petrov et al. 2023 (arXiv 2305.15425): tokens of language A over tokens of language B for
the same sentences. Gini coefficient over the languages' token counts: 0 where all pay the same.
Lines must be translations of each other; on any other text these figures mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Counts, Measurable, Sample
from tokenry.measuring.interval import Floats, divide, percentile_interval, replicate_weights
from tokenry.measuring.measurement import Interval
from tokenry.results import Result


@dataclass(frozen=True, slots=True)
class Premium(Result):
    """What one language pays for the same content."""

    language: str
    value: float
    tokens: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Premiums(Result):
    """Premiums of all languages over one reference language, and their inequality."""

    reference: str
    lines: int
    premiums: tuple[Premium, ...]  # cheapest first
    gini: float
    gini_interval: Interval | None
    denominator: str
    tokenizer: str  # fingerprint
    data: str  # fingerprint
    unit: str = "tokens for one token of the reference language"
    estimator: str = (
        "sum of tokens over the lines of a language over the same sum for the reference language; "
        "each line is encoded by itself"
    )


def gini(values: Sequence[float] | Counts | Floats) -> float:
    """Gini coefficient, sum |x_i - x_j| / (2 n^2 mean), in O(n log n) by sorting.

    >>> gini([1, 1, 1])
    0.0
    >>> gini([0, 0, 0, 1])
    0.75
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n, total = len(ordered), ordered.sum()
    if n == 0 or total <= 0:
        return 0.0
    ranks = np.arange(1, n + 1)
    return float(((2 * ranks - n - 1) * ordered).sum() / (n * total))


def lorenz(values: Sequence[float] | Counts | Floats) -> Floats:
    """Share of all tokens that the cheapest languages need, shape (n + 1,), from 0 to 1.

    Point i is the share of the i languages with the fewest tokens; equal prices give a straight
    line.

    >>> lorenz([1, 1, 2]).tolist()
    [0.0, 0.25, 0.5, 1.0]
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    ends = np.concatenate([np.zeros(1), np.cumsum(ordered)])
    return np.asarray(ends / ends[-1] if ends[-1] > 0 else ends, dtype=np.float64)


def premium_matrix(totals: Mapping[str, int]) -> Floats:
    """Premium of each language over each other one, shape (n, n), rows over columns."""
    counts = np.array(list(totals.values()), dtype=np.float64)
    return divide(counts[:, None], counts[None, :])


@dataclass(frozen=True, slots=True)
class Sets(Result):
    """Inequality among languages that a tokenizer was made for, and among the others.

    Attributes:
        gini_in, gini_out: Gini coefficient of the tokens; None for fewer than two languages.
        premium_in, premium_out: median premium over the reference.
    """

    gini_in: float | None
    gini_out: float | None
    premium_in: float | None
    premium_out: float | None


def split_sets(found: Premiums, made_for: Sequence[str]) -> Sets:
    """Compare the languages of ``made_for`` with all others.

    Raises:
        CorpusError: a language of ``made_for`` has no parallel text.
    """
    known = {row.language: row for row in found.premiums}
    missing = [name for name in made_for if name not in known]
    if missing:
        raise CorpusError(
            f"{missing[0]!r} is named as a language that the tokenizer was made for, and there is "
            f"no parallel text in it; there is {', '.join(sorted(known)[:12])}"
        )
    inside = [row for row in found.premiums if row.language in made_for]
    outside = [row for row in found.premiums if row.language not in made_for]
    return Sets(_gini(inside), _gini(outside), _median(inside), _median(outside))


def _gini(rows: Sequence[Premium]) -> float | None:
    return gini([row.tokens for row in rows]) if len(rows) > 1 else None


def _median(rows: Sequence[Premium]) -> float | None:
    return float(np.median([row.value for row in rows])) if rows else None


def count_lines(tokenizer: Measurable, parallel: Mapping[str, Sequence[str]]) -> NDArray[np.int64]:
    """Tokens of each line in each language, shape (lines, languages)."""
    counts = [tokenizer.count_batch(lines) for lines in parallel.values()]
    return np.array(counts, dtype=np.int64).T


def premiums(
    tokenizer: Measurable,
    parallel: Mapping[str, Sequence[str]],
    reference: str,
    *,
    seed: int = 0,
    replicates: int = 1000,
) -> Premiums:
    """Premium of each language of line-aligned ``parallel`` text over ``reference``."""
    check_aligned(parallel, reference)
    counts = count_lines(tokenizer, parallel)
    fingerprint = tokenizer.fingerprint()
    return premiums_of(counts, parallel, reference, fingerprint, seed=seed, replicates=replicates)


def premiums_of(
    counts: Counts,
    parallel: Mapping[str, Sequence[str]],
    reference: str,
    tokenizer: str,
    *,
    seed: int = 0,
    replicates: int = 1000,
) -> Premiums:
    """`premiums` where the tokens of each line are known, shape (lines, languages)."""
    check_aligned(parallel, reference)
    totals = counts.sum(axis=0)
    languages = list(parallel)
    base = languages.index(reference)
    if totals[base] == 0:
        raise CorpusError(f"the reference language {reference!r} has no text: every line is empty")
    draws = _resampled(counts, replicates, seed)
    rows = [
        Premium(
            language,
            float(totals[i] / totals[base]),
            int(totals[i]),
            _interval(divide(draws[:, i], draws[:, base]), len(counts)),
        )
        for i, language in enumerate(languages)
    ]
    spread = np.array([gini(draw) for draw in draws])
    return Premiums(
        reference=reference,
        lines=len(counts),
        premiums=tuple(sorted(rows, key=lambda row: (row.value, row.language))),
        gini=gini(totals),
        gini_interval=_interval(spread, len(counts)),
        denominator=f"tokens of {len(counts):,} lines in {reference!r}",
        tokenizer=tokenizer,
        data=parallel_fingerprint(parallel),
    )


def check_aligned(parallel: Mapping[str, Sequence[str]], reference: str) -> None:
    """Refuse text that cannot be compared line by line."""
    if len(parallel) < 2:
        raise CorpusError(
            f"parallel text in {len(parallel)} language(s): a premium needs at least two"
        )
    if reference not in parallel:
        known = ", ".join(sorted(parallel)[:12])
        raise CorpusError(f"the reference language {reference!r} is not among: {known}")
    expected = len(parallel[reference])
    unequal = [f"{name} {len(lines)}" for name, lines in parallel.items() if len(lines) != expected]
    if unequal:
        raise CorpusError(
            f"parallel text must have one line for each line of {reference!r} ({expected}); "
            f"these differ: {', '.join(unequal[:8])}"
        )


def parallel_fingerprint(parallel: Mapping[str, Sequence[str]]) -> str:
    """SHA-256 over languages and lines, in the order of the languages' names."""
    parts = [f"{name}\n" + "\n".join(parallel[name]) for name in sorted(parallel)]
    return Sample(tuple(part.encode() for part in parts)).fingerprint


def _resampled(counts: Counts, replicates: int, seed: int) -> Floats:
    """Totals by language of each replicate, shape (replicates, languages); lines stay together."""
    blocks = [weights @ counts for weights in replicate_weights(len(counts), replicates, seed)]
    return np.concatenate(blocks).astype(np.float64)


def _interval(values: Floats, lines: int) -> Interval | None:
    if lines < 2:
        return None
    found = percentile_interval(values, lines)
    if found is None:
        return None
    return Interval(found.low, found.high, found.level, found.method.replace("documents", "lines"))
