"""One method against random documents of more tokens, as papers on selection claim it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.corpus.selecting import BUDGET, SelectionPool, bits, pool
from experiments.harness.experiment import Cell, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import check, check_bounded

CLAIMED, MATTERS = 0.05, 0.02  # bits a byte
WORSE, MUCH_WORSE = 0.0, 0.02


def run_against_more(
    setting: Setting,
    method: str,
    more: float,
    prepared: Callable[[SelectionPool], SelectionPool] = lambda found: found,
    budget: int = BUDGET,
) -> Findings:
    """Models of what a method chooses, of random documents of as many tokens, and of more.

    Args:
        setting: data and seeds.
        method: a name of `tokenry.corpus.registry.SCORERS`.
        more: how many times as many random tokens.
        prepared: what is done to the pool before.
        budget: tokens that are chosen.
    """
    budget = setting.pick(budget, 2_000)
    rows: list[tuple[Cell, ...]] = []
    for seed in setting.pick(setting.seeds, (0,)):
        whole = prepared(pool(setting, seed))
        setting.tell(f"seed {seed}")
        arms = [(method, budget), ("chance", budget), ("chance", more * budget)]
        figures = [bits(setting, whole, whole.chosen(*arm), seed) for arm in arms]
        rows.append((seed, *(round(figure, 4) for figure in figures)))
    chosen, equal, many = (np.array([float(row[i] or 0) for row in rows]) for i in (1, 2, 3))
    columns = ("seed", method, "chance", f"chance, {more:g} times the tokens")
    return Findings(
        (Table("Bits a byte of the target", columns, tuple(rows)),),
        (
            check(
                "at equal tokens the chosen documents teach the target better than random ones",
                over_seeds(equal - chosen), claimed=CLAIMED, matters=MATTERS,
            ),
            check_bounded(
                f"they are as good as {more:g} times as many random tokens (here: no more bits a "
                "byte; 0.02 more for the direction)",
                over_seeds(chosen - many), WORSE, loose=MUCH_WORSE,
            ),
        ),
    )  # fmt: skip
