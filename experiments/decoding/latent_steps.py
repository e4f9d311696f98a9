"""Latent steps where a model is unsure, explicit ones where it is sure, at equal numbers of steps.

Source: Shi et al. 2025, "SwiReasoning: Switch-Thinking in Latent and Explicit for Pareto-Superior
Reasoning LLMs", arXiv:2510.05069. There reasoning models of 1.7 to 8 billion parameters on
mathematics and science; here a model that is trained to write paths to goals, which has not read
mixtures either. A path has as many steps in every way, so calls are the same; what is compared is
whether the goal is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.branching_paths import DEPTH, IDS, PROMPT, Paths
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Baseline, Check, check
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.method import Continuation, Generated, Method, Request
from tokenry.decoding.generation.registry import method
from tokenry.decoding.generation.stepwise import StepReader, stepwise
from tokenry.decoding.generation.switching import SwiReasoning
from tokenry.models import CausalModel, causal_model
from tokenry.models.causal import log_softmax
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.steps.next_token import NextToken

SHAPE: Final = Shape(width=64, layers=3, heads=4, context=PROMPT + DEPTH, spread=0.12)
EXPLICIT, DRAWN, LATENT, SWITCHED = "explicit", "explicit, drawn", "latent", "switched by entropy"


@dataclass(frozen=True)
class AlwaysLatent:
    """Every step reads the mean of all ids by their probabilities."""

    lossless = False

    def generate(
        self,
        target: CausalModel,
        prompts: Sequence[Sequence[int]],
        request: Request,
        draft: CausalModel | None = None,
    ) -> list[Generated]:
        """Go on with prompts."""
        return stepwise(_Mixing(target), prompts, request, target.max_length)


class _Mixing:
    def __init__(self, target: CausalModel) -> None:
        self.reader = StepReader(target)
        self.cost = self.reader.cost
        self.rows: NDArray[np.float32] | None = None

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        mixtures = None if self.rows is None else np.exp(log_softmax(self.rows))
        self.rows = self.reader.read(texts, mixtures=mixtures).last
        return self.rows


WAYS: Final[dict[str, tuple[Method, Drawing]]] = {
    EXPLICIT: (method("plain"), Drawing(0)),
    DRAWN: (method("plain"), Drawing(1.0)),
    LATENT: (AlwaysLatent(), Drawing(0)),
    SWITCHED: (SwiReasoning(dwell=1), Drawing(0)),
}


def trained(setting: Setting, kept: Kept, seed: int) -> Any:
    """A model of paths."""
    setting.tell(f"model {seed}")
    passes = Passes(batch=32)
    paths = Paths.drawn(passes.batch * setting.pick(1500, 1), seed, "learnt")
    rows = list(np.concatenate([paths.prompts, paths.paths], axis=1))
    batches = examples(rows, {"prompts": np.full(len(rows), PROMPT)}, size=passes.batch, seed=seed)
    model = setting.pick(SHAPE, Shape(width=16, layers=1, heads=2)).causal(IDS).build(seed=seed)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, NextToken(), batches, folder=kept.training(f"model{seed}"))
    return model


def shares_of(setting: Setting, kept: Kept, seed: int) -> dict[str, float]:
    """Of goals that are reached, by way; and of first steps that are right, where ids are read."""
    model = causal_model(trained(setting, kept, seed))
    held = Paths.drawn(setting.pick(600, 8), seed, "held")
    found: dict[str, float] = {}
    for name, (how, drawing) in WAYS.items():
        request = Request(DEPTH, drawing=drawing, seed=seed)
        ids = np.array([each.ids for each in how.generate(model, held.prompts.tolist(), request)])
        found[name] = float(held.right(ids).mean())
        if name == EXPLICIT:
            found["first step"] = float((ids[:, 0] == held.paths[:, 0]).mean())
    return found


def run(setting: Setting) -> Findings:
    """Train models of paths; go to held-out goals in every way."""
    import torch

    torch.set_num_threads(1)
    kept = Kept(setting, "latent_steps", source_of(__file__))
    runs = [kept.once(f"seed {seed}", shares_of, setting, kept, seed) for seed in setting.seeds]
    seen = {name: np.array([each[name] for each in runs]) for name in runs[0]}
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=(*NOTES, kept.note()))


def _table(seen: dict[str, NDArray[np.float64]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            DEPTH,
            *(round(float(each), 3) for each in (shares.mean(), shares.min(), shares.max())),
        )
        for name, shares in seen.items()
        if name in WAYS
    ]
    first = float(seen["first step"].mean())
    return Table(
        "Goals that are reached",
        ("steps", "calls", "reached", "least of a seed", "most of a seed"),
        tuple(rows),
        f"Means over seeds. Of explicit first steps {first:.0%} are right.",
    )


def _checks(seen: dict[str, NDArray[np.float64]]) -> tuple[Check, ...]:
    def more_than(other: str, published: str = "") -> Check:
        end = Baseline(float(seen[other].mean()), ceiling=1.0)
        statement = f"more goals are reached than by {other} steps, in as many calls{published}"
        gain = over_seeds(seen[SWITCHED] - seen[other])
        return check(statement, gain, matters=0.02, baseline=end)

    return more_than(EXPLICIT, " (published: 1.5 to 2.8 points)"), more_than(LATENT)


NOTES: Final = (
    "No marks of thinking and no limit to switches: the model has none to be told by.",
    "Sizes, rates and the dwell of one step were chosen on paths and a model of a seed that is not "
    "scored.",
)
EXPERIMENT: Final = Experiment(
    name="SwiReasoning",
    claim="Reading mixtures of ids while the model is unsure and ids when it is sure, switched by "
    "entropy and without training, reaches more right answers (1.5 to 2.8 points) than explicit "
    "steps, and with fewer tokens.",
    scale="Paper: Qwen3 and R1 models of 1.7B to 8B, GSM8K, MATH, AIME, GPQA. Here: 3 blocks of "
    "width 64, paths of 3 steps in trees of 11 nodes, three seeds, 600 held-out paths.",
    baseline="Explicit steps by the likeliest id and by drawn ones, and latent steps all along.",
    needs=(),
    run=run,
)
