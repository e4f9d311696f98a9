"""Bits that a causal model needs for texts, and for answers after prompts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.models.causal import CausalModel, log_softmax
from tokenry.progress import Progress, silent

Floats = NDArray[np.float64]
BATCH = 8


def id_bits(
    model: CausalModel, rows: Sequence[Sequence[int]], *, progress: Progress = silent
) -> list[Floats]:
    """Bits of each id but the first of each row, shape (len(row) - 1,).

    Args:
        model: that reads the ids.
        rows: sequences of at least two ids.
        progress: told how many rows are done.
    """
    found: list[Floats] = []
    for at in range(0, len(rows), BATCH):
        progress("read", at, len(rows))
        some = [list(row) for row in rows[at : at + BATCH]]
        logits = model.start([row[:-1] for row in some], logits="all").logits
        for row, scores in zip(some, logits, strict=True):
            logs = log_softmax(scores[: len(row) - 1])
            found.append(-logs[np.arange(len(row) - 1), row[1:]] / np.log(2))
    return found


def answer_bits(
    model: CausalModel, prompts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]
) -> Floats:
    """Bits of each answer, of one id or more, after its prompt; shape (len(prompts),)."""
    found: list[float] = []
    for at in range(0, len(prompts), BATCH):
        some = [list(answer) for answer in answers[at : at + BATCH]]
        out = model.start([list(prompt) for prompt in prompts[at : at + BATCH]])
        first, state = log_softmax(out.last), out.state
        rest = model.extend(state, [answer[:-1] for answer in some], logits="all").logits
        for row, answer in enumerate(some):
            logs = log_softmax(rest[row, : len(answer) - 1])
            later = logs[np.arange(len(answer) - 1), answer[1:]].sum()
            found.append(-float(first[row, answer[0]] + later) / np.log(2))
    return np.array(found)
