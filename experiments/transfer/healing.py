"""Heal curves: bits per byte while the rows of a transplanted model are trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.transfer.real_model import Moved, Passages
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.step import Losses, TrainingStep
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.neural.training.trainer import Trainer
from tokenry.seeds import generator

STEPS = 200
POINTS, REAL_POINTS = (0, 25, 50, 100, 150, STEPS), (0, 100, STEPS)
BATCH, RATE = 2, 1e-3  # of small models
REAL_LENGTH, REAL_RATE = 24, 1e-4
"""The rate was chosen on other passages than are scored: in 60 steps of 256 ids, 3e-4 costs 0.03
bits per byte under GPT-2's tokenizer, and under a SuperBPE it gains no more than 1e-4 does, at no
cost."""
Rows = NDArray[np.float32]


def watched(step: TrainingStep, points: Sequence[int], look: Callable[[], None]) -> TrainingStep:
    """The same step, with a look at the model before it at these numbers of steps."""
    seen = 0

    def counting(model: Any, batch: Batch) -> Losses:
        nonlocal seen
        if seen in points:
            look()
        seen += 1
        return step(model, batch)

    return counting


def curve(model: Any, blocks: Blocks, look: Callable[[], float], seed: int) -> list[float]:
    """What ``look`` gives at `POINTS`, while all that learns in a model does."""
    found: list[float] = []
    step = watched(NextToken(), POINTS[:-1], lambda: found.append(look()))
    trainer = Trainer(optimizer=AdamW(rate=RATE, decay=0.0), budget=Steps(STEPS), seed=seed)
    trainer.fit(model, step, blocks.shuffled(BATCH, seed=seed, passes=None))
    return [*found, look()]


def real_curves(
    model: Moved, starts: Sequence[Rows], learnt: Sequence[str], held: Passages, orders: int
) -> list[list[list[float]]]:
    """Bits of passages while the rows of ids in a text are trained, from each start by each order.

    Rows of other ids, and the body, stay as they are: 200,000 rows at every step would cost more
    than all else. Curves have rows of their own and go side by side, since most of a step of 24
    ids is reading the body's weights; AdamW without clipping does for each what it does alone.

    Args:
        starts: matrices to begin with.
        learnt: the text; a step of each curve reads one row of it.
        held: passages that are scored.
        orders: of the text, the same for all starts.

    Returns:
        Bits at `REAL_POINTS`, of the curves (all orders of the first start first), by passage.
    """
    documents = held.tokenizer.encode_batch(list(learnt))
    blocks = Blocks.of(documents, end=held.start, length=REAL_LENGTH)
    ids = np.unique(blocks.run)
    part = _part(model, [rows for rows in starts for _ in range(orders)], ids)
    places = [generator(order, "order").permutation(len(blocks)) for order in range(orders)]

    def rows_of_all(numbers: NDArray[np.int64]) -> Batch:
        each = [blocks.rows(order[numbers]) for _ in starts for order in places]
        return Batch({"ids": np.concatenate(each)})

    found: list[list[list[float]]] = []

    def look() -> None:
        found.append([])
        for at, fresh in enumerate(part.fresh.detach().numpy()):
            now = starts[at // orders].copy()
            now[ids] = fresh
            found[-1].append(held.bits(model, now)["bits"])

    data = Shuffled(len(blocks), 1, rows_of_all, passes=None)
    optimizer = AdamW(rate=REAL_RATE, decay=0.0)
    trainer = Trainer(optimizer=optimizer, budget=Steps(STEPS), clip=None)
    trainer.fit(part, watched(NextToken(), REAL_POINTS[:-1], look), data)
    look()
    return found


def _part(model: Moved, starts: Sequence[Rows], ids: NDArray[np.int64]) -> Any:
    """A module from ids, rows of each start in turn, to logits; it learns the rows of these ids."""
    import torch
    from torch import nn

    body, dtype = model.network.model, model.network.dtype
    tables, chosen = [torch.from_numpy(rows).to(dtype) for rows in starts], torch.from_numpy(ids)
    place = torch.full((len(starts[0]),), -1)
    place[chosen] = torch.arange(len(ids))

    class Part(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fresh = nn.Parameter(torch.from_numpy(np.stack([rows[ids] for rows in starts])))

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            fresh = self.fresh.to(dtype)
            parts = place[given].chunk(len(tables))
            vectors = torch.cat([rows[part] for rows, part in zip(fresh, parts, strict=True)])
            hidden = body(inputs_embeds=vectors, use_cache=False).last_hidden_state
            logits = [
                (own @ table.T).index_copy(-1, chosen, own @ rows.T)
                for own, table, rows in zip(hidden.chunk(len(tables)), tables, fresh, strict=True)
            ]
            return torch.cat(logits).float()

    return Part()
