"""Which words of parallel sentences belong together: IBM model 1 that prefers the diagonal.

Brown et al. 1993, "The mathematics of statistical machine translation"; Dyer, Chahuneau, Smith
2013, "A simple, fast, and effective reparameterization of IBM Model 2" (fast_align).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

Pairs = Sequence[tuple[Sequence[str], Sequence[str]]]
TENSION = 4.0  # how strongly words at the same share of their sentences are preferred
NULL = 0.08  # of a word's probability goes to no word


def align_words(pairs: Pairs, passes: int = 5) -> dict[tuple[str, str], int]:
    """How often a word of the first language was the best partner of one of the second.

    Args:
        pairs: sentences that mean the same, as words.
        passes: of expectation and maximisation.
    """
    table: dict[str, dict[str, float]] = {}
    for _ in range(passes):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for first, second in pairs:
            for at, word in enumerate(second):
                weights = _weights(table, first, word, at / max(len(second), 1))
                total = sum(weights) + NULL * (sum(weights) / max(len(weights), 1) or 1)
                for other, weight in zip(first, weights, strict=True):
                    counts[other][word] += weight / total
        table = {
            other: {word: count / sum(row.values()) for word, count in row.items()}
            for other, row in counts.items()
        }
    return _best(pairs, table)


def _weights(
    table: dict[str, dict[str, float]], first: Sequence[str], word: str, place: float
) -> list[float]:
    near = np.exp(-TENSION * np.abs(np.arange(len(first)) / max(len(first), 1) - place))
    if not table:
        return list(map(float, near))
    known = [table[other].get(word, 1e-9) if other in table else 1e-9 for other in first]
    return [float(weight * share) for weight, share in zip(near, known, strict=True)]


def _best(pairs: Pairs, table: dict[str, dict[str, float]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for first, second in pairs:
        for at, word in enumerate(second):
            weights = _weights(table, first, word, at / max(len(second), 1))
            if weights:
                found[first[int(np.argmax(weights))], word] += 1
    return dict(found)
