"""One nested draft for two targets beside a draft of its own for each.

Source: Kavehzadeh et al. 2024, "S2D: Sorted Speculative Decoding For More Efficient Deployment of
Nested Large Language Models", arXiv:2407.01955. There Vicuna 7B and Llama 13B to 70B; here targets
of 3 and 6 blocks that are trained here. The nested draft is trained once, on the mean of the losses
of its depths; the others as usual, one as deep as the nested one's first part, one as deep as all
of it, with as many updates each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, LARGE, TINY, Text, text_of, trained
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check_bounded
from tokenry.decoding.generation.drafter import Drafter
from tokenry.decoding.generation.drafters.nested import NestedDraft
from tokenry.decoding.generation.ledger import accounted
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel, causal_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.steps.nested import NestedNextToken

DRAFT: Final = Shape(width=64, layers=3, heads=4, context=LARGE.context)
DEPTHS: Final = (1, 3)
SURE: Final = (0.6, 0.4)
OWN: Final = ("own, shallow", "own, deep")
Seen = dict[tuple[str, str, str], list[tuple[float, float]]]
"""By what prompts are for, target and draft: ids a call and FLOPs an id, by seed."""
TARGETS: Final = {"3 blocks": replace(LARGE, layers=3), "6 blocks": replace(LARGE, layers=6)}


def nested(setting: Setting, text: Text, seed: int) -> CausalModel:
    """A draft whose first blocks are a draft, too."""
    setting.tell(f"nested draft, seed {seed}")
    shape = setting.pick(DRAFT, TINY)
    model = shape.causal(text.end + 1).build(seed=seed)
    passes = Passes(passes=setting.pick(3, 1), batch=8)
    blocks = Blocks.of(text.learnt, end=text.end, length=shape.context)
    batches = blocks.shuffled(passes.batch, seed=seed, passes=passes.passes)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, NestedNextToken(DEPTHS), batches)
    return causal_model(model)


def cost(
    target: CausalModel,
    draft: CausalModel,
    drafter: Drafter,
    prompts: list[list[int]],
    request: Request,
) -> tuple[float, float]:
    """Ids a call of the target, and FLOPs of both a new id."""
    with accounted(target, [draft]) as ledger:
        found = Speculative(drafter).generate(target, prompts, request, draft)
    new = sum(len(each.ids) for each in found)
    return new / sum(each.calls for each in found), ledger.flops / new


def run(setting: Setting) -> Findings:
    """Train targets and drafts; draft for each target by each."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    prompts = text.prompts(2 * setting.pick(30, 3), setting.pick(48, 8))
    sides = {"chosen on": prompts[::2], "scored on": prompts[1::2]}
    request = Request(setting.pick(48, 6), (text.end,))
    seen: Seen = {}
    for seed in setting.seeds:
        small = [
            causal_model(trained(setting, text, replace(DRAFT, layers=depth), seed).model)
            for depth in DEPTHS
        ]
        depths = [each.layers for each in small]
        ways: dict[str, tuple[CausalModel, Drafter]] = {
            "nested": (nested(setting, text, seed), NestedDraft(DEPTHS, SURE)),
            "own, shallow": (small[0], NestedDraft((depths[0],), SURE[1:])),
            "own, deep": (small[1], NestedDraft((depths[1],), SURE[1:])),
        }
        for name, shape in TARGETS.items():
            target = causal_model(trained(setting, text, shape, seed).model)
            for way, (draft, drafter) in ways.items():
                setting.tell(f"{name}: {way}")
                for side, begun in sides.items():
                    figures = cost(target, draft, drafter, begun, request)
                    seen.setdefault((side, name, way), []).append(figures)
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _table(seen: Seen) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (side, target, way), figures in seen.items():
        if side != "scored on":
            continue
        calls, flops = np.mean(figures, axis=0)
        rows.append((target, way, round(float(calls), 2), round(float(flops) / 1e6, 2)))
    return Table(
        "Ids a call, and what an id costs",
        ("target", "draft", "ids a call", "MFLOPs an id"),
        tuple(rows),
        "Means over seeds; FLOPs of target and draft.",
    )


def _checks(seen: Seen) -> tuple[Check, ...]:
    def worse(target: str, figure: int) -> list[float]:
        """By how much the nested draft is worse than the better one of a target's own, by seed."""
        sign = 1 if figure else -1

        def of(side: str, way: str) -> NDArray[np.float64]:
            return np.array([each[figure] for each in seen[side, target, way]])

        best = min(OWN, key=lambda way: float(sign * of("chosen on", way).mean()))
        return [float(x) for x in sign * np.log(of("scored on", "nested") / of("scored on", best))]

    return (
        check_bounded("one nested draft costs at most 5% more FLOPs an id than the better draft of "
                      "each target's own", {t: over_seeds(worse(t, 1)) for t in TARGETS}, 0.05,
                      loose=0.1),
        check_bounded("and gives at most 5% fewer ids a call",
                      {t: over_seeds(worse(t, 0)) for t in TARGETS}, 0.05, loose=0.1),
    )  # fmt: skip


NOTES: Final = ("The better draft of each target is chosen on other prompts.",)
EXPERIMENT: Final = Experiment(
    name="Sorted speculative decoding (S2D)",
    claim="One nested draft, trained once, serves targets of several sizes as well as a draft "
    "chosen for each (1.55 times the speed of plain decoding on average).",
    scale="Paper: 7- to 70-billion-parameter targets. Here: targets of 3 and 6 blocks of width "
    "128, drafts of width 64, three seeds, 30 prompts of 48 new ids.",
    baseline="A draft of one block and one of three, each trained alone with as many updates.",
    needs=FOLDERS,
    run=run,
)
