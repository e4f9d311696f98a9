"""What an experiment states and what it finds.

The verdict follows from checks by one rule (`verdict`); nobody writes it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeVar

from experiments.harness.data import Data

T = TypeVar("T")
Cell = str | int | float | None
Size = Literal["full", "small"]


class Verdict(StrEnum):
    """What a run says of a published claim."""

    HOLDS = "holds"
    IN_DIRECTION = "holds in direction"
    NOT_HERE = "does not hold here"


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of a run: numbers stay numbers, units stand in the names of columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.title!r}: a row has {len(row)} cells, expected one for each of "
                    f"{self.columns}"
                )


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a claim, put to a figure.

    Attributes:
        statement: what is claimed, with the published size of the effect where there is one.
        found: what this run saw, with the figure.
        verdict: `HOLDS` where the effect is there in the size or the certainty that the statement
            asks for, `IN_DIRECTION` where only its sign is, else `NOT_HERE`.
    """

    statement: str
    found: str
    verdict: Verdict


def check(statement: str, found: str, *, holds: bool, in_direction: bool = False) -> Check:
    """A `Check` from two conditions on figures.

    >>> check("fewer tokens", "3% fewer", holds=False, in_direction=True).verdict.value
    'holds in direction'
    """
    if holds:
        return Check(statement, found, Verdict.HOLDS)
    return Check(statement, found, Verdict.IN_DIRECTION if in_direction else Verdict.NOT_HERE)


def verdict(checks: Sequence[Check]) -> Verdict:
    """The weakest of the verdicts: a claim holds where each of its parts does."""
    if not checks:
        raise ValueError("an experiment without checks has no verdict; give at least one")
    order = (Verdict.NOT_HERE, Verdict.IN_DIRECTION, Verdict.HOLDS)
    return order[min(order.index(each.verdict) for each in checks)]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found: tables of figures, the parts of the claim, and what a reader must know."""

    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a run is given.

    Attributes:
        data: the real data.
        size: ``full`` for the figures; ``small`` shows in seconds that everything runs, and says
            nothing about the claim.
        seeds: one run for each where something is trained or drawn.
        scratch: an empty folder, removed afterwards.
        tell: told in a few words what is being done.
    """

    data: Data
    size: Size
    scratch: Path
    seeds: tuple[int, ...] = (0, 1, 2)
    tell: Callable[[str], None] = field(default=lambda text: None)

    def pick(self, full: T, small: T) -> T:
        """One of two values by the size of the run."""
        return full if self.size == "full" else small


@dataclass(frozen=True, slots=True)
class Experiment:
    """A published claim and the run that tests it; id and source are in the registry.

    Attributes:
        name: of the system.
        claim: in one or two sentences, with the published figures.
        scale: the paper's and ours: data, sizes, seeds.
        baseline: what it is compared with, in the same run.
        needs: folders of the data that it reads.
        run: does it.
    """

    name: str
    claim: str
    scale: str
    baseline: str
    needs: tuple[str, ...]
    run: Callable[[Setting], Findings]
