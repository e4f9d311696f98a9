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

from experiments.decoding.pairs import FOLDERS, pair, text_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.drafter import Drafter
from tokenry.decoding.generation.drafters.dynamic import DynamicTree
from tokenry.decoding.generation.drafters.fixed import FixedTree
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel

NODES: Final = 12
SHAPES: Final = {
    "chain of 12": (1,) * NODES,
    "3 chains of 4": (3, 1, 1, 1),
    "2 chains of 6": (2, 1, 1, 1, 1, 1),
    "4, 2": (4, 2),
}
"""All of 12 nodes."""
Seen = dict[tuple[str, str, str], list[tuple[float, float]]]
"""By what prompts are for, tree, and how ids are drawn: ids and draft calls a call, by seed."""
TEMPERATURES: Final = {"greedy": 0.0, "drawn at 0.6": 0.6}


def ids_a_call(
    models: tuple[CausalModel, CausalModel],
    drafter: Drafter,
    prompts: list[list[int]],
    request: Request,
) -> tuple[float, float]:
    """New ids a call of the large model, and calls of the small one for each of the large one."""
    large, small = models
    before = small.counters.calls
    found = Speculative(drafter).generate(large, prompts, request, small)
    calls = sum(each.calls for each in found)
    rounds = max(each.calls for each in found)
    return sum(len(each.ids) for each in found) / calls, (small.counters.calls - before) / rounds


def run(setting: Setting) -> Findings:
    """Train pairs, and draft for them by every tree."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    count = setting.pick(48, 3)
    prompts = text.prompts(2 * count, setting.pick(48, 8))
    sides = {"chosen on": prompts[::2], "scored on": prompts[1::2]}
    drafters: dict[str, Drafter] = {
        **{name: FixedTree(widths) for name, widths in SHAPES.items()},
        "by value": DynamicTree(NODES),
        "by value, levels at once": DynamicTree(NODES, threshold=0.04),
    }
    seen: Seen = {}
    for seed in setting.seeds:
        models = pair(setting, text, seed)
        for how, temperature in TEMPERATURES.items():
            request = Request(setting.pick(48, 6), (text.end,), Drawing(temperature), seed)
            for name, drafter in drafters.items():
                setting.tell(f"{name}, {how}")
                for side, begun in sides.items():
                    if side == "scored on" or name in SHAPES:
                        figures = ids_a_call(models, drafter, begun, request)
                        seen.setdefault((side, name, how), []).append(figures)
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _table(seen: Seen) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, how, *(round(float(each), 2) for each in np.mean(figures, axis=0)))
        for (side, name, how), figures in seen.items()
        if side == "scored on"
    ]
    return Table(
        "Ids a call of the large model",
        ("tree", "ids", "ids a call", "draft calls a call"),
        tuple(rows),
        "Means over seeds.",
    )


def _checks(seen: Seen) -> tuple[Check, ...]:
    def of(side: str, name: str, how: str) -> NDArray[np.float64]:
        return np.array([each for each, _ in seen[side, name, how]])

    def gains(tree: str, how: str) -> NDArray[np.float64]:
        """Over the fixed shape that is best on other prompts, in logarithms, by seed."""
        best = max(SHAPES, key=lambda name: float(of("chosen on", name, how).mean()))
        gained: NDArray[np.float64] = np.log(
            of("scored on", tree, how) / of("scored on", best, how)
        )
        return gained

    return (
        check("more ids a call than the best fixed tree of as many nodes", {
            how: over_seeds(gains("by value", how)) for how in TEMPERATURES},
            matters=math.log(1.03)),
        check("levels at once keep that, with fewer calls of the draft", {
            how: over_seeds(gains("by value, levels at once", how)) for how in TEMPERATURES},
            matters=math.log(1.01)),
    )  # fmt: skip


NOTES: Final = (
    "The best fixed shape is chosen on as many other prompts.",
    "Drafts are drawn at a temperature of 0.6 in all trees, also where the target is greedy.",
)
EXPERIMENT: Final = Experiment(
    name="DySpec",
    claim="A tree that grows greedily by the draft's expectation gives more accepted ids than "
    "fixed trees of as many nodes (up to 9.1 times the speed of plain decoding).",
    scale="Paper: Llama-2 7B to 70B. Here: 4 blocks of width 128 with a draft of 1 block of width "
    "64, trained on 450 kB by three seeds; 48 prompts, 48 new ids, 12 nodes.",
    baseline="The best of four fixed trees of as many nodes, chains among them, same draft.",
    needs=FOLDERS,
    run=run,
)
