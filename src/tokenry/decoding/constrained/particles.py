"""Sequential Monte Carlo over texts under a constraint (Loula et al. 2025, arXiv:2504.13139).

Particles are texts that grow symbol by symbol, each drawn by a `Sampler` with its weight. Where few
of them carry most of the weight they are drawn anew by their weights. The weighted texts estimate
the model's distribution given that the constraint holds, without bias in the limit, and the mean
weight estimates the probability that it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.constrained.awrs import NOTHING, Adaptive, Sampler
from tokenry.decoding.constrained.constraint import Constraint, State, advanced, started
from tokenry.decoding.constrained.steps import SymbolSteps
from tokenry.errors import ConstraintError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Particle:
    """A text on its way.

    Attributes:
        text: what was written behind the prompt.
        state: the constraint's.
        logweight: the logarithm of its weight since weights were last made equal.
        ended: whether the text has ended.
    """

    text: bytes
    state: State
    logweight: float = 0.0
    ended: bool = False


@dataclass(frozen=True)
class Weighted:
    """What came of it.

    Attributes:
        texts: those that ended.
        weights: of each; they sum to one, shape (texts,).
        log_evidence: the logarithm of the estimated probability that a text satisfies the
            constraint, and ends in time.
        asked: how many symbols the constraint was asked about.
        cut: how many particles were still going on when the steps ran out.
    """

    texts: tuple[bytes, ...]
    weights: Floats
    log_evidence: float
    asked: int
    cut: int = 0

    def draw(self, seed: int = 0) -> bytes:
        """One text, by weight."""
        return self.texts[int(np.random.default_rng(seed).choice(len(self.texts), p=self.weights))]

    def totals(self) -> dict[bytes, float]:
        """The weight of each different text."""
        found: dict[bytes, float] = {}
        for text, weight in zip(self.texts, self.weights.tolist(), strict=True):
            found[text] = found.get(text, 0.0) + weight
        return found


@dataclass(frozen=True)
class ParticleSampler:
    """Draws weighted texts.

    Attributes:
        sampler: draws one symbol.
        resample_below: particles are drawn anew where their effective number is below this share
            of them; 0 never does, which is importance sampling.
        max_steps: symbols of a text at most.
    """

    sampler: Sampler = field(default_factory=Adaptive)
    resample_below: float = 0.5
    max_steps: int = 256

    def run(
        self, steps: SymbolSteps, count: int, constraint: Constraint, *, seed: int = 0
    ) -> Weighted:
        """Draw texts that satisfy a constraint.

        Args:
            steps: ``count`` texts to go on with.
            count: particles.
            constraint: on what follows the prompt.
            seed: of all chance.

        Raises:
            ConstraintError: nothing satisfies it, or nothing that the model gives any probability,
                as far as the particles could see.
        """
        *_, last = self.stages(steps, count, constraint, seed=seed)
        assert isinstance(last, Weighted)
        return last

    def stages(
        self, steps: SymbolSteps, count: int, constraint: Constraint, *, seed: int = 0
    ) -> Iterator[bytes | Weighted]:
        """The same in stages: after each symbol what all particles share, and at last what `run`
        gives."""
        source = np.random.default_rng(seed)
        going = [Particle(b"", started(constraint))] * count
        done: list[Particle] = []
        evidence, asked = 0.0, 0
        for _ in range(self.max_steps):
            drawn = self._drawn(steps, going, constraint, source)
            asked += sum(each.asked for each in drawn)
            alive = [at for at, each in enumerate(drawn) if each.particle is not None]
            going_on = [at for at in alive if not drawn[at].particle.ended]  # type: ignore[union-attr]
            done += [p for at in alive if (p := drawn[at].particle) and p.ended]
            if not going_on:
                going = []
                break
            symbols = [drawn[at].symbol for at in going_on]
            if len(going_on) < len(going):
                steps = steps.select(going_on)
            steps = steps.advance(symbols)
            going = [p for at in going_on if (p := drawn[at].particle)]
            steps, going, done, gained = self._resampled(steps, going, done, count, source)
            evidence += gained
            if not going:
                break
            yield _shared([each.text for each in (*done, *going)])
        yield _result(done, evidence, count, asked, len(going))

    def _drawn(
        self,
        steps: SymbolSteps,
        particles: Sequence[Particle],
        constraint: Constraint,
        source: np.random.Generator,
    ) -> list[_Drawn]:
        rows = zip(particles, steps.logprobs(), strict=True)
        return [self._one(steps, particle, row, constraint, source) for particle, row in rows]

    def _one(
        self,
        steps: SymbolSteps,
        particle: Particle,
        logprobs: Floats,
        constraint: Constraint,
        source: np.random.Generator,
    ) -> _Drawn:
        after: dict[int, State | None] = {}

        def allows(symbol: int) -> bool:
            if symbol not in after:
                after[symbol] = after_symbol(constraint, particle.state, steps.bytes_of(symbol))
            return after[symbol] is not None

        symbol, weight, asked = self.sampler.draw(logprobs, allows, source)
        if weight == NOTHING:
            return _Drawn(None, -1, asked)
        written = steps.bytes_of(symbol)
        grown = Particle(
            particle.text + (written or b""),
            after[symbol],
            particle.logweight + weight,
            written is None,
        )
        return _Drawn(grown, symbol, asked)

    def _resampled(
        self,
        steps: SymbolSteps,
        going: list[Particle],
        done: list[Particle],
        count: int,
        source: np.random.Generator,
    ) -> tuple[SymbolSteps, list[Particle], list[Particle], float]:
        """Draw all particles anew by weight where few carry most of it."""
        every = [*done, *going]
        weights = np.array([each.logweight for each in every])
        shares = np.exp(weights - weights.max())
        if shares.sum() ** 2 / (shares**2).sum() >= self.resample_below * count:
            return steps, going, done, 0.0
        gained = float(weights.max() + math.log(shares.sum() / count))
        chosen = _systematic(shares / shares.sum(), count, source)
        kept = [replace(every[at], logweight=0.0) for at in chosen]
        rows = [at - len(done) for at in chosen if at >= len(done)]
        if rows:
            steps = steps.select(rows)
        going_on = [each for each in kept if not each.ended]
        return steps, going_on, [each for each in kept if each.ended], gained


@dataclass(frozen=True)
class _Drawn:
    particle: Particle | None
    symbol: int
    asked: int


def after_symbol(constraint: Constraint, state: State, written: bytes | None) -> State | None:
    """The constraint's state after a symbol, where that is allowed; the same one at the end."""
    if written is None:
        return state if constraint.is_complete(state) else None
    return advanced(constraint, state, written)


def _shared(texts: list[bytes]) -> bytes:
    """What all texts begin with."""
    first, last = min(texts), max(texts)
    differ = (at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1])
    return first[: next(differ, min(len(first), len(last)))]


def _systematic(shares: Floats, count: int, source: np.random.Generator) -> list[int]:
    """Numbers drawn by shares, with one throw of chance (systematic resampling)."""
    places = (source.random() + np.arange(count)) / count
    found: list[int] = np.searchsorted(np.cumsum(shares), places).clip(max=len(shares) - 1).tolist()
    return found


def _result(done: list[Particle], evidence: float, count: int, asked: int, cut: int) -> Weighted:
    if not done:
        why = f"{cut} were still going on" if cut else "all came to a dead end"
        raise ConstraintError(
            f"of {count} particles none wrote a text that satisfies the constraint: {why}; give "
            "more particles or steps, or a constraint that the model can meet"
        )
    weights = np.array([each.logweight for each in done])
    shares = np.exp(weights - weights.max())
    total = float(weights.max() + math.log(shares.sum() / count))
    texts = tuple(each.text for each in done)
    return Weighted(texts, shares / shares.sum(), evidence + total, asked, cut)
