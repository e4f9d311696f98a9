"""Small models that answer: a prompt, then ids of which only those of the answer are learnt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tokenry.extras import importing
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.data.padded import Ids
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from tokenry.neural.model import Model


def train_answers(
    prompts: Sequence[Ids],
    answers: Sequence[Ids],
    vocab_size: int,
    *,
    shape: Shape | None = None,
    passes: Passes | None = None,
    seed: int = 0,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Model:
    """Train a causal model to continue each prompt by its answer and the id ``vocab_size``.

    The loss is over the ids of answers and their end alone.
    """
    shape, passes = shape or Shape(), passes or Passes(batch=64)
    model = shape.causal(vocab_size + 1).build(seed=seed)
    rows = [
        np.concatenate([prompt, answer, [vocab_size]]).astype(np.int64)
        for prompt, answer in zip(prompts, answers, strict=True)
    ]
    starts = np.array([len(prompt) for prompt in prompts])
    batches = examples(
        rows, {"prompts": starts}, size=passes.batch, seed=seed, passes=passes.passes
    )
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, NextToken(), batches, folder=folder, progress=progress)
    return model


def give_answers(model: Model, prompts: Sequence[Ids], longest: int) -> list[list[int]]:
    """The likeliest next id, one after another, up to the end mark or ``longest`` ids."""
    with importing("neural", "answers"):
        from tokenry.neural.inference import continuations
    return continuations(model, prompts, longest, end=model.vocab_size - 1)
