"""Fewer blocks for later ids beside fewer blocks for all, before and after training for it.

Source: Del Corro et al. 2023, "SkipDecode: Autoregressive Skip Decoding with Batching and Caching
for Efficient LLM Inference", arXiv:2307.02628. There OPT of 1.3 and 6.7 billion parameters, trained
for the schedule; here a model of 6 blocks that is trained here, then for each way of skipping
alike, at equal compute.

What is scored is the text of documents behind their beginnings: the negative logarithm of its
probability where each id is read by the blocks that its place has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, LARGE, Text, text_of, trained
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry.decoding.generation.skipping import SkipDecode
from tokenry.models import CausalModel, causal_model
from tokenry.neural.recipes.sizes import Passes
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.step import Losses

BLOCKS: Final = 6
PROMPT: Final = 32
NEW: Final = 64
Schedule = list[list[int]]
"""Blocks of each place of a document."""


def falling(least: int) -> Schedule:
    """SkipDecode's: all blocks for the prompt, then fewer and fewer."""
    how = SkipDecode(least=least)
    rest = [how.blocks(BLOCKS, step, NEW) for step in range(NEW)]
    return [[*range(BLOCKS)]] * (PROMPT - 1) + rest + rest[-1:]


def even(schedule: Schedule) -> Schedule:
    """The same compute behind the prompt, spread evenly: one number of blocks for all ids."""
    mean = round(float(np.mean([len(each) for each in schedule[PROMPT - 1 :]])))
    run = [0, *range(BLOCKS - mean + 1, BLOCKS)]
    return [[*range(BLOCKS)]] * (PROMPT - 1) + [run] * (NEW + 1)


SCHEDULES: Final[dict[str, Schedule]] = {
    "all blocks": [[*range(BLOCKS)]] * (PROMPT + NEW),
    "falling to 2": falling(2),
    "even": even(falling(2)),
}


@dataclass(frozen=True)
class Scheduled:
    """Next ids under a schedule: a place passes the blocks that it has, and skips the others.

    Blocks of a place are among those of all places before it, so that what attention looks at in a
    block is what a cache would hold.
    """

    schedule: tuple[tuple[int, ...], ...]

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over the ids behind the prompt, in nats."""
        import torch
        from torch.nn import functional

        ids = batch["ids"][:, : len(self.schedule) + 1]
        places = ids.shape[1] - 1
        x = model.embed(ids[:, :-1])
        for block in range(len(model.backbone.blocks)):
            runs = torch.tensor([block in each for each in self.schedule[:places]])
            through = model.backbone(x, layers=[block], states=True).states[-1]
            x = torch.where(runs[None, :, None], through, x)
        logits = model.read(model.backbone.last(x[:, PROMPT - 1 :])).flatten(0, 1)
        total = functional.cross_entropy(logits, ids[:, PROMPT:].flatten(), reduction="sum")
        return Losses(total, float(ids[:, PROMPT:].numel()))


def nats(model: CausalModel, documents: Sequence[NDArray[np.int64]], schedule: Schedule) -> float:
    """Of an id behind the prompt, read id by id with a cache, as text is generated."""
    from tokenry.models.causal import log_softmax

    table = np.stack([each[: PROMPT + NEW] for each in documents])
    found = model.start(table[:, :PROMPT], layers=schedule[PROMPT - 1])
    total = 0.0
    for place in range(PROMPT, PROMPT + NEW):
        rows = log_softmax(found.last)
        total -= float(rows[np.arange(len(table)), table[:, place]].sum())
        if place + 1 < PROMPT + NEW:
            found = model.extend(found.state, table[:, place], layers=schedule[place])
    return total / (len(table) * NEW)


def trained_for(
    setting: Setting, model: Any, schedule: Schedule, documents: list[NDArray[np.int64]], seed: int
) -> Any:
    """A copy that learnt to be read by a schedule, from the same documents in the same order."""
    made = deepcopy(model)
    passes = Passes(passes=setting.pick(2, 1), batch=16, rate=1e-3)
    rows = [each[: PROMPT + NEW] for each in documents]
    batches = examples(rows, {}, size=passes.batch, seed=seed, passes=passes.passes)
    step = Scheduled(tuple(map(tuple, schedule)))
    passes.trainer(batches.batches or 1, seed).fit(made, step, batches)
    return made


def stretches(
    text: Text, setting: Setting
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """Documents long enough: to learn from, cut one behind the other, and held-out beginnings."""
    length = PROMPT + NEW
    learnt = [
        row[at : at + length] for row in text.learnt for at in range(0, len(row) - length, length)
    ]
    held = [row[:length] for rows in text.held.values() for row in rows if len(row) > length]
    return learnt[: setting.pick(2000, 20)], held[: setting.pick(90, 6)]


def run(setting: Setting) -> Findings:
    """Train models, then for each schedule; score documents by every schedule."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    learnt, held = stretches(text, setting)
    seen: dict[tuple[str, str], list[float]] = {}
    for seed in setting.seeds:
        base = trained(setting, text, replace(LARGE, layers=BLOCKS, width=96), seed).model
        if setting.size == "small":
            base = replace(LARGE, layers=BLOCKS, width=16).causal(text.end + 1).build(seed=seed)
        for name, schedule in SCHEDULES.items():
            setting.tell(f"{name}, seed {seed}")
            models = {"as it is": base, "trained for it": trained_for(
                setting, base, schedule, learnt, seed)}  # fmt: skip
            for state, model in models.items():
                found = nats(causal_model(model), held, schedule)
                seen.setdefault((name, state), []).append(found)
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _table(seen: dict[tuple[str, str], list[float]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (name, state), figures in seen.items():
        blocks = float(np.mean([len(each) for each in SCHEDULES[name][PROMPT:]]))
        rows.append((name, state, round(blocks, 2), round(float(np.mean(figures)), 3)))
    return Table(
        "Nats an id of text behind its beginning",
        ("schedule", "model", "blocks an id", "nats an id"),
        tuple(rows),
        f"{BLOCKS} blocks, prompts of {PROMPT} ids, {NEW} ids scored; means over seeds.",
    )


def _checks(seen: dict[tuple[str, str], list[float]]) -> tuple[Check, ...]:
    def of(name: str) -> NDArray[np.float64]:
        return np.array(seen[name, "trained for it"])

    return (
        check_bounded("trained for it, the schedule costs at most 1% more nats an id than all "
                      "blocks, trained as long (published: no loss at up to twice the speed)",
                      over_seeds(of("falling to 2") / of("all blocks") - 1), 0.01, loose=0.05),
        check("fewer nats an id than an even number of blocks at equal compute",
              over_seeds(np.log(of("even") / of("falling to 2"))), matters=math.log(1.005)),
    )  # fmt: skip


NOTES: Final = (
    "The even way runs the first block and the top ones, as many as the schedule runs on average.",
)
EXPERIMENT: Final = Experiment(
    name="SkipDecode",
    claim="A schedule by which later ids run through fewer blocks halves the compute of generating "
    "with hardly any loss after training for it, and keeps batches and caches whole.",
    scale="Paper: OPT 1.3B and 6.7B, E2E, Reddit-TLDR and CNN-DM. Here: 6 blocks of width 96, "
    "trained on 450 kB by three seeds, then two passes for each schedule; 90 held-out documents.",
    baseline="All blocks, and an even number of blocks at equal compute, trained as long.",
    needs=FOLDERS,
    run=run,
)
