"""A learned unmasking policy beside confidence and threshold, at equal numbers of calls.

Source: Jazbec et al. 2025, "Learning Unmasking Policies for Diffusion Language Models",
arXiv:2512.09106. There LLaDA-8B on mathematics and code; here a masked diffusion model of running
sums that is trained here. Each way is run over its settings; what is compared is the share of right
answers at the calls that the learned policy takes, between the two nearest settings of a way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.running_sums import PLACES, Sums, answers_of, denoiser
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Baseline, Check, check, check_bounded
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

WHOLE, IN_BLOCKS = "one block", "blocks of 4"
BLOCKS: Final = {WHOLE: PLACES, IN_BLOCKS: 4}
STEPS: Final = (1, 2, 3, 4, 5, 6, 8, PLACES)
"""Calls a block."""
LEVELS: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
MATTERS: Final = 0.02
Point = tuple[float, float]
"""Calls a text, and the share of right answers."""
Points = dict[str, list[Point]]
"""Of each way, one for each of its settings."""


def ways(block: int) -> dict[str, list[UnmaskPolicy]]:
    """What is not learned, with all settings."""
    steps = [each for each in STEPS if each <= block]
    return {
        "in order": [InOrder(each) for each in steps],
        "at random": [AtRandom(each) for each in steps],
        "confidence": [Confident(each) for each in steps],
        "threshold": [Threshold(each) for each in LEVELS],
    }


def reward(prompts: Array, ids: Array) -> NDArray[np.float64]:
    """1 for a right answer."""
    found: NDArray[np.float64] = (ids == answers_of(prompts)).all(1).astype(np.float64)
    return found


def learned_policy(setting: Setting, model: Denoiser, how: Denoising, seed: int) -> LearntPolicy:
    """A policy trained on sums that the denoiser was not trained on."""
    import torch

    prompts = Sums.drawn(setting.pick(1600, 4), seed, "policy").prompts
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = PolicyNetwork()

    def make(numbers: NDArray[np.int64]) -> Batch:
        return Batch({"prompts": prompts[numbers]})

    batches = Shuffled(len(prompts), setting.pick(16, 2), make, seed=seed, passes=None)
    step = PolicyGradient(model, how, reward, group=8, speed=1.0, seed=seed)
    trainer = Trainer(optimizer=AdamW(rate=0.01), budget=Steps(setting.pick(100, 1)), seed=seed)
    trainer.fit(network, step, batches)
    return LearntPolicy(network)


def points_of(setting: Setting, regime: str, seed: int) -> Points:
    """Held-out sums written in all ways, the policy of this seed among them."""
    model = denoiser(setting, seed)
    how = Denoising(length=PLACES, block=BLOCKS[regime])
    learned = learned_policy(setting, model, how, seed)
    held = Sums.drawn(setting.pick(300, 4), seed, "held")

    def point(policy: UnmaskPolicy) -> Point:
        found = denoise(model, held.prompts, replace(how, policy=policy))
        return float(found.calls.mean()), float(held.right(found.ids).mean())

    every: dict[str, list[UnmaskPolicy]] = {**ways(how.block), "learned": [learned]}
    return {name: [point(each) for each in policies] for name, policies in every.items()}


def at_calls(points: list[Point], calls: float) -> float:
    """The share of right answers at a number of calls, between the two nearest points."""
    ordered = sorted(map(tuple, points))
    return float(np.interp(calls, [x for x, _ in ordered], [y for _, y in ordered]))


def run(setting: Setting) -> Findings:
    """Train denoisers and policies; write held-out sums by all ways."""
    import torch

    torch.set_num_threads(1)
    kept = Kept(setting, "unmasking", source_of(__file__))
    seen: dict[str, list[Points]] = {}
    for seed in setting.seeds:
        for regime in BLOCKS:
            found = kept.once(f"{regime}, seed {seed}", points_of, setting, regime, seed)
            seen.setdefault(regime, []).append(found)
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=(*NOTES, kept.note()))


def _table(seen: dict[str, list[Points]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for regime, runs in seen.items():
        for name in runs[0]:
            for calls, right in np.mean([each[name] for each in runs], axis=0).tolist():
                rows.append((regime, name, round(calls, 2), round(right, 3)))
    return Table(
        f"Right answers of {PLACES} ids by calls",
        ("text is written in", "places are unmasked", "calls", "right"),
        tuple(rows),
        "Means over seeds; a line for each setting of a way.",
    )


def _checks(seen: dict[str, list[Points]]) -> tuple[Check, ...]:
    def beside(regime: str, way: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Right answers of the learned policy, and of a way at its calls, by seed."""
        learned = [each["learned"][0] for each in seen[regime]]
        others = [
            at_calls(each[way], calls)
            for each, (calls, _) in zip(seen[regime], learned, strict=True)
        ]
        return np.array([right for _, right in learned]), np.array(others)

    def more_than(way: str) -> Check:
        learned, other = beside(WHOLE, way)
        end = Baseline(float(other.mean()), ceiling=1.0)
        statement = (
            f"more right answers than by {way} at equal calls where the text is one block "
            "(published: better there)"
        )
        return check(statement, over_seeds(learned - other), matters=MATTERS, baseline=end)

    def lost_in_blocks(way: str) -> NDArray[np.float64]:
        learned, other = beside(IN_BLOCKS, way)
        found: NDArray[np.float64] = other - learned
        return found

    return (
        more_than("confidence"),
        more_than("threshold"),
        check_bounded("in blocks at most 2 points fewer right answers at equal calls (published: "
                      "as good as both)",
                      {way: over_seeds(lost_in_blocks(way)) for way in ("confidence", "threshold")},
                      MATTERS, loose=0.05),
    )  # fmt: skip


NOTES: Final = (
    "Rates, sizes and numbers of updates were chosen on sums and models of seeds that are not "
    "scored.",
)
EXPERIMENT: Final = Experiment(
    name="Learned unmasking policies",
    claim="A policy of one transformer layer, trained by how right and fast texts are, unmasks as "
    "well as confidence and thresholds in blocks and better where the whole text is one block.",
    scale="Paper: LLaDA-8B, GSM8K, MATH, HumanEval, MBPP. Here: 3 blocks of width 64, running sums "
    "of 16 ids, eight seeds, 100 updates of a policy with 128 texts each, 300 held-out sums.",
    baseline="In order, at random, by confidence and by threshold, over their settings.",
    needs=(),
    run=run,
    seeds=8,
)
