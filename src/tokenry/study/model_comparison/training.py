"""Train one small model of a comparison, and measure it on the documents held out."""

from __future__ import annotations

import math
import os
from dataclasses import replace

from tokenry.extras import importing
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.budgets.flops import Flops
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.progress import Progress
from tokenry.study.model_comparison.content import TrainedModel
from tokenry.study.model_comparison.data import Arm
from tokenry.study.model_comparison.options import HEADS, ComparisonOptions

_SAVE_EVERY = 100  # steps: seconds of work are lost to an interruption
_AT_ONCE = 32
# Contexts of a step that are computed together: the logits of more leave the heap of glibc, and
# giving them back to the system each time took a third of the time (9,000 rows, 122 tokens).
_TOGETHER = 4


def train(
    arm: Arm,
    options: ComparisonOptions,
    seed: int,
    folder: str | os.PathLike[str],
    progress: Progress,
    *,
    flops: float | None = None,
) -> TrainedModel:
    """Train a model on all of the text once, or with so many operations.

    Args:
        arm: the tokenizer and the text.
        options: sizes of the model.
        seed: of its weights and of the order of the text.
        folder: where an interrupted training goes on from.
        progress: told how far it is.
        flops: operations to spend; None to read all of the text. The learning rate falls to the
            end of the budget in both.
    """
    shape = Shape(width=options.width, layers=options.layers, heads=HEADS, context=arm.context)
    end = arm.rows.rows
    model = shape.causal(end + 1).build(seed=seed)
    blocks = Blocks.of(arm.learnt, end=end, length=arm.context)
    parts = options.batch // _TOGETHER if options.batch % _TOGETHER == 0 else 1
    batches = blocks.shuffled(options.batch // parts, seed=seed, passes=1)
    steps = math.ceil((batches.batches or 1) / parts)
    trainer = replace(Passes(rate=options.rate).trainer(steps, seed), accumulate=parts)
    if flops is not None:
        trainer = replace(trainer, budget=Flops(flops))
    report = trainer.fit(
        model, NextToken(), batches, folder=folder, save_every=_SAVE_EVERY, progress=progress
    ).report
    return TrainedModel(
        bits=_bits(model, arm),
        flops=report.spent.flops,
        read=report.spent.steps / steps,
        seconds=round(report.spent.seconds, 1),
        parameters=report.parameters,
    )


def _bits(model: object, arm: Arm) -> tuple[float, ...]:
    """Bits of each held-out document; each context of it is predicted from its own beginning."""
    with importing("neural", "bits per byte"):
        from tokenry.neural.training.evaluation import summed_losses
    found = []
    for rows in arm.held:
        blocks = Blocks.of([rows], end=arm.rows.rows, length=arm.context)
        sums = summed_losses(model, NextToken(), blocks.in_order(_AT_ONCE))  # type: ignore[arg-type]
        found.append(sums["loss"] / math.log(2) + arm.rows.bits_beside(rows))
    return tuple(found)
