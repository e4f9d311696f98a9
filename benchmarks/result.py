"""What a race reports: cases, each with one measurement an engine and what it must reach."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

OURS = "tokenry"


@dataclass(frozen=True, slots=True)
class Measurement:
    """The median of several runs and how far they spread."""

    median: float
    low: float
    high: float
    runs: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Measurement:
        """Summarise one or more values."""
        ordered = sorted(values)
        return cls(statistics.median(ordered), ordered[0], ordered[-1], len(ordered))


@dataclass(frozen=True, slots=True)
class Goal:
    """What our figure must be: `factor` times the best of `rivals`, or within `limit`.

    `apart` names rivals that have a factor of their own. Rivals that are not in the race are left
    out; where none is, the goal is neither met nor missed.
    """

    text: str
    rivals: tuple[str, ...] = ()
    factor: float = 1.0
    limit: float | None = None
    apart: tuple[tuple[str, float], ...] = ()

    @property
    def factors(self) -> dict[str, float]:
        """What each rival must be beaten by."""
        return dict.fromkeys(self.rivals, self.factor) | dict(self.apart)


@dataclass(slots=True)
class Case:
    """One row of the table."""

    race: str
    name: str
    unit: str
    higher_is_better: bool = True
    engines: dict[str, Measurement] = field(default_factory=dict)
    goal: Goal | None = None
    note: str = ""

    def ratio(self, rival: str) -> float | None:
        """How many times better we are than `rival` (above one: better)."""
        if OURS not in self.engines or rival not in self.engines:
            return None
        ours, theirs = self.engines[OURS].median, self.engines[rival].median
        if not ours or not theirs:
            return None
        return ours / theirs if self.higher_is_better else theirs / ours

    def margin(self) -> float | None:
        """How many times better than it must be our figure is; None where it cannot be said."""
        if self.goal is None or OURS not in self.engines:
            return None
        if (limit := self.goal.limit) is not None:
            ours = max(self.engines[OURS].median, 1e-9)
            return ours / limit if self.higher_is_better else limit / ours
        margins = [
            ratio / factor
            for rival, factor in self.goal.factors.items()
            if (ratio := self.ratio(rival)) is not None
        ]
        return min(margins, default=None)

    def met(self) -> bool | None:
        """Whether the goal is reached; None where it cannot be said."""
        margin = self.margin()
        return None if margin is None else margin >= 1

    def to_json(self) -> dict[str, Any]:
        """The case with its ratios and verdict, for the results file."""
        ratios = {rival: self.ratio(rival) for rival in self.engines if rival != OURS}
        return {**asdict(self), "ratios": ratios, "met": self.met()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Case:
        """Read what `to_json` wrote."""
        engines = {name: Measurement(**value) for name, value in data["engines"].items()}
        goal = Goal(**data["goal"]) if data["goal"] else None
        if goal is not None:
            apart = tuple((rival, factor) for rival, factor in goal.apart)
            goal = replace(goal, rivals=tuple(goal.rivals), apart=apart)
        plain = {name: data[name] for name in ("race", "name", "unit", "higher_is_better", "note")}
        return cls(**plain, engines=engines, goal=goal)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run was asked for."""

    data: str | None = None  # the unpacked shared data folder
    quick: bool = False

    @property
    def rounds(self) -> int:
        """How often each engine runs the same work."""
        return 3 if self.quick else 7

    def megabytes(self, full: float) -> int:
        """Bytes of text for `full` megabytes, fewer in a quick run."""
        return int(full * 1_000_000 / (4 if self.quick else 1))
