"""One training loop for all small models."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Ids = Sequence[int] | NDArray[np.integer]
PAD = -1
"""Marks places of a batch that hold no id."""


class Progress(Protocol):
    """Told how far training is; what it raises ends it."""

    def __call__(self, step: int, steps: int, loss: float) -> None:
        """``step`` of ``steps`` is done, at a loss in nats."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How a model is trained: AdamW, warm-up, then a cosine down to a tenth of ``rate``.

    Attributes:
        batch: sequences a step.
        passes: times over the data.
        warmup: share of the steps.
    """

    rate: float = 3e-3
    batch: int = 16
    passes: int = 1
    warmup: float = 0.05
    weight_decay: float = 0.05
    clip: float = 1.0


def orders(count: int, schedule: Schedule, seed: int) -> list[NDArray[np.int64]]:
    """Batches of indexes below ``count``: each index once a pass, in seeded order."""
    draw = np.random.default_rng(seed)
    places = np.concatenate([draw.permutation(count) for _ in range(schedule.passes)])
    return [places[i : i + schedule.batch] for i in range(0, len(places), schedule.batch)]


def fit(
    model: nn.Module,
    batches: Sequence[NDArray[np.int64]],
    loss_of: Callable[[NDArray[np.int64]], Tensor],
    schedule: Schedule,
    progress: Progress | None = None,
) -> None:
    """Train in place: ``loss_of`` gives the mean loss of a batch of indexes."""
    trained = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=schedule.rate, betas=(0.9, 0.95), weight_decay=schedule.weight_decay
    )
    model.train()
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * share_of_rate(step, len(batches), schedule.warmup)
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, schedule.clip)
        optimizer.step()
        if progress is not None and (step % 20 == 0 or step + 1 == len(batches)):
            progress(step + 1, len(batches), float(loss))
    model.eval()


def share_of_rate(step: int, steps: int, warmup: float) -> float:
    """The share of the full rate at a step.

    >>> [round(share_of_rate(step, 100, 0.1), 2) for step in (0, 9, 10, 99)]
    [0.1, 1.0, 1.0, 0.1]
    """
    rising = max(1, round(steps * warmup))
    if step < rising:
        return (step + 1) / rising
    done = (step - rising) / max(1, steps - rising)
    return 0.1 + 0.45 * (1 + math.cos(math.pi * done))


def padded(rows: Sequence[Ids]) -> Tensor:
    """Rows of different lengths as one tensor, `PAD` at their ends."""
    ids = np.full((len(rows), max(map(len, rows))), PAD, dtype=np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
    return torch.from_numpy(ids)


def device_of(model: nn.Module) -> torch.device:
    """Where a model's parameters are."""
    return next(model.parameters()).device


def chunks(count: int, size: int) -> Iterator[slice]:
    """Slices that cover ``range(count)``."""
    for start in range(0, count, size):
        yield slice(start, min(count, start + size))
