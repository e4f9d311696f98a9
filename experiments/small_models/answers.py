"""Small models that answer: a prompt, then ids of which only those of the answer are learnt."""

from __future__ import annotations

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
    device_of,
    fit,
    orders,
    padded,
)
from experiments.small_models.transformer import Shape, Transformer


def train_answers(
    prompts: Sequence[Ids],
    answers: Sequence[Ids],
    vocab_size: int,
    *,
    shape: Shape | None = None,
    schedule: Schedule | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Transformer:
    """Train a causal model to continue each prompt by its answer and the id ``vocab_size``.

    The loss is over the ids of answers and their end alone.
    """
    shape, schedule = shape or Shape(), schedule or Schedule(batch=64)
    torch.manual_seed(seed)
    model = Transformer(vocab_size + 1, shape)
    end = np.array([vocab_size])
    rows = [
        np.concatenate([prompt, answer, end])
        for prompt, answer in zip(prompts, answers, strict=True)
    ]
    starts = np.array([len(prompt) for prompt in prompts])

    def loss_of(batch: NDArray[np.int64]) -> Tensor:
        ids = padded([rows[at] for at in batch])
        targets = ids.clone()
        targets[torch.arange(ids.shape[1])[None] < torch.from_numpy(starts[batch])[:, None]] = PAD
        logits = model(ids[:, :-1].clamp(min=0))
        return functional.cross_entropy(
            logits.flatten(0, 1), targets[:, 1:].flatten(), ignore_index=PAD
        )

    fit(model, orders(len(rows), schedule, seed), loss_of, schedule, progress)
    return model


def give_answers(model: Transformer, prompts: Sequence[Ids], longest: int) -> list[list[int]]:
    """The likeliest next id, one after another, up to the end mark or ``longest`` ids."""
    answers: list[list[int]] = [[] for _ in prompts]
    by_length: dict[int, list[int]] = {}
    for at, prompt in enumerate(prompts):
        by_length.setdefault(len(prompt), []).append(at)
    for places in by_length.values():
        for start in range(0, len(places), 256):
            part = places[start : start + 256]
            for at, ids in zip(
                part, _continue(model, [prompts[i] for i in part], longest), strict=True
            ):
                answers[at] = ids
    return answers


def _continue(model: Transformer, prompts: Sequence[Ids], longest: int) -> list[list[int]]:
    end = model.rows.num_embeddings - 1
    ids = torch.from_numpy(np.array(prompts, dtype=np.int64)).to(device_of(model))
    begin = ids.shape[1]
    done = torch.zeros(len(ids), dtype=torch.bool, device=ids.device)
    model.eval()
    with torch.no_grad():
        for _ in range(longest):
            following = model(ids)[:, -1].argmax(-1)
            ids = torch.cat([ids, following[:, None]], dim=1)
            done |= following == end
            if bool(done.all()):
                break
    rows: list[list[int]] = ids[:, begin:].tolist()
    return [row[: row.index(end)] if end in row else row for row in rows]
