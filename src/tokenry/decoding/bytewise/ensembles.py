"""Several models over different vocabularies as one, byte by byte.

Bytes and the end of a text mean the same to all of them, so what they say of the next byte can be
combined where nothing of their ids can: the mean of probabilities, the mean of their logarithms
(Phan et al. 2024, arXiv:2410.09303), or one model moved as far as another was moved by its tuning
(Liu et al. 2024, arXiv:2401.08565).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tokenry.decoding.bytewise.covers import Floats
from tokenry.decoding.bytewise.source import ByteLanes, ByteSource
from tokenry.errors import ModelError
from tokenry.models.causal import log_softmax


class Combination(Protocol):
    """How members are made one."""

    def __call__(self, logprobs: Floats) -> Floats:
        """Logarithms of probabilities, (texts, 257), from those of members, (members, ...)."""


@dataclass(frozen=True)
class Mean:
    """The mean of probabilities.

    Attributes:
        weights: of members; they are divided by their sum. Empty: all alike.
    """

    weights: tuple[float, ...] = ()

    def __call__(self, logprobs: Floats) -> Floats:
        """See `Combination`."""
        with np.errstate(divide="ignore"):
            found: Floats = np.log(np.tensordot(_shares(self, logprobs), np.exp(logprobs), 1))
        return found


@dataclass(frozen=True)
class GeometricMean:
    """The mean of logarithms, raised to a sum of one: what all members find likely.

    Attributes:
        weights: as of `Mean`.
    """

    weights: tuple[float, ...] = ()

    def __call__(self, logprobs: Floats) -> Floats:
        """See `Combination`."""
        shares = _shares(self, logprobs)
        with np.errstate(invalid="ignore"):
            scaled = logprobs * shares.reshape(-1, *[1] * (logprobs.ndim - 1))
        return log_softmax(np.where(np.isneginf(logprobs).any(0), -np.inf, scaled.sum(0)))


@dataclass(frozen=True)
class ProxyTuned:
    """The first member, moved by the difference of the second (tuned) and the third (not tuned).

    Attributes:
        strength: by how much of it.
    """

    strength: float = 1.0

    def __call__(self, logprobs: Floats) -> Floats:
        """See `Combination`."""
        if len(logprobs) != 3:
            raise ModelError(
                f"proxy tuning needs three members, a model, a tuned one and the same without "
                f"tuning; there are {len(logprobs)}"
            )
        large, tuned, plain = logprobs
        compared = ~np.isneginf(plain)  # elsewhere nothing says how far to go
        moved = np.where(compared, tuned, 0.0) - np.where(compared, plain, 0.0)
        return log_softmax(large + self.strength * moved)


class Ensemble(ByteSource):
    """Members that are asked together.

    Args:
        members: models, or ensembles.
        combination: how what they say is made one.
    """

    def __init__(
        self, members: Sequence[ByteSource], combination: Combination | None = None
    ) -> None:
        if not members:
            raise ModelError("an ensemble has no members; give at least one")
        self.members, self.combination = tuple(members), combination or Mean()

    def lanes(self, prefixes: Sequence[bytes]) -> EnsembleLanes:
        """Texts to go on with."""
        return EnsembleLanes([each.lanes(prefixes) for each in self.members], self.combination)


class EnsembleLanes:
    """Texts that all members read.

    Args:
        members: the same texts, by member.
        combination: how what they say is made one.
    """

    def __init__(self, members: Sequence[ByteLanes], combination: Combination) -> None:
        self._members, self._combination = members, combination

    def logprobs(self) -> Floats:
        """See `ByteLanes`."""
        return self._combination(np.stack([each.logprobs() for each in self._members]))

    def advance(self, texts: Sequence[bytes]) -> EnsembleLanes:
        """See `ByteLanes`."""
        return EnsembleLanes([each.advance(texts) for each in self._members], self._combination)

    def select(self, chosen: Sequence[int]) -> EnsembleLanes:
        """See `ByteLanes`."""
        return EnsembleLanes([each.select(chosen) for each in self._members], self._combination)


def _shares(combination: Mean | GeometricMean, logprobs: Floats) -> Floats:
    weights = np.array(combination.weights or [1.0] * len(logprobs))
    if len(weights) != len(logprobs) or (weights < 0).any() or not weights.sum():
        raise ModelError(
            f"weights are {combination.weights} for {len(logprobs)} members; give one for each, "
            "none below 0"
        )
    found: Floats = weights / weights.sum()
    return found
