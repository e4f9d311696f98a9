"""Masked diffusion with keys and values that are kept, and with a causal guide.

Source: Hu et al. 2025, "FlashDLM: Accelerating Diffusion Language Model Inference via Efficient KV
Caching and Guided Diffusion", arXiv:2505.21467. There Dream-7B and LLaDA-8B with a guide of 1.5
billion parameters; here a denoiser of column addition and a causal guide of one block, both trained
here. Places that are computed are counted, and the share of right answers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.columns import ANSWER, IDS, PROMPT, Sums, denoiser
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry.decoding.diffusion.coverage import Coverage, FreeCache, KeepBlocks, ReadAll
from tokenry.decoding.diffusion.denoising import Denoising, denoise
from tokenry.decoding.diffusion.policies.counted import Confident
from tokenry.decoding.diffusion.policies.guided import GuidedUnmasking
from tokenry.models import CausalModel, causal_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.steps.next_token import NextToken

BLOCK: Final = 4
COVERAGES: Final[dict[str, Coverage]] = {
    "all": ReadAll(),
    "prefix kept": KeepBlocks(),
    "prefix and suffix kept": KeepBlocks(suffix=True),
    "FreeCache": FreeCache(ahead=4),
}
Figures = tuple[float, float, float]
"""Calls and positions a text, and the share of right answers."""


def guide(setting: Setting, seed: int) -> CausalModel:
    """A small causal model of the same sums."""
    setting.tell(f"guide {seed}")
    learnt = Sums.drawn(setting.pick(40_000, 64), seed, "learnt")
    shape = setting.pick(Shape(width=48, layers=2, heads=4), Shape(width=16, layers=1, heads=2))
    model = shape.causal(IDS).build(seed=seed)
    passes = Passes(passes=1, batch=64)
    facts = {"prompts": np.full(len(learnt.prompts), PROMPT)}
    batches = examples(learnt.rows(), facts, size=passes.batch, seed=seed)
    passes.trainer(batches.batches or 1, seed).fit(model, NextToken(), batches)
    return causal_model(model)


def run(setting: Setting) -> Findings:
    """Train models; write held-out sums with every coverage and by the guide."""
    import torch

    torch.set_num_threads(1)
    seen: dict[str, list[Figures]] = {}
    for seed in setting.seeds:
        model, small = denoiser(setting, seed), guide(setting, seed)
        held = Sums.drawn(setting.pick(400, 8), seed, "held")
        plain = Denoising(length=ANSWER, block=BLOCK, policy=Confident(BLOCK))
        ways: dict[str, Denoising] = {
            name: replace(plain, coverage=each) for name, each in COVERAGES.items()
        }
        whole = replace(plain, block=ANSWER, policy=Confident(ANSWER))
        guided: Any = GuidedUnmasking(small)
        ways["one block, confidence"] = whole
        ways["one block, guided"] = replace(whole, policy=guided)
        ways["FreeCache, guided"] = replace(plain, policy=guided, coverage=FreeCache(ahead=4))
        for name, how in ways.items():
            setting.tell(f"{name}, seed {seed}")
            before = model.counters.positions
            found = denoise(model, held.prompts, how)
            places = (model.counters.positions - before) / len(held.prompts)
            figures = (float(found.calls.mean()), places, float(held.right(found.ids).mean()))
            seen.setdefault(name, []).append(figures)
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _table(seen: dict[str, list[Figures]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, figures in seen.items():
        calls, places, right = np.mean(figures, axis=0).tolist()
        rows.append((name, round(calls, 2), round(places, 1), round(right, 3)))
    return Table(
        f"An answer of {ANSWER} ids behind a prompt of {PROMPT}",
        ("way", "calls", "positions", "right"),
        tuple(rows),
        f"Blocks of {BLOCK} where nothing else is said; means over seeds. Calls of the guide, one "
        "for each of the denoiser's, are left out.",
    )


def _checks(seen: dict[str, list[Figures]]) -> tuple[Check, ...]:
    def of(name: str, figure: int) -> NDArray[np.float64]:
        return np.array([each[figure] for each in seen[name]])

    def lost(name: str, than: str) -> NDArray[np.float64]:
        return of(than, 2) - of(name, 2)

    kept = ("prefix kept", "prefix and suffix kept", "FreeCache")
    return (
        check_bounded("keeping keys and values costs at most 2 points of right answers",
                      {name: over_seeds(lost(name, "all")) for name in kept}, 0.02, loose=0.05),
        check("and saves positions", {
            name: over_seeds(np.log(of("all", 1) / of(name, 1))) for name in kept},
            matters=math.log(1.2)),
        check_bounded("the guide costs at most 2 points of right answers",
                      over_seeds(lost("one block, guided", "one block, confidence")), 0.02,
                      loose=0.05),
        check("and saves calls (published with the cache: 12 times the speed)",
              over_seeds(np.log(of("one block, confidence", 0) / of("one block, guided", 0))),
              matters=math.log(1.5)),
    )  # fmt: skip


NOTES: Final = ("Answers are short, so a cache can save less here than over hundreds of ids.",)
EXPERIMENT: Final = Experiment(
    name="FreeCache and guided diffusion",
    claim="Keys and values of settled text can be kept over denoising steps, and a small causal "
    "model can say which proposed ids to settle at once, with hardly any loss (12.1 times the "
    "speed on average).",
    scale="Paper: Dream-7B and LLaDA-8B, five tasks. Here: 4 blocks of width 64 and a guide of 2 "
    "blocks of width 48, sums of 6 digits (12 ids), three seeds, 400 held-out sums.",
    baseline="Reading all places in each call; unmasking by confidence, a place a call.",
    needs=(),
    run=run,
)
