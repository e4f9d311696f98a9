"""How evenly a tokenizer uses its vocabulary.

Renyi efficiency: Zouhar et al. 2023, "Tokenization and the Noiseless Channel" (arXiv 2306.16842),
H_a(p) / log2 |V| with a = 2.5. Cost: one pass over the ids for each replicate.

|V| is the FULL vocabulary here: every id that stands for something, seen in the text or not.
Dividing by the types that happened to occur flatters large vocabularies and turns rankings round.
What it does not do: correct the plug-in estimate for the size of the text, so compare tokenizers on
the same text only. High efficiency alone does not make a tokenizer good (Cognetta et al. 2024,
arXiv 2402.14614, give counter-examples).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tokenry.measuring.encoded import Counts, Encoded
from tokenry.measuring.interval import Floats, plug_in_interval
from tokenry.measuring.measurement import Measurement

RENYI_ORDER = 2.5


def renyi_entropy(frequencies: Counts | Floats, order: float) -> float:
    """H_a in bits of the distribution proportional to ``frequencies``; order 1 is Shannon's."""
    used = frequencies[frequencies > 0]
    if len(used) == 0:
        return 0.0
    p = used / used.sum()
    if order == 1:
        return max(0.0, float(-(p * np.log2(p)).sum()))
    return max(0.0, float(np.log2((p**order).sum()) / (1 - order)))


def shannon_efficiency(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """H_1 over log2 of the full vocabulary size."""
    return _efficiency(encoded, 1.0, "Shannon efficiency", seed)


def renyi_efficiency(encoded: Encoded, *, order: float = RENYI_ORDER, seed: int = 0) -> Measurement:
    """H_a over log2 of the full vocabulary size."""
    return _efficiency(encoded, order, f"Renyi efficiency (order {order:g})", seed)


def vocabulary_use(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of the full vocabulary that occurs in the text; grows with the text."""
    size = max(1, encoded.vocabulary_size)
    value = float((encoded.frequencies > 0).sum()) / size

    def used(weights: NDArray[np.int64]) -> float:
        return float((_weighted(encoded, weights) > 0).sum()) / size

    return Measurement(
        name="vocabulary use",
        value=value,
        unit="share of vocabulary",
        estimator=f"distinct ids in {len(encoded.ids):,} tokens over vocabulary size",
        denominator=f"{size:,} ids: the full vocabulary, specials included, holes not",
        tokenizer=encoded.tokenizer,
        data=encoded.sample.fingerprint,
        interval=plug_in_interval(used, value, len(encoded.tokens), seed=seed),
    )


def _efficiency(encoded: Encoded, order: float, name: str, seed: int) -> Measurement:
    size = encoded.vocabulary_size
    full = math.log2(size) if size > 1 else 1.0
    value = renyi_entropy(encoded.frequencies, order) / full

    def replicate(weights: NDArray[np.int64]) -> float:
        return renyi_entropy(_weighted(encoded, weights), order) / full

    return Measurement(
        name=name,
        value=value,
        unit="share of log2 |V|",
        estimator=f"plug-in entropy of order {order:g} of the {len(encoded.ids):,} token ids",
        denominator=f"log2 of {size:,} ids: the full vocabulary, specials included, holes not",
        tokenizer=encoded.tokenizer,
        data=encoded.sample.fingerprint,
        interval=plug_in_interval(replicate, value, len(encoded.tokens), seed=seed),
    )


def _weighted(encoded: Encoded, weights: NDArray[np.int64]) -> Counts:
    """Frequencies of the ids that occur, where document i stands ``weights[i]`` times."""
    documents, counts, begins = encoded.occurrences
    if not len(begins):
        return np.zeros(0, np.int64)
    return np.add.reduceat(weights[documents] * counts, begins)
