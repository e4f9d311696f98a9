"""One nested draft for two targets beside a draft of its own for each.

Source: Kavehzadeh et al. 2024, "S2D: Sorted Speculative Decoding For More Efficient Deployment of
Nested Large Language Models", arXiv:2407.01955. There Vicuna 7B and Llama 13B to 70B; here targets
of 2 and 4 blocks that are trained here. The nested draft is trained once, on the mean of the losses
of its depths; the others as usual, one as deep as the nested one's first part, one as deep as all
of it, with as many updates each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, LARGE, SMALL, TINY, Text, text_of, trained
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of_crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, Estimate, check_bounded
from tokenry.decoding.generation.drafter import Drafter
from tokenry.decoding.generation.drafters.nested import NestedDraft
from tokenry.decoding.generation.ledger import accounted
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel, causal_model
from tokenry.neural.recipes.sizes import Passes
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.steps.nested import NestedNextToken

DEPTHS: Final = (1, 3)
SURE: Final = (0.6, 0.4)
OWN: Final = ("own, shallow", "own, deep")
TARGETS: Final = {"2 blocks": replace(LARGE, layers=2), "4 blocks": LARGE}
GROUP: Final = 8  # prompts that share calls
CHOSEN, SCORED = "chosen on", "scored on"
Figures = dict[str, dict[str, dict[str, list[list[float]]]]]
"""By target, draft and what prompts are for, what `costs` gives."""


def nested(setting: Setting, text: Text, seed: int) -> CausalModel:
    """A draft whose first blocks are a draft, too."""
    setting.tell(f"nested draft, seed {seed}")
    shape = setting.pick(replace(SMALL, layers=DEPTHS[-1]), TINY)
    model = shape.causal(text.end + 1).build(seed=seed)
    passes = Passes(passes=setting.pick(3, 1), batch=8)
    blocks = Blocks.of(text.learnt, end=text.end, length=shape.context)
    batches = blocks.shuffled(passes.batch, seed=seed, passes=passes.passes)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, NestedNextToken(DEPTHS), batches)
    return causal_model(model)


def costs(
    target: CausalModel,
    draft: CausalModel,
    drafter: Drafter,
    prompts: list[list[int]],
    request: Request,
) -> list[list[float]]:
    """For each group of prompts, which share calls: new ids, calls, and FLOPs of both models."""
    found = []
    for at in range(0, len(prompts), GROUP):
        with accounted(target, [draft]) as ledger:
            made = Speculative(drafter).generate(target, prompts[at : at + GROUP], request, draft)
        new = sum(len(each.ids) for each in made)
        found.append([float(new), float(sum(each.calls for each in made)), float(ledger.flops)])
    return found


def run(setting: Setting) -> Findings:
    """Train targets and drafts; draft for each target by each."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    kept = Kept(setting, "nested draft", source_of(__file__))
    found = [kept.once(f"seed {seed}", _figures, setting, text, seed) for seed in setting.seeds]
    return Findings((_table(found),), _checks(found), (*NOTES, kept.note()))


def _figures(setting: Setting, text: Text, seed: int) -> Figures:
    """Of one seed's models."""
    prompts = text.prompts(2 * setting.pick(48, 3), setting.pick(40, 8))
    sides = {CHOSEN: prompts[::4], SCORED: prompts[1::2]}
    request = Request(setting.pick(32, 6), (text.end,))
    shallow, deep = (
        causal_model(trained(setting, text, replace(SMALL, layers=depth), seed).model)
        for depth in DEPTHS
    )
    ways: dict[str, tuple[CausalModel, Drafter]] = {
        "nested": (nested(setting, text, seed), NestedDraft(DEPTHS, SURE)),
        "own, shallow": (shallow, NestedDraft((shallow.layers,), SURE[1:])),
        "own, deep": (deep, NestedDraft((deep.layers,), SURE[1:])),
    }
    found: Figures = {}
    for name, shape in TARGETS.items():
        target = causal_model(trained(setting, text, shape, seed).model)
        for way, (draft, drafter) in ways.items():
            setting.tell(f"{name}: {way}, seed {seed}")
            for side, begun in sides.items():
                figures = costs(target, draft, drafter, begun, request)
                found.setdefault(name, {}).setdefault(way, {})[side] = figures
    return found


def _of(found: list[Figures], target: str, way: str, side: str) -> NDArray[np.float64]:
    """Calls an id, and FLOPs an id; shape (2, seeds, groups)."""
    new, calls, flops = np.moveaxis(np.array([each[target][way][side] for each in found]), -1, 0)
    return np.stack([calls / new, flops / new])


def _table(found: list[Figures]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for target, ways in found[0].items():
        for way in ways:
            calls, flops = _of(found, target, way, SCORED).mean((1, 2))
            rows.append((target, way, round(float(1 / calls), 2), round(float(flops) / 1e6, 2)))
    return Table(
        "Ids a call, and what an id costs",
        ("target", "draft", "ids a call", "MFLOPs an id"),
        tuple(rows),
        "Over seeds and prompts; FLOPs of target and draft.",
    )


def _checks(found: list[Figures]) -> tuple[Check, ...]:
    def worse(target: str, figure: int) -> Estimate:
        """By how much the nested draft costs more than the better one of a target's own."""

        def of(side: str, way: str) -> NDArray[np.float64]:
            costs_of: NDArray[np.float64] = np.log(_of(found, target, way, side)[figure])
            return costs_of

        best = min(OWN, key=lambda way: float(of(CHOSEN, way).mean()))
        return mean_of_crossed(of(SCORED, "nested") - of(SCORED, best))

    return (
        check_bounded("one nested draft costs at most 5% more FLOPs an id than the better draft of "
                      "each target's own", {t: worse(t, 1) for t in TARGETS}, 0.05, loose=0.1),
        check_bounded("and takes at most 5% more calls",
                      {t: worse(t, 0) for t in TARGETS}, 0.05, loose=0.1),
    )  # fmt: skip


NOTES: Final = (
    "The better draft of each target is chosen on other prompts.",
    "Intervals are over seeds and groups of 8 prompts, both drawn anew.",
)
EXPERIMENT: Final = Experiment(
    name="Sorted speculative decoding (S2D)",
    claim="One nested draft, trained once, serves targets of several sizes as well as a draft "
    "chosen for each (1.55 times the speed of plain decoding on average).",
    scale="Paper: 7- to 70-billion-parameter targets. Here: targets of 2 and 4 blocks of width "
    "128, drafts of width 64, three seeds, 48 prompts of 32 new ids.",
    baseline="A draft of one block and one of three, each trained alone with as many updates.",
    needs=FOLDERS,
    run=run,
)
