"""A learnt unmasking policy beside confidence and threshold, at equal numbers of calls.

Source: Jazbec et al. 2025, "Learning Unmasking Policies for Diffusion Language Models",
arXiv:2512.09106. There LLaDA-8B on mathematics and code; here a masked diffusion model of column
addition that is trained here. Each way is run over its settings; what is compared is the share of
right answers at the calls that the learnt policy takes, between the two nearest settings of a way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.columns import ANSWER, Sums, answers_of, denoiser
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check
from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.decoding.diffusion.denoising import Denoising, denoise
from tokenry.decoding.diffusion.policies.counted import AtRandom, Confident, InOrder
from tokenry.decoding.diffusion.policies.learnt import LearntPolicy, PolicyGradient, PolicyNetwork
from tokenry.decoding.diffusion.policies.threshold import Threshold
from tokenry.decoding.diffusion.policy import UnmaskPolicy
from tokenry.models.state import Array
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.trainer import Trainer

HOW: Final = Denoising(length=ANSWER, block=ANSWER)
STEPS: Final = (1, 2, 3, 4, 6, 8, ANSWER)
LEVELS: Final = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
WAYS: Final[dict[str, list[UnmaskPolicy]]] = {
    "in order": [InOrder(each) for each in STEPS],
    "at random": [AtRandom(each) for each in STEPS],
    "confidence": [Confident(each) for each in STEPS],
    "threshold": [Threshold(each) for each in LEVELS],
}
Point = tuple[float, float]
"""Calls a text, and the share of right answers."""


def point(model: Denoiser, sums: Sums, policy: UnmaskPolicy) -> Point:
    """Of one policy."""
    found = denoise(model, sums.prompts, replace(HOW, policy=policy))
    return float(found.calls.mean()), float(sums.right(found.ids).mean())


def reward(prompts: Array, ids: Array) -> NDArray[np.float64]:
    """1 for a right answer."""
    found: NDArray[np.float64] = (ids == answers_of(prompts)).all(1).astype(np.float64)
    return found


def learnt_policy(setting: Setting, model: Denoiser, seed: int) -> LearntPolicy:
    """A policy trained on sums that the denoiser was not trained on."""
    import torch

    setting.tell(f"policy {seed}")
    prompts = Sums.drawn(setting.pick(2000, 8), seed, "policy").prompts
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = PolicyNetwork()

    def make(numbers: NDArray[np.int64]) -> Batch:
        return Batch({"prompts": prompts[numbers]})

    batches = Shuffled(len(prompts), setting.pick(16, 2), make, seed=seed, passes=None)
    step = PolicyGradient(model, HOW, reward, group=8, speed=1.0, seed=seed)
    trainer = Trainer(optimizer=AdamW(rate=0.01), budget=Steps(setting.pick(150, 2)), seed=seed)
    trainer.fit(network, step, batches)
    return LearntPolicy(network)


def at_calls(points: list[Point], calls: float) -> float:
    """The share of right answers at a number of calls, between the two nearest points."""
    ordered = sorted(points)
    return float(np.interp(calls, [x for x, _ in ordered], [y for _, y in ordered]))


def run(setting: Setting) -> Findings:
    """Train denoisers and policies; write held-out sums by all ways."""
    import torch

    torch.set_num_threads(1)
    seen: dict[str, list[list[Point]]] = {}
    for seed in setting.seeds:
        model = denoiser(setting, seed)
        learnt = learnt_policy(setting, model, seed)
        held = Sums.drawn(setting.pick(500, 8), seed, "held")
        setting.tell(f"sums {seed}")
        ways: dict[str, list[UnmaskPolicy]] = {**WAYS, "learnt": [learnt]}
        for name, policies in ways.items():
            seen.setdefault(name, []).append([point(model, held, each) for each in policies])
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _table(seen: dict[str, list[list[Point]]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, runs in seen.items():
        for calls, right in np.mean(runs, axis=0).tolist():
            rows.append((name, round(calls, 2), round(right, 3)))
    return Table(
        f"Right answers of {ANSWER} ids by calls",
        ("places are unmasked", "calls", "right"),
        tuple(rows),
        "Means over seeds.",
    )


def _checks(seen: dict[str, list[list[Point]]]) -> tuple[Check, ...]:
    def gain(way: str) -> list[float]:
        pairs = zip(seen["learnt"], seen[way], strict=True)
        return [mine[0][1] - at_calls(points, mine[0][0]) for mine, points in pairs]

    return (
        check("more right answers than confidence at equal calls", over_seeds(gain("confidence")),
              matters=0.02),
        check("more than a threshold at equal calls, in one block (published: better where the "
              "whole text is one block)", over_seeds(gain("threshold")), matters=0.02),
        check("confidence is better than chance at equal calls", over_seeds([
            at_calls(one, 4) - at_calls(other, 4)
            for one, other in zip(seen["confidence"], seen["at random"], strict=True)]),
            matters=0.02),
    )  # fmt: skip


NOTES: Final = ("One block holds the whole answer, which is the paper's full diffusion.",)
EXPERIMENT: Final = Experiment(
    name="Learned unmasking policies",
    claim="A policy of one transformer layer, trained by how right and fast texts are, unmasks as "
    "well as confidence and thresholds in blocks and better where the whole text is one block.",
    scale="Paper: LLaDA-8B, GSM8K, MATH, HumanEval, MBPP. Here: 4 blocks of width 64, sums of 6 "
    "digits with carries (12 ids), three seeds, 150 updates of a policy, 500 held-out sums.",
    baseline="In order, at random, by confidence and by threshold, over their settings.",
    needs=(),
    run=run,
)
