"""Small classifiers of texts over the ids of any tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from experiments.small_models.training import (
    PAD,
    Ids,
    Progress,
    Schedule,
    chunks,
    device_of,
    fit,
    orders,
    padded,
)
from experiments.small_models.transformer import Shape, Transformer


class Classifier(nn.Module):
    """The mean of what a two-way transformer makes of a text, then one linear layer."""

    def __init__(self, vocab_size: int, classes: int, shape: Shape) -> None:
        super().__init__()
        self.encoder = Transformer(vocab_size, shape, causal=False)
        self.decide = nn.Linear(shape.width, classes)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits, shape (batch, classes), of padded ids, shape (batch, length)."""
        ids = ids[:, : self.encoder.shape.context]
        mask = ids != PAD
        hidden = self.encoder.hidden(ids.clamp(min=0), mask)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        logits: Tensor = self.decide(mean)
        return logits


def train_classifier(
    documents: Sequence[Ids],
    labels: NDArray[np.integer],
    vocab_size: int,
    *,
    classes: int,
    shape: Shape | None = None,
    schedule: Schedule | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Classifier:
    """Train on documents and their labels, integers below ``classes``.

    Of a document the first ``shape.context`` ids are read.
    """
    shape, schedule = shape or Shape(), schedule or Schedule(passes=8, rate=1e-3)
    torch.manual_seed(seed)
    model = Classifier(vocab_size, classes, shape)
    rows = [np.asarray(each)[: shape.context] for each in documents]
    targets = torch.from_numpy(np.asarray(labels, dtype=np.int64))

    def loss_of(batch: NDArray[np.int64]) -> Tensor:
        ids = padded([rows[at] for at in batch])
        return functional.cross_entropy(model(ids), targets[batch])

    fit(model, orders(len(rows), schedule, seed), loss_of, schedule, progress)
    return model


def predict_labels(model: Classifier, documents: Sequence[Ids]) -> NDArray[np.int64]:
    """The label of each document, shape (n,)."""
    context = model.encoder.shape.context
    rows = [np.asarray(each)[:context] for each in documents]
    device = device_of(model)
    model.eval()
    with torch.no_grad():
        found = [
            model(padded(rows[part]).to(device)).argmax(1).cpu() for part in chunks(len(rows), 64)
        ]
    labels: NDArray[np.int64] = torch.cat(found).numpy()
    return labels
