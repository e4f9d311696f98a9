"""What an experiment states, what it is given and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from experiments.harness.data import Data
from experiments.harness.verdicts import Check, Cost

T = TypeVar("T")
Cell = str | int | float | None
Size = Literal["full", "small"]


@dataclass(frozen=True, slots=True)
class Lines:
    """How a table is drawn: a line for each value of one column, over two others.

    Attributes:
        by: the column that names the line.
        x: on a logarithmic axis.
        y: on a plain one.
    """

    by: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of a run: numbers stay numbers, units stand in the names of columns.

    Attributes:
        title: of the table.
        columns: their names.
        rows: as many cells each.
        note: below it.
        lines: None: it is not drawn.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    lines: Lines | None = None

    def __post_init__(self) -> None:
        drawn = (self.lines.by, self.lines.x, self.lines.y) if self.lines else ()
        if missing := set(drawn) - set(self.columns):
            raise ValueError(f"table {self.title!r} has no column {sorted(missing)} to draw")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.title!r}: a row has {len(row)} cells, expected one for each of "
                    f"{self.columns}"
                )


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found.

    Attributes:
        tables: of figures.
        checks: of the published claim, part by part; the verdict comes from them alone.
        notes: what a reader must know.
        costs: targets of our own, apart from the claim.
    """

    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()
    costs: tuple[Cost, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a run is given.

    Attributes:
        data: the real data.
        size: ``full`` for the figures; ``small`` shows in seconds that everything runs, and says
            nothing about the claim.
        seeds: one run for each where something is trained or drawn; others in a second draw.
        scratch: an empty folder, removed afterwards.
        draw: 0, or 1 in a second draw; what an experiment makes or chooses itself, it makes anew.
        resume: take models that a stopped run has left (`experiments.harness.kept`).
        tell: told in a few words what is being done.
        earlier: CPU seconds of the parts that were so taken, by name; they are costs of this run,
            too. Of a part that this run has made itself, 0.
    """

    data: Data
    size: Size
    scratch: Path
    seeds: tuple[int, ...] = (0, 1, 2)
    tell: Callable[[str], None] = field(default=lambda text: None)
    draw: int = 0
    resume: bool = False
    earlier: dict[str, float] = field(default_factory=dict)

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
        models: folders of `make models` that it cannot do without.
        seeds: how many models of a kind a full run trains, or how often it draws.
        undivided: folders of which both draws read all, since the experiment draws from them by
            `Setting.draw` itself.
        one_draw: why there is no second draw, where there cannot be one; pages say it.
    """

    name: str
    claim: str
    scale: str
    baseline: str
    needs: tuple[str, ...]
    run: Callable[[Setting], Findings]
    models: tuple[str, ...] = field(default=(), kw_only=True)
    seeds: int = 3
    undivided: tuple[str, ...] = ()
    one_draw: str = ""
