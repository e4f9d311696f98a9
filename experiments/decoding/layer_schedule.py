"""Fewer blocks for later ids beside fewer blocks for all, before and after training for it.

Source: Del Corro et al. 2023, "SkipDecode: Autoregressive Skip Decoding with Batching and Caching
for Efficient LLM Inference", arXiv:2307.02628. There OPT of 1.3 and 6.7 billion parameters, trained
for the schedule; here a model of 6 blocks that is trained here, then for each way of skipping
alike, at equal compute.

What is scored is the text of documents behind their beginnings: the negative logarithm of its
probability where each id is read by the blocks that its place has.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, LARGE, Text, text_of, trained
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, Estimate, check, check_bounded
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
AS_IT_IS, TRAINED = "as it is", "trained for it"
Scores = dict[str, dict[str, list[float]]]
"""By schedule and what the model was trained for: nats an id of each document."""


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


def nats(
    model: CausalModel, documents: Sequence[NDArray[np.int64]], schedule: Schedule
) -> list[float]:
    """Of an id behind the prompt, by document; read id by id with a cache, as text is generated."""
    from tokenry.models.causal import log_softmax

    table = np.stack([each[: PROMPT + NEW] for each in documents])
    found = model.start(table[:, :PROMPT], layers=schedule[PROMPT - 1])
    total = np.zeros(len(table))
    for place in range(PROMPT, PROMPT + NEW):
        rows = log_softmax(found.last)
        total -= rows[np.arange(len(table)), table[:, place]]
        if place + 1 < PROMPT + NEW:
            found = model.extend(found.state, table[:, place], layers=schedule[place])
    return [float(each) for each in total / NEW]


def trained_for(
    setting: Setting, model: Any, schedule: Schedule, documents: list[NDArray[np.int64]], seed: int
) -> Any:
    """A copy that learnt to be read by a schedule, from the same documents in the same order."""
    made = deepcopy(model)
    passes = Passes(batch=16, rate=1e-3)
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
    return learnt[: setting.pick(1200, 20)], held[: setting.pick(90, 6)]


def run(setting: Setting) -> Findings:
    """Train models, then for each schedule; score documents by every schedule."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    kept = Kept(setting, "layer schedule", source_of(__file__))
    found = [kept.once(f"seed {seed}", _scores, setting, text, seed) for seed in setting.seeds]
    return Findings((_table(found),), _checks(found), (*NOTES, kept.note()))


def _scores(setting: Setting, text: Text, seed: int) -> Scores:
    """Of one seed's model."""
    learnt, held = stretches(text, setting)
    shape = replace(LARGE, layers=BLOCKS, width=setting.pick(96, 16))
    if setting.size == "full":
        base = trained(setting, text, shape, seed, passes=2).model
    else:
        base = shape.causal(text.end + 1).build(seed=seed)
    found: Scores = {}
    for name, schedule in SCHEDULES.items():
        setting.tell(f"{name}, seed {seed}")
        made = trained_for(setting, base, schedule, learnt, seed)
        found[name] = {
            state: nats(causal_model(model), held, schedule)
            for state, model in ((AS_IT_IS, base), (TRAINED, made))
        }
    return found


def _of(found: list[Scores], name: str, state: str) -> NDArray[np.float64]:
    """Nats an id, shape (seeds, documents)."""
    return np.array([each[name][state] for each in found])


def _table(found: list[Scores]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, schedule in SCHEDULES.items():
        blocks = float(np.mean([len(each) for each in schedule[PROMPT:]]))
        for state in (AS_IT_IS, TRAINED):
            score = float(_of(found, name, state).mean())
            rows.append((name, state, round(blocks, 2), round(score, 3)))
    return Table(
        "Nats an id of text behind its beginning",
        ("schedule", "model", "blocks an id", "nats an id"),
        tuple(rows),
        f"{BLOCKS} blocks, prompts of {PROMPT} ids, {NEW} ids scored; means over seeds.",
    )


def _checks(found: list[Scores]) -> tuple[Check, ...]:
    def ratio(one: str, other: str) -> Estimate:
        """Of nats an id over documents, less 1."""
        first, second = (_of(found, name, TRAINED) for name in (one, other))
        return crossed(first.shape, lambda seeds, documents: float(
            first[seeds][:, documents].mean() / second[seeds][:, documents].mean() - 1
        ))  # fmt: skip

    return (
        check_bounded("trained for it, the schedule costs at most 1% more nats an id than all "
                      "blocks, trained as long, at 1.5 times the speed (published: no loss at up "
                      "to twice)",
                      ratio("falling to 2", "all blocks"), 0.01, loose=0.05),
        check("fewer nats an id than an even number of blocks at equal compute",
              ratio("even", "falling to 2"), matters=0.005),
    )  # fmt: skip


NOTES: Final = (
    "Intervals are over seeds and documents, both drawn anew.",
    "The even way runs the first block and the top ones, as many as the schedule runs on average.",
)
EXPERIMENT: Final = Experiment(
    name="SkipDecode",
    claim="A schedule by which later ids run through fewer blocks halves the compute of generating "
    "with hardly any loss after training for it, and keeps batches and caches whole.",
    scale="Paper: OPT 1.3B and 6.7B, E2E, Reddit-TLDR and CNN-DM. Here: 6 blocks of width 96, "
    "trained on 450 kB by three seeds, then on 1,200 stretches for each schedule; 90 held-out "
    "documents.",
    baseline="All blocks, and an even number of blocks at equal compute, trained as long.",
    needs=FOLDERS,
    run=run,
)
