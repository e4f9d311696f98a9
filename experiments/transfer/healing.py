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
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.step import Losses, TrainingStep
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.neural.training.trainer import Trainer

STEPS = 200
POINTS = (0, 25, 50, 100, 150, STEPS)
LENGTH, BATCH = 32, 2  # of small models
RATE = 1e-3
REAL_LENGTH, REAL_RATE = 64, 1e-4
"""Chosen on other passages than are scored: in 60 steps of 256 ids, 3e-4 costs 0.03 bits per byte
under GPT-2's tokenizer, and under a SuperBPE it gains no more than 1e-4 does, at no cost."""


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


def curve(
    model: Any, blocks: Blocks, look: Callable[[], float], seed: int, rate: float = RATE
) -> list[float]:
    """What ``look`` gives at `POINTS`, while all that learns in a model does."""
    found: list[float] = []
    step = watched(NextToken(), POINTS[:-1], lambda: found.append(look()))
    trainer = Trainer(optimizer=AdamW(rate=rate, decay=0.0), budget=Steps(STEPS), seed=seed)
    trainer.fit(model, step, blocks.shuffled(BATCH, seed=seed, passes=None))
    return [*found, look()]


def real_curve(
    model: Moved, rows: NDArray[np.float32], learnt: Sequence[str], held: Passages, seed: int
) -> list[float]:
    """Bits of held-out passages while the rows of ids in a text are trained.

    Rows of other ids, and the body, stay as they are: 200,000 rows at every step would cost more
    than all else.
    """
    documents = held.tokenizer.encode_batch(list(learnt))
    blocks = Blocks.of(documents, end=held.start, length=REAL_LENGTH)
    ids = np.unique(blocks.run)
    part = _part(model, rows, ids)

    def look() -> float:
        now = rows.copy()
        now[ids] = part.fresh.detach().numpy()
        return sum(held.bits(model, now)["bits"])

    return curve(part, blocks, look, seed, REAL_RATE)


def _part(model: Moved, rows: NDArray[np.float32], ids: NDArray[np.int64]) -> Any:
    """A module from ids to logits whose only parameters are the rows of these ids."""
    import torch
    from torch import nn

    body, dtype = model.network.model, model.network.dtype
    table, chosen = torch.from_numpy(rows).to(dtype), torch.from_numpy(ids)
    place = torch.full((len(rows),), -1)
    place[chosen] = torch.arange(len(ids))

    class Part(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fresh = nn.Parameter(torch.from_numpy(rows[ids]))

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            vectors = self.fresh[place[given]].to(dtype)
            hidden = body(inputs_embeds=vectors, use_cache=False).last_hidden_state
            logits = hidden @ table.T
            own = hidden @ self.fresh.to(dtype).T
            whole: torch.Tensor = logits.index_copy(-1, chosen, own).float()
            return whole

    return Part()
