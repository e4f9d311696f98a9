"""Adaptive weighted rejection sampling (Lipkin et al. 2025, arXiv:2504.05410).

Draws from a distribution under a constraint that is asked about few symbols, and gives a weight
whose expectation, where symbol v is drawn, is v's probability if v is allowed. So drawing and
weighing loses nothing of the distribution, while masking, which forgets the weight, does.

Three ways, all unbiased:

- `Recursive`: symbols are drawn without replacement until one is allowed; what was rejected lowers
  the weight, and one more draw says how much is allowed of what is left.
- ``Recursive(rejections=n)`` (clipped): after so many rejections the next draw is the last; nothing
  comes of it where it is rejected too.
- `Geometric`: until so many draws, with replacement, are allowed; the weight is that of negative
  binomial sampling. Costs more questions, varies less.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ConstraintError

Floats = NDArray[np.float64]
Allows = Callable[[int], bool]
LEAST = 1e-12
"""A mass that is left below this is none: what is left of rounding."""


class Draw(NamedTuple):
    """What came of one draw.

    Attributes:
        symbol: the one that was drawn, which is allowed; -1 where the weight is 0.
        logweight: the logarithm of its weight.
        asked: how many symbols the constraint was asked about.
    """

    symbol: int
    logweight: float
    asked: int


class Sampler(Protocol):
    """A way to draw one symbol under a constraint."""

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """Draw a symbol.

        Args:
            logprobs: logarithms of probabilities, shape (symbols,).
            allows: the constraint.
            source: of chance.
        """


NOTHING = -math.inf


@dataclass(frozen=True)
class Recursive:
    """Draw without replacement until a symbol is allowed.

    Attributes:
        rejections: how many at most; None: until all mass is rejected.
    """

    rejections: int | None = None

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """See `Sampler`."""
        probabilities = np.exp(logprobs)
        order = _by_keys(logprobs, source)
        rejected, asked = 0.0, 0
        for at, symbol in enumerate(order.tolist()):
            left = 1.0 - rejected
            if left < LEAST:
                break
            asked += 1
            last = at == self.rejections or at + 1 == len(order)
            if allows(symbol):
                share, more = 1.0, 0
                if not last and left - probabilities[symbol] > LEAST:
                    more = 1
                    share = 1.0 if allows(int(order[at + 1])) else probabilities[symbol] / left
                return Draw(symbol, math.log(left * share), asked + more)
            if last:
                break
            rejected += float(probabilities[symbol])
        return Draw(-1, NOTHING, asked)


@dataclass(frozen=True)
class Geometric:
    """Draw with replacement until enough draws are allowed; no symbol is asked about twice.

    Attributes:
        accepted: how many, two or more.
    """

    accepted: int = 2

    def __post_init__(self) -> None:
        if self.accepted < 2:
            raise ConstraintError(
                f"{self.accepted} draws to be allowed; a weight needs two or more"
            )

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """See `Sampler`."""
        left = np.exp(logprobs)
        known: set[int] = set()
        first, good, bad, asked = -1, 0, 0, 0
        while good < self.accepted:
            mass = min(1.0, float(left.sum()))
            if mass < LEAST:
                return Draw(-1, NOTHING, asked)
            bad += int(source.geometric(mass)) - 1  # draws of what was rejected before
            symbol = int(source.choice(len(left), p=left / left.sum()))
            if symbol not in known:
                asked += 1
                if not allows(symbol):
                    left[symbol], bad = 0.0, bad + 1
                    continue
                known.add(symbol)
            first = symbol if first < 0 else first
            good += 1
        return Draw(first, math.log((self.accepted - 1) / (good + bad - 1)), asked)


@dataclass(frozen=True)
class Adaptive:
    """`Geometric` where one symbol has most of the mass, and few questions settle it; else
    `Recursive`.

    Attributes:
        above: the probability of the likeliest symbol from which on it is geometric.
        rejections: of the recursive way.
    """

    above: float = 2 / 3
    rejections: int | None = None

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """See `Sampler`."""
        geometric = float(logprobs.max()) >= math.log(self.above)
        way: Sampler = Geometric() if geometric else Recursive(self.rejections)
        return way.draw(logprobs, allows, source)


@dataclass(frozen=True)
class Masking:
    """Ask about every symbol and draw from the allowed ones: the weight is exact, and dear."""

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """See `Sampler`."""
        possible = np.flatnonzero(logprobs > -np.inf)
        allowed = possible[[allows(int(symbol)) for symbol in possible]]
        mass = float(np.exp(logprobs[allowed]).sum())
        if not mass:
            return Draw(-1, NOTHING, len(possible))
        weights = np.exp(logprobs[allowed]) / mass
        symbol = int(source.choice(allowed, p=weights / weights.sum()))
        return Draw(symbol, math.log(mass), len(possible))


@dataclass(frozen=True)
class Proposed:
    """Another sampler on a proposal in place of the distribution; weights are corrected for it.

    Attributes:
        sampler: draws from the proposal.
        propose: the logarithms of the proposal's probabilities, from those of the distribution. It
            must not be zero where the distribution is not.
    """

    sampler: Sampler
    propose: Callable[[Floats], Floats]

    def draw(self, logprobs: Floats, allows: Allows, source: np.random.Generator) -> Draw:
        """See `Sampler`."""
        proposal = self.propose(logprobs)
        symbol, weight, asked = self.sampler.draw(proposal, allows, source)
        if symbol < 0:
            return Draw(symbol, weight, asked)
        return Draw(symbol, weight + float(logprobs[symbol] - proposal[symbol]), asked)


def _by_keys(logprobs: Floats, source: np.random.Generator) -> NDArray[np.int64]:
    """Symbols that can come, as they are drawn without replacement (Gumbel keys)."""
    keys = logprobs + source.gumbel(size=len(logprobs))
    possible = np.flatnonzero(logprobs > -np.inf)
    found: NDArray[np.int64] = possible[np.argsort(-keys[possible], kind="stable")]
    return found
