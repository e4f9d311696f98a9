"""One draw under a constraint beside genlm-control: `python -m benchmarks.weighted_rejection`.

Both draw from one distribution under one constraint; printed are the mean weight (the allowed
mass), its error, how far the mean weights of symbols are from their probabilities, and the
questions a draw.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.constrained import Geometric, Recursive
from tokenry.models.causal import log_softmax

SYMBOLS, DRAWS = 60, 4000


def distribution() -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Logarithms of probabilities, the last of the end, and which symbols are allowed."""
    source = np.random.default_rng(11)
    logprobs = log_softmax(source.normal(scale=1.5, size=SYMBOLS + 1))
    return logprobs, source.random(SYMBOLS + 1) < 0.25


def ours(sampler: Any, draws: int) -> tuple[NDArray[np.float64], float]:
    """Weights by draw and symbol, shape (draws, symbols), and questions a draw."""
    logprobs, allowed = distribution()
    source, weights, asked = np.random.default_rng(0), np.zeros((draws, SYMBOLS + 1)), 0
    for row in weights:
        found = sampler.draw(logprobs, lambda symbol: bool(allowed[symbol]), source)
        asked += found.asked
        if found.symbol >= 0:
            row[found.symbol] = np.exp(found.logweight)
    return weights, asked / draws


def theirs(draws: int) -> tuple[NDArray[np.float64], float]:
    """The same by genlm-control."""
    from genlm.control import EOS, Potential
    from genlm.control.sampler.token import AWRS

    logprobs, allowed = distribution()
    symbols = [bytes([at]) for at in range(SYMBOLS)]
    asked = 0

    class Model(Potential):  # type: ignore[misc]
        async def complete(self, context: Sequence[bytes]) -> float:
            return float(logprobs[-1])

        async def prefix(self, context: Sequence[bytes]) -> float:
            return 0.0

        async def logw_next(self, context: Sequence[bytes]) -> Any:
            return self.make_lazy_weights(np.array(logprobs))

    class Allowed(Potential):  # type: ignore[misc]
        async def complete(self, context: Sequence[bytes]) -> float:
            nonlocal asked
            asked += 1
            return 0.0 if allowed[-1] else -np.inf

        async def prefix(self, context: Sequence[bytes]) -> float:
            nonlocal asked
            asked += bool(context)
            return 0.0 if not context or allowed[context[-1][0]] else -np.inf

    async def run() -> NDArray[np.float64]:
        sampler = AWRS(Model(symbols), Allowed(symbols), seed=0, autobatch=False)
        weights = np.zeros((draws, SYMBOLS + 1))
        for row in weights:
            symbol, logweight, _ = await sampler.sample([])
            row[SYMBOLS if symbol is EOS else symbol[0]] = np.exp(logweight)
        return weights

    weights = asyncio.run(run())
    return weights, asked / draws


def main() -> None:
    """Print a line for each."""
    logprobs, allowed = distribution()
    wanted = np.where(allowed, np.exp(logprobs), 0.0)
    print(f"allowed mass {wanted.sum():.4f}; {DRAWS} draws of {SYMBOLS + 1} symbols")
    ways = {
        "tokenry, recursive": ours(Recursive(), DRAWS),
        "tokenry, geometric": ours(Geometric(), DRAWS),
        "genlm-control, AWRS": theirs(DRAWS),
    }
    for name, (weights, asked) in ways.items():
        total = weights.sum(1)
        error = total.std() / np.sqrt(DRAWS)
        apart = float(np.abs(weights.mean(0) - wanted).max())
        print(f"{name:22} {total.mean():.4f} +- {error:.4f}, {apart:.4f} off, {asked:.1f} asked")


if __name__ == "__main__":
    main()
