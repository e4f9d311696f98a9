"""Small language models over the ids of any tokenizer, compared in bits per byte."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
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
)
from experiments.small_models.transformer import Shape, Transformer


def train_language_model(
    documents: Sequence[Ids],
    vocab_size: int,
    *,
    shape: Shape | None = None,
    schedule: Schedule | None = None,
    seed: int = 0,
    model: Transformer | None = None,
    progress: Progress | None = None,
) -> Transformer:
    """Train a causal model on documents, each read ``schedule.passes`` times.

    Documents stand one after another, each ended by the id ``vocab_size``, and are cut into
    stretches of the context's length. So the bytes that are read are the same for every tokenizer;
    the steps, and what a context holds, are not.

    Args:
        documents: ids below ``vocab_size``.
        vocab_size: ids of the tokenizer; the model has one more.
        model: one to go on from, in place; its rows must fit.
    """
    shape, schedule = shape or Shape(), schedule or Schedule()
    if model is None:
        torch.manual_seed(seed)
        model = Transformer(vocab_size + 1, shape)
    stretches = cut(documents, vocab_size, model.shape.context)
    device = device_of(model)

    def loss_of(batch: NDArray[np.int64]) -> Tensor:
        rows = stretches[batch].to(device)
        return cross_entropy(model, rows, "mean")

    fit(model, orders(len(stretches), schedule, seed), loss_of, schedule, progress)
    return model


def bits_per_byte(model: Transformer, documents: Sequence[Ids], size: int) -> float:
    """Bits that a model needs for a byte of held-out text, ends of documents included.

    Each stretch of the context's length is predicted from its own beginning only.

    Args:
        documents: ids.
        size: bytes of the documents.
    """
    stretches = cut(documents, model.rows.num_embeddings - 1, model.shape.context)
    device = device_of(model)
    nats = 0.0
    model.eval()
    with torch.no_grad():
        for part in chunks(len(stretches), 32):
            nats += float(cross_entropy(model, stretches[part].to(device), "sum"))
    return nats / math.log(2) / size


def cross_entropy(model: Transformer, rows: Tensor, reduction: str) -> Tensor:
    """Loss of every id of ``rows`` but the first of each, in nats."""
    logits = model(rows[:, :-1].clamp(min=0))
    return functional.cross_entropy(
        logits.flatten(0, 1), rows[:, 1:].flatten(), ignore_index=PAD, reduction=reduction
    )


def cut(documents: Sequence[Ids], end: int, context: int) -> Tensor:
    """Stretches, shape (n, context + 1); the first id of each is the last of the one before.

    The very first is preceded by the end mark, so that every id is predicted exactly once.
    """
    mark = np.array([end], dtype=np.int64)
    run = np.concatenate([mark, *(x for doc in documents for x in (np.asarray(doc), mark))])
    count = -(-(len(run) - 1) // context)
    rows = np.full((count, context + 1), PAD, dtype=np.int64)
    for at in range(count):
        part = run[at * context : (at + 1) * context + 1]
        rows[at, : len(part)] = part
    return torch.from_numpy(rows)
