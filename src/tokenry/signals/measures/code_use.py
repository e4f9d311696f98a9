"""How codes are used: the share of them, perplexity, entropy, and bits that a coder could reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.results import Result


@dataclass(frozen=True)
class CodeUse(Result):
    """Means over the slots of a bottleneck.

    Attributes:
        usage: share of the codes that occur.
        perplexity: 2 to the entropy: so many codes used evenly would be as hard to predict.
        entropy: bits of a token by the frequencies of its codes, slots taken as independent.
        bits: of a token as it is stored: the logarithm of the levels of all slots.
    """

    usage: float
    perplexity: float
    entropy: float
    bits: float


def code_use(codes: NDArray[Any], levels: Sequence[int]) -> CodeUse:
    """How the codes of tokens are used.

    Args:
        codes: shape (tokens, slots), integers.
        levels: how many codes each slot has.

    Raises:
        SignalError: shapes do not fit, there is no token, or a code is beyond its levels.
    """
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.shape[1] != len(levels) or not codes.size:
        raise SignalError(f"codes of shape {codes.shape}; expected (tokens, {len(levels)})")
    if (codes < 0).any() or (codes >= np.asarray(levels)).any():
        raise SignalError(f"codes from {codes.min()} to {codes.max()} for levels {tuple(levels)}")
    counts = [np.unique(slot, return_counts=True)[1] for slot in codes.T]
    entropies = [entropy(each) for each in counts]
    return CodeUse(
        usage=float(np.mean([len(each) / of for each, of in zip(counts, levels, strict=True)])),
        perplexity=float(np.mean([2.0**each for each in entropies])),
        entropy=float(sum(entropies)),
        bits=float(np.log2(np.asarray(levels, np.float64)).sum()),
    )


def entropy(counts: NDArray[Any]) -> float:
    """Bits, of how often each of several things occurs."""
    shares = counts[counts > 0] / counts.sum()
    return max(0.0, -float((shares * np.log2(shares)).sum()))
