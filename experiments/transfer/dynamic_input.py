"""S055: how much shorter an input gets by merging pairs of a live batch, and what that costs."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.models import models_folder
from experiments.harness.verdicts import check, check_bounded
from experiments.transfer.hypernetworks import as_transformers, hypernetwork
from experiments.transfer.real_model import Moved, evenly
from experiments.transfer.small_models import SmallPair, family
from experiments.transfer.teaching import pieces_of
from tokenry.neural.recipes.language import LanguageModel
from tokenry.neural.recipes.sizes import Passes
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD, padded
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.step import Losses
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.dynamic import (
    DynamicLoss,
    dynamic_loss,
    merge_batch,
    predicted_rows,
    unit_rows,
)

SHORTER, LESS, MUCH_LESS = 0.2, 0.02, 0.05  # of the length; of the loss
MATTERS = 0.02  # bits of an id
LENGTH, BATCH = 400, 24

Points = dict[str, list[list[float]]]
"""By arm, for each number of merges: share saved, loss id by id, loss in units."""


def run(setting: Setting) -> Findings:
    """Small models as they are and after adaptation, eight seeds; SmolLM2 as it is."""
    kept, merges = (
        Kept(setting, "S055", source_of(__file__)),
        setting.pick((25, 50, 100, 200, 400), (5, 20)),
    )
    found = [kept.once(f"seed {seed}", _arms, setting, seed, merges) for seed in setting.seeds]
    tables = [_table("Small models", found, merges)]
    folder = models_folder() if setting.size == "full" else None
    if folder is not None:
        real = kept.once("SmolLM2", _real, setting, folder, merges)
        tables.append(_table("SmolLM2-135M, nothing trained", [real], merges))
    at = next(
        (at for at in range(len(merges))
         if min(each["adapted, means"][at][0] for each in found) >= SHORTER),
        len(merges) - 1,
    )  # fmt: skip
    cost = [_cost(each, at) for each in found]
    gain = [each["means"][at][2] - each["predicted"][at][2] for each in found]
    return Findings(
        tuple(tables),
        (
            check(
                "the input is at least 20% shorter",
                over_seeds([each["adapted, means"][at][0] for each in found]),
                matters=SHORTER,
            ),
            check_bounded(
                f"at that length ({merges[at]} merges) an adapted model loses at most 2% against "
                "one that was adapted to ids (5% for the direction)",
                over_seeds(cost),
                LESS,
                loose=MUCH_LESS,
            ),
            check(
                "without adaptation, rows that a hypernetwork predicts lose less than means of "
                "rows",
                over_seeds(gain),
                matters=MATTERS,
            ),
        ),
        (
            "The loss is that of the first id behind each unit, read in units and read id by id, "
            "at the same places.",
            kept.note(),
        ),
    )


def _cost(arms: Points, at: int) -> float:
    """The share of the loss that units add, both models adapted by the same steps."""
    return arms["adapted, means"][at][2] / arms["adapted to ids"][at][1] - 1


def _arms(setting: Setting, seed: int, merges: Sequence[int]) -> Points:
    pair = family(setting, seed)
    learnt, held = split(english(setting.data))
    texts = evenly(held, setting.pick(BATCH, 4), setting.pick(LENGTH, 80))
    plain = as_transformers(pair.base)
    predicted = predicted_rows(hypernetwork(setting, pair, seed))
    found = {
        "means": _points(plain, pair, texts, merges, unit_rows),
        "predicted": _points(plain, pair, texts, merges, predicted),
    }
    more = pieces_of(first_bytes(learnt, setting.pick(400_000, 3_000)), setting.pick(LENGTH, 80))
    for name, count in (("adapted, means", merges[-2]), ("adapted to ids", 0)):
        setting.tell(f"seed {seed}: {name}")
        model = _adapted(setting, pair, more, count, seed)
        found[name] = _points(as_transformers(model), pair, texts, merges, unit_rows)
    return found


def _points(
    network: Any, pair: SmallPair, texts: list[str], merges: Sequence[int], rows_of: Any
) -> list[list[float]]:
    return [
        _figures(dynamic_loss(network, pair.old, texts, count, pair.base.end, rows_of))
        for count in merges
    ]


def _figures(found: DynamicLoss) -> list[float]:
    return [found.shorter, found.before, found.after]


def _adapted(
    setting: Setting, pair: SmallPair, texts: list[str], merges: int, seed: int
) -> LanguageModel:
    """The base after some steps of reading units, whose rows are means."""
    model = copy.deepcopy(pair.base)
    model.model.requires_grad_(True)
    steps, size = setting.pick(80, 3), setting.pick(16, 4)

    def make(numbers: Any) -> Batch:
        return unit_batch(pair.old, [texts[at] for at in numbers.tolist()], merges, model.end)

    batches = Shuffled(len(texts), size, make, seed=seed, passes=None, identity=str(merges))
    Passes(rate=1e-3).trainer(steps, seed).fit(model.model, by_units, batches)
    return model


def unit_batch(tokenizer: Tokenizer, texts: list[str], merges: int, start: int) -> Batch:
    """``units``: ids of each unit that is read, (rows, length, most); ``ids``: what follows it."""
    rows = merge_batch(tokenizer, texts, merges).rows
    read = [[(start,), *row[:-1]] for row in rows]
    most = max(len(unit) for row in read for unit in row)
    length = max(map(len, read))
    units = np.full((len(rows), length, most), PAD, np.int64)
    for at, row in enumerate(read):
        units[at, : len(row)] = padded([*row, (PAD,) * most])[:-1]
    return Batch({"units": units, "ids": padded([[unit[0] for unit in row] for row in rows])})


def by_units(model: Any, batch: Batch) -> Losses:
    """Nats of the first id of each unit behind those before it."""
    import torch

    units, ids = batch["units"], batch["ids"]
    present = units >= 0
    vectors = model.embed(units.clamp(min=0).flatten(1)).unflatten(1, units.shape[1:])
    mean = (vectors * present[..., None]).sum(2) / present.sum(2, keepdim=True).clamp(min=1)
    logits = model.read(model.backbone(mean).hidden)
    kept = ids >= 0
    total = torch.nn.functional.cross_entropy(logits[kept], ids[kept], reduction="sum")
    return Losses(total, kept.sum().float())


def _real(setting: Setting, folder: Any, merges: Sequence[int]) -> Points:
    model = Moved.open(folder / "smollm2-135m", half=True)
    texts = evenly(split(english(setting.data))[1], BATCH, LENGTH)
    start = model.network.config.bos_token_id
    return {
        "means": [
            _figures(dynamic_loss(model.network, model.tokenizer, texts, count, start))
            for count in merges
        ]
    }


def _table(name: str, found: list[Points], merges: Sequence[int]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for arm in found[0]:
        means = np.mean([each[arm] for each in found], axis=0)
        for count, (shorter, before, after) in zip(merges, means.tolist(), strict=True):
            more = 100 * (after / before - 1)
            rows.append((f"{arm}, {count} merges", round(100 * shorter, 1), round(before, 3),
                         round(after, 3), round(more, 1)))  # fmt: skip
    return Table(
        f"{name}: length against loss, in bits of the id behind a unit",
        ("arm", "shorter %", "read id by id", "read in units", "more %"),
        tuple(rows),
        f"A batch of {BATCH} passages of {LENGTH} characters.",
    )


EXPERIMENT = Experiment(
    name="Dynamic tokenization",
    claim="Merging frequent pairs of a live batch, with rows that a hypernetwork predicts, makes "
    "the input more than 20% shorter at less than 2% of loss, once the model is adapted.",
    scale="paper: XLM-R and Mistral-7B, XNLI and others; here: transformers of 1 million "
    "parameters and hypernetworks of 0.3 million, adapted by 80 steps of 16 passages of 400 "
    "characters, eight seeds, and SmolLM2-135M as it is",
    baseline="the same models that read id by id, at the same places, adapted by as many steps",
    needs=("text",),
    run=run,
    seeds=8,
)
