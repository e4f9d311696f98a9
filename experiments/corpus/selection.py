"""Methods that choose documents, compared by a small model of what each chooses.

Source: Albalak et al. 2024, "A Survey on Data Selection for Language Models", arXiv:2402.16827.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from experiments.corpus.selecting import BUDGET, NEEDS, SCALE, SelectionPool, bits, pool, rated
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check

CHANCE: Final = "chance"
AIMED: Final = (
    "likelihood", "cross-entropy", "classifier", "importance", "skills", "predictive", "ratings"
)  # fmt: skip
BLIND: Final = ("rules",)
CLAIMED, MATTERS = 0.05, 0.02  # bits a byte


def run(setting: Setting) -> Findings:
    """For each seed choose by each method, train, and read the target."""
    budget = setting.pick(BUDGET, 2_000)
    found: dict[str, list[float]] = {name: [] for name in (CHANCE, *AIMED, *BLIND)}
    inside: dict[str, list[float]] = {name: [] for name in found}
    for seed in setting.pick(setting.seeds, (0,)):
        whole = rated(pool(setting, seed))
        for name in found:
            setting.tell(f"seed {seed}: {name}")
            numbers = whole.chosen(name, budget)
            inside[name].append(_share(whole, numbers))
            found[name].append(bits(setting, whole, numbers, seed))
    return Findings(
        (_table(found, inside),),
        tuple(_check(name, found) for name in AIMED),
        (
            "Rules of prose know nothing of the target and stand in the table only: they are for "
            "other ends.",
            "predictive: losses of five models of pairs of tokens that read more and more of the "
            "examples; ratings: 5 for the target's domain and 1 for others, of a tenth of the "
            "documents, learnt and given to all.",
        ),
    )


def _share(whole: SelectionPool, numbers: np.ndarray) -> float:
    sizes = whole.sizes[numbers]
    return float(sizes[whole.wanted[numbers]].sum() / sizes.sum())


def _table(found: Mapping[str, Sequence[float]], inside: Mapping[str, Sequence[float]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in found:
        gain = over_seeds([a - b for a, b in zip(found[CHANCE], found[name], strict=True)])
        ends = (
            (gain.value, gain.low, gain.high) if len(found[name]) > 1 else (gain.value, None, None)
        )
        shown = (None if each is None else round(each, 4) for each in ends)
        share = round(100 * float(np.mean(inside[name])), 1)
        rows.append((name, round(float(np.mean(found[name])), 4), *shown, share))
    columns = ("method", "bits a byte", "fewer than chance", "from", "to", "of the target (%)")
    return Table("Models of equal tokens", columns, tuple(rows))


def _check(name: str, found: Mapping[str, Sequence[float]]) -> Check:
    gain = [a - b for a, b in zip(found[CHANCE], found[name], strict=True)]
    return check(
        f"what {name} chooses teaches the target better than as many tokens at random",
        over_seeds(gain),
        claimed=CLAIMED,
        matters=MATTERS,
    )


EXPERIMENT = Experiment(
    name="Data selection (survey)",
    claim=(
        "Methods that choose documents by a target, by losses of models or by ratings give a "
        "better model of that target than random documents of as many tokens."
    ),
    scale=(
        f"Paper: a survey, of models of all sizes. Here: {SCALE}; 30,000 tokens are chosen; six "
        "seeds."
    ),
    baseline="documents drawn at random, with the same tokens, model, passes and seed",
    needs=NEEDS,
    run=run,
    seeds=6,
)
