"""How often ids occur, by rank: a flatter line uses a vocabulary more evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.measuring.encoded import Encoded
from tokenry.results import Result

_RANKS = 160  # points of a line


@dataclass(frozen=True, slots=True)
class RankFrequency(Result):
    """Shares of tokens by frequency rank.

    Attributes:
        ranks: from 1, evenly spread on a logarithmic axis.
        shares: of the tokens, at those ranks.
        used: distinct ids that occur.
    """

    ranks: tuple[int, ...]
    shares: tuple[float, ...]
    used: int


def rank_frequency(encoded: Encoded) -> RankFrequency:
    """Frequencies of the ids of a sample."""
    ordered = np.sort(encoded.frequencies[encoded.frequencies > 0])[::-1]
    steps = np.geomspace(1, max(1, len(ordered)), _RANKS).round().astype(int)
    ranks = np.unique(np.clip(steps, 1, max(1, len(ordered)))).tolist()
    total = max(1, int(ordered.sum()))
    shares = [float(ordered[rank - 1] / total) for rank in ranks if len(ordered)]
    return RankFrequency(tuple(ranks), tuple(shares), len(ordered))
