"""Trees that grow by value beside trees of one shape, with the same number of nodes.

Source: Xiong et al. 2024, "DySpec: Faster Speculative Decoding with Dynamic Token Tree Structure",
arXiv:2410.11744. There Llama-2 70B with drafts of 68 million to 7 billion parameters; here pairs
that are trained here, one a seed.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, Text, pair, text_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of_crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, check
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.drafter import Drafter
from tokenry.decoding.generation.drafters.dynamic import DynamicTree
from tokenry.decoding.generation.drafters.fixed import FixedTree
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.speculative import Speculative

NODES: Final = 12
SHAPES: Final = {
    "chain of 12": (1,) * NODES,
    "3 chains of 4": (3, 1, 1, 1),
    "2 chains of 6": (2, 1, 1, 1, 1, 1),
    "4, 2": (4, 2),
}
"""All of 12 nodes."""
DRAFTERS: Final[dict[str, Drafter]] = {
    **{name: FixedTree(widths) for name, widths in SHAPES.items()},
    "by value": DynamicTree(NODES),
    "by value, levels at once": DynamicTree(NODES, threshold=0.04),
}
TEMPERATURES: Final = {"greedy": 0.0, "drawn at 0.6": 0.6}
CHOSEN, SCORED = "chosen on", "scored on"
Rates = dict[str, dict[str, dict[str, list[float]]]]
"""By how ids are drawn, tree and what prompts are for: ids a call of each prompt, and last the
draft's calls for each call of the batch."""


def run(setting: Setting) -> Findings:
    """Train pairs, and draft for them by every tree."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    kept = Kept(setting, "dynamic trees", source_of(__file__))
    found = [kept.once(f"seed {seed}", _rates, setting, text, seed) for seed in setting.seeds]
    return Findings((_table(found),), _checks(found), (*NOTES, kept.note()))


def _rates(setting: Setting, text: Text, seed: int) -> Rates:
    """Of one pair."""
    large, small = pair(setting, text, seed)
    prompts = text.prompts(2 * setting.pick(60, 3), setting.pick(40, 8))
    sides = {CHOSEN: prompts[::2], SCORED: prompts[1::2]}
    rates: Rates = {how: {name: {} for name in DRAFTERS} for how in TEMPERATURES}
    for how, temperature in TEMPERATURES.items():
        request = Request(setting.pick(32, 6), (text.end,), Drawing(temperature), seed)
        for name, drafter in DRAFTERS.items():
            setting.tell(f"{name}, {how}, seed {seed}")
            for side, begun in sides.items():
                if side == SCORED or name in SHAPES:
                    before = small.counters.calls
                    made = Speculative(drafter).generate(large, begun, request, small)
                    asked = (small.counters.calls - before) / max(each.calls for each in made)
                    ids = [len(each.ids) / each.calls for each in made]
                    rates[how][name][side] = [*ids, asked]
    return rates


def _of(found: list[Rates], how: str, name: str, side: str = SCORED) -> NDArray[np.float64]:
    """Ids a call, shape (seeds, prompts)."""
    return np.array([each[how][name][side][:-1] for each in found])


def _table(found: list[Rates]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for how in TEMPERATURES:
        for name in DRAFTERS:
            asked = np.mean([each[how][name][SCORED][-1] for each in found])
            ids = _of(found, how, name).mean()
            rows.append((name, how, round(float(ids), 2), round(float(asked), 1)))
    return Table(
        "Ids a call of the large model",
        ("tree", "ids", "ids a call", "draft calls a call"),
        tuple(rows),
        "Means over prompts and seeds.",
    )


def _checks(found: list[Rates]) -> tuple[Check, ...]:
    def gains(tree: str, how: str) -> NDArray[np.float64]:
        """Over the fixed shape that is best on other prompts, in logarithms."""
        best = max(SHAPES, key=lambda name: float(np.log(_of(found, how, name, CHOSEN)).mean()))
        gained: NDArray[np.float64] = np.log(_of(found, how, tree) / _of(found, how, best))
        return gained

    return (
        check("more ids a call than the best fixed tree of as many nodes", {
            how: mean_of_crossed(gains("by value", how)) for how in TEMPERATURES},
            matters=math.log(1.03)),
        check("levels at once keep that, with fewer calls of the draft", {
            how: mean_of_crossed(gains("by value, levels at once", how)) for how in TEMPERATURES},
            matters=math.log(1.03)),
    )  # fmt: skip


NOTES: Final = (
    "The best fixed shape is chosen on as many other prompts.",
    "Drafts are drawn at a temperature of 0.6 in all trees, also where the target is greedy.",
    "Intervals are over pairs of models and prompts, both drawn anew.",
)
EXPERIMENT: Final = Experiment(
    name="DySpec",
    claim="A tree that grows greedily by the draft's expectation gives more accepted ids than "
    "fixed trees of as many nodes (up to 9.1 times the speed of plain decoding).",
    scale="Paper: Llama-2 7B to 70B. Here: 4 blocks of width 128 with a draft of 1 block of width "
    "64, trained on 450 kB by three seeds; 60 prompts, 32 new ids, 12 nodes.",
    baseline="The best of four fixed trees of as many nodes, chains among them, same draft.",
    needs=FOLDERS,
    run=run,
)
