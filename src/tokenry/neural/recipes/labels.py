"""Small classifiers of texts over the ids of any tokenizer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenry.extras import importing
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.data.padded import Ids
from tokenry.neural.training.steps.class_label import ClassLabel
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from tokenry.neural.model import Model


@dataclass(frozen=True)
class Classifier:
    """A model and how many ids of a text it reads."""

    model: Model
    context: int


def train_classifier(
    documents: Sequence[Ids],
    labels: NDArray[np.integer],
    vocab_size: int,
    *,
    classes: int,
    shape: Shape | None = None,
    passes: Passes | None = None,
    seed: int = 0,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Classifier:
    """Train a two-way transformer on documents and their labels, integers below ``classes``.

    The mean of what it makes of a text is read by one linear layer. Of a document the first
    ``shape.context`` ids are read.
    """
    shape, passes = shape or Shape(), passes or Passes(passes=8, rate=1e-3)
    model = shape.classifier(vocab_size, classes).build(seed=seed)
    rows = [np.asarray(each)[: shape.context] for each in documents]
    batches = examples(rows, {"labels": labels}, size=passes.batch, seed=seed, passes=passes.passes)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, ClassLabel(), batches, folder=folder, progress=progress)
    return Classifier(model, shape.context)


def predict_labels(trained: Classifier, documents: Sequence[Ids]) -> NDArray[np.int64]:
    """The label of each document, shape (n,)."""
    with importing("neural", "labels"):
        from tokenry.neural.inference import labels_of
    return labels_of(trained.model, [np.asarray(each)[: trained.context] for each in documents])
