"""Verdicts by rule, from effects with their intervals; nobody writes one by hand.

An effect is positive in the direction of the claim. Each check states the effect that is claimed
and the smallest that would matter:

- the interval is above none: the claim *holds* where the effect is as large as claimed, else *in
  direction*; one that is surely too small to matter *does not hold here*;
- the interval covers none and an effect that would matter: *undecided here*, the run could not have
  told them apart;
- the interval has no effect that would matter: *does not hold here*, unless the baseline stood so
  near to the floor or the ceiling of its scale that no such effect could show, which is *undecided
  here* too. The opposite of a claim can show there, and then it *does not hold here*.

On two draws of data a verdict has to stand on both (`on_both`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a run says of a published claim, from the weakest to the strongest."""

    NOT_HERE = "does not hold here"
    UNDECIDED = "undecided here"
    IN_DIRECTION = "holds in direction"
    HOLDS = "holds"


STRENGTH = tuple(Verdict)


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of what needs all of them."""
    return min(verdicts, key=STRENGTH.index)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval; without ends where one run or one document gave it.

    >>> f"{Estimate(0.12, 0.1, 0.15):.0%}"
    '12% (10% to 15%)'
    >>> Estimate(3.0, 2.0, 4.0) - Estimate(1.0, 0.5, 2.5)
    Estimate(value=2.0, low=-0.5, high=3.5)
    """

    value: float
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if math.isnan(self.value) or not self.low <= self.high:
            raise ValueError(
                f"{self.value} from {self.low} to {self.high} is no estimate; give a figure and "
                "the ends of its interval in order"
            )

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, -self.high, -self.low)

    def __rsub__(self, whole: float) -> Estimate:
        return Estimate(whole - self.value, whole - self.high, whole - self.low)

    def __sub__(self, other: Estimate | float) -> Estimate:
        """A difference; of two that were estimated apart it is at least as wide as it has to be."""
        if not isinstance(other, Estimate):
            other = Estimate(other, other, other)
        return Estimate(self.value - other.value, self.low - other.high, self.high - other.low)

    def __mul__(self, factor: float) -> Estimate:
        ends = (factor * self.low, factor * self.high)
        return Estimate(factor * self.value, min(ends), max(ends))

    def __format__(self, spec: str) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return f"{self.value:{spec}} (no interval)"
        return f"{self.value:{spec}} ({self.low:{spec}} to {self.high:{spec}})"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a baseline stands on its scale, in the units of the effect.

    Attributes:
        value: its figure.
        floor: the figure of who knows nothing, if there is one.
        ceiling: the figure that cannot be passed, if there is one.
    """

    value: float
    floor: float | None = None
    ceiling: float | None = None

    def end(self, matters: float) -> str:
        """The end of the scale that leaves no room for an effect that matters, or nothing.

        >>> Baseline(0.998, ceiling=1.0).end(0.01), Baseline(0.9, ceiling=1.0).end(0.01)
        ('ceiling', '')
        """
        if self.ceiling is not None and self.ceiling - self.value < matters:
            return "ceiling"
        if self.floor is not None and self.value - self.floor < matters:
            return "floor"
        return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a claim, put to figures.

    Attributes:
        statement: what is claimed, with the published size of the effect where there is one.
        found: what this run saw, with the figure.
        verdict: by the rule of this module; of a `fact` by its conditions.
        effects: what was judged, by name; empty for a fact.
        overall: the effect over all of them, where it counts too.
        claimed: the effect for `Verdict.HOLDS`.
        matters: the smallest effect that would matter.
        bound: of amounts with a bound, in place of the two before.
        loose: a wider bound for the direction alone, if there is one.
        end: ``floor`` or ``ceiling`` where the baseline stood at one.
    """

    statement: str
    found: str
    verdict: Verdict
    effects: Mapping[str, Estimate] = field(default_factory=dict)
    overall: Estimate | None = None
    claimed: float | None = None
    matters: float | None = None
    bound: float | None = None
    loose: float | None = None
    end: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """A target of our own for what something costs; it says nothing of the published claim."""

    statement: str
    found: str
    met: bool


def judge(effect: Estimate, *, claimed: float, matters: float, end: str = "") -> Verdict:
    """The verdict on one effect; see the module.

    >>> judge(Estimate(-0.01, -0.54, 0.48), claimed=0.2, matters=0.2).value
    'undecided here'
    >>> judge(Estimate(0.03, 0.02, 0.04), claimed=0.33, matters=0.01).value
    'holds in direction'
    """
    if effect.low > 0 and effect.high >= matters:
        return Verdict.HOLDS if effect.value >= claimed else Verdict.IN_DIRECTION
    if effect.high >= matters or (end and effect.high >= 0):
        return Verdict.UNDECIDED
    return Verdict.NOT_HERE


def judge_all(
    effects: Iterable[Estimate],
    *,
    claimed: float,
    matters: float,
    overall: Estimate | None = None,
    end: str = "",
) -> Verdict:
    """The weakest verdict on several effects; the one over all can still show the direction."""
    found = [judge(each, claimed=claimed, matters=matters, end=end) for each in effects]
    least = weakest(found)
    if overall is None or least is Verdict.HOLDS:
        return least
    whole = judge(overall, claimed=claimed, matters=matters, end=end)
    return weakest((whole, Verdict.IN_DIRECTION))


def judge_bounded(amount: Estimate, bound: float, loose: float | None = None) -> Verdict:
    """Whether an amount is surely at most ``bound``, at most ``loose``, above both, or neither.

    >>> judge_bounded(Estimate(0.03, 0.01, 0.04), 0.02, loose=0.05).value
    'holds in direction'
    """
    if amount.high <= bound:
        return Verdict.HOLDS
    outer = bound if loose is None else loose
    if amount.high <= outer:
        return Verdict.IN_DIRECTION
    return Verdict.NOT_HERE if amount.low > outer else Verdict.UNDECIDED


def check(
    statement: str,
    effects: Estimate | Mapping[str, Estimate],
    *,
    matters: float,
    claimed: float | None = None,
    overall: Estimate | None = None,
    baseline: Baseline | None = None,
    found: str = "",
) -> Check:
    """Put a statement to an effect, or to each of several.

    Args:
        statement: what is claimed.
        effects: positive in its direction; of several the weakest verdict counts.
        matters: the smallest effect that would matter, above 0.
        claimed: the effect for `Verdict.HOLDS`; without it, one that matters is enough.
        overall: the effect over all of ``effects``; where some of them fall short, it can still
            show the direction.
        baseline: where the baseline stands, if its scale ends.
        found: what was seen; without it, the effects as numbers.
    """
    claimed = matters if claimed is None else claimed
    if not 0 < matters <= claimed:
        raise ValueError(
            f"{statement!r} claims an effect of {claimed}, and {matters} would matter; what "
            "matters has to be above 0 and at most what is claimed"
        )
    named = {"effect": effects} if isinstance(effects, Estimate) else dict(effects)
    end = baseline.end(matters) if baseline else ""
    verdict = judge_all(named.values(), claimed=claimed, matters=matters, overall=overall, end=end)
    return Check(
        statement,
        found or _listed(named),
        verdict,
        named,
        overall,
        claimed=claimed,
        matters=matters,
        end=end,
    )


def check_bounded(
    statement: str,
    amounts: Estimate | Mapping[str, Estimate],
    bound: float,
    *,
    loose: float | None = None,
    found: str = "",
) -> Check:
    """Put a statement that an amount is at most ``bound`` to one amount, or to each of several.

    It holds where the interval ends at or below the bound, does not where it begins above, and is
    undecided between: an experiment that sees no difference has not shown that there is none. With
    a ``loose`` bound it holds in direction where the interval ends at or below that, and does not
    where it begins above that.
    """
    if loose is not None and loose < bound:
        raise ValueError(f"{statement!r} has a loose bound of {loose}, below the bound of {bound}")
    named = {"amount": amounts} if isinstance(amounts, Estimate) else dict(amounts)
    verdict = weakest(judge_bounded(amount, bound, loose) for amount in named.values())
    return Check(statement, found or _listed(named), verdict, named, bound=bound, loose=loose)


def fact(statement: str, found: str, *, holds: bool, in_direction: bool = False) -> Check:
    """A check of figures that no sampling error touches, or whose error is not known.

    >>> fact("fewer tokens", "3% fewer", holds=False, in_direction=True).verdict.value
    'holds in direction'
    """
    if holds:
        return Check(statement, found, Verdict.HOLDS)
    return Check(statement, found, Verdict.IN_DIRECTION if in_direction else Verdict.NOT_HERE)


def on_both(first: Verdict, second: Verdict) -> Verdict:
    """The verdict that stands on two draws of data: theirs, or undecided where they part.

    >>> on_both(Verdict.HOLDS, Verdict.NOT_HERE).value, on_both(Verdict.NOT_HERE, Verdict.UNDECIDED)
    ('undecided here', <Verdict.UNDECIDED: 'undecided here'>)
    >>> on_both(Verdict.HOLDS, Verdict.IN_DIRECTION).value
    'holds in direction'
    """
    if first is second or {first, second} == {Verdict.HOLDS, Verdict.IN_DIRECTION}:
        return weakest((first, second))
    return Verdict.UNDECIDED


def verdict(parts: Sequence[Verdict], again: Sequence[Verdict] | None = None) -> Verdict:
    """The weakest verdict of the parts of a claim: it holds where each of them does.

    Args:
        parts: at least one.
        again: the same parts on a second draw of data; each has to stand on both.

    Raises:
        ValueError: there are no parts, or others on the second draw.
    """
    if not parts:
        raise ValueError("an experiment without checks has no verdict; give at least one")
    return weakest(
        parts if again is None else (on_both(*each) for each in zip(parts, again, strict=True))
    )


def _listed(effects: Mapping[str, Estimate]) -> str:
    return "; ".join(f"{name} {effect:.3g}" for name, effect in effects.items())
