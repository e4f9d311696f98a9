"""Small language models over the ids of any tokenizer, compared in bits per byte."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.extras import importing
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.data.padded import Ids
from tokenry.neural.training.step import TrainingStep
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from tokenry.neural.model import Model


@dataclass(frozen=True)
class LanguageModel:
    """A model and the context that it learnt with; its last id ends documents."""

    model: Model
    context: int

    @property
    def end(self) -> int:
        """The id that ends documents."""
        return self.model.vocab_size - 1


def train_language_model(
    documents: Sequence[Ids],
    vocab_size: int,
    *,
    shape: Shape | None = None,
    passes: Passes | None = None,
    step: TrainingStep | None = None,
    seed: int = 0,
    start: LanguageModel | None = None,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> LanguageModel:
    """Train a causal model on documents, each read as often as ``passes`` says.

    Documents stand one after another, each ended by the id ``vocab_size``, and are cut into
    stretches of the context's length. So the bytes that are read are the same for every tokenizer;
    the steps, and what a context holds, are not.

    Args:
        documents: ids below ``vocab_size``.
        vocab_size: ids of the tokenizer; the model has one more.
        step: what a batch loses; `NextToken` without it.
        start: one to go on from, in place; its rows must fit.
        folder: as for `Trainer.fit`.
    """
    shape, passes = shape or Shape(), passes or Passes()
    if start is None:
        start = LanguageModel(shape.causal(vocab_size + 1).build(seed=seed), shape.context)
    blocks = Blocks.of(documents, end=vocab_size, length=start.context)
    batches = blocks.shuffled(passes.batch, seed=seed, passes=passes.passes)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(start.model, step or NextToken(), batches, folder=folder, progress=progress)
    return start


def bits_per_byte(trained: LanguageModel, documents: Sequence[Ids], size: int) -> float:
    """Bits that a model needs for a byte of held-out text, ends of documents included.

    Each stretch of the context's length is predicted from its own beginning only.

    Args:
        trained: the model.
        documents: ids.
        size: bytes of the documents.
    """
    with importing("neural", "bits per byte"):
        from tokenry.neural.training.evaluation import summed_losses
    blocks = Blocks.of(documents, end=trained.end, length=trained.context)
    sums = summed_losses(trained.model, NextToken(), blocks.in_order(32))
    return sums["loss"] / math.log(2) / size
