"""Unconditional token forcing: every id is forced as the first one, and what follows is watched.

Source: Hoscilowicz, Popiolek, Rudkowski, Bieniasz, Janicki 2024, Hiding Text in Large Language
Models: Introducing Unconditional Token Forcing Confusion, arXiv:2406.02481. A text that a model was
tuned to give after a secret trigger comes out without it, too: forced to begin with the first id of
the text, the model goes on with the rest at abnormally high probability. The defence of the same
paper tunes the model to go on otherwise after that id alone, and hides the text from this sweep.

It costs a forward pass of each id and of each id that follows; it finds texts by their beginning
only, and whatever a model has memorised looks the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tokenry.models.causal import CausalModel, log_softmax
from tokenry.progress import Progress, silent

LENGTH: Final = 16
BATCH: Final = 128


@dataclass(frozen=True)
class Forced:
    """What a model says after one forced id.

    Attributes:
        id: that was forced.
        ids: that follow it, each the most probable.
        probability: geometric mean of their probabilities.
        least: the smallest of them.
        loops: whether they end in one id or pair again and again.
    """

    id: int
    ids: tuple[int, ...]
    probability: float
    least: float
    loops: bool


def force_tokens(
    model: CausalModel,
    ids: Sequence[int],
    *,
    begin: Sequence[int] = (),
    length: int = LENGTH,
    batch: int = BATCH,
    progress: Progress = silent,
) -> list[Forced]:
    """Go on greedily after each id; the most confident texts that are no loops come first.

    Args:
        model: any causal one.
        ids: to force, each by itself.
        begin: ids before it, such as the one that begins sequences.
        length: ids to go on for.
        batch: how many are read together.
        progress: told how many are done.
    """
    found: list[Forced] = []
    for at in range(0, len(ids), batch):
        progress("force", at, len(ids))
        found += _forced(model, list(ids[at : at + batch]), list(begin), length)
    return sorted(found, key=lambda each: (each.loops, -each.probability, each.id))


def _forced(model: CausalModel, ids: list[int], begin: list[int], length: int) -> list[Forced]:
    out = model.start([[*begin, id_] for id_ in ids])
    texts: list[list[int]] = [[] for _ in ids]
    logs: list[list[float]] = [[] for _ in ids]
    for step in range(length):
        scores = log_softmax(out.last)
        best = scores.argmax(axis=1)
        for row, id_ in enumerate(best.tolist()):
            texts[row].append(id_)
            logs[row].append(float(scores[row, id_]))
        if step + 1 < length:
            out = model.extend(out.state, [[id_] for id_ in best.tolist()])
    return [
        Forced(id_, tuple(text), float(np.exp(np.mean(log))), float(np.exp(min(log))), loops(text))
        for id_, text, log in zip(ids, texts, logs, strict=True)
    ]


def loops(ids: Sequence[int]) -> bool:
    """Whether the last half repeats one to three ids.

    >>> loops([5, 1, 2, 1, 2, 1, 2, 1]), loops([1, 2, 3, 4, 5, 6, 7, 8])
    (True, False)
    """
    half = ids[len(ids) // 2 :]
    return any(
        all(half[at] == half[at - period] for at in range(period, len(half)))
        for period in (1, 2, 3)
        if len(half) > 2 * period - 1
    )
