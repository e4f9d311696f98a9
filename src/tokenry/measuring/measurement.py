"""One measured figure, with everything that is needed to compare it honestly with another."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.results import Result


@dataclass(frozen=True, slots=True)
class Interval(Result):
    """Where the figure would lie for other documents of the same kind."""

    low: float
    high: float
    level: float  # e.g. 0.95
    method: str  # how it was found, in words


@dataclass(frozen=True, slots=True)
class Measurement(Result):
    """A figure with its unit, estimator, denominator, interval and the fingerprints behind it."""

    name: str
    value: float
    unit: str
    estimator: str  # the formula, in words
    denominator: str  # what stands below the line, and its size
    tokenizer: str  # fingerprint
    data: str  # fingerprint
    interval: Interval | None = None  # None: one document, or a figure that has none

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.value:.4g} {self.unit}"
        return f"{self.value:.4g} [{self.interval.low:.4g}, {self.interval.high:.4g}] {self.unit}"
