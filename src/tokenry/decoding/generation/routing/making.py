"""A router from two models and prompts: what the large one writes, labels of it, training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.drafters.nothing import Nothing
from tokenry.decoding.generation.method import Request, check_draft
from tokenry.decoding.generation.routing.labels import Judge, Labelled, labelled
from tokenry.decoding.generation.routing.learnt import LearntRouter, RouterSizes, train_router
from tokenry.decoding.generation.speculative import Speculative
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel
from tokenry.progress import Progress, silent

CHUNK = 1024
"""Ids of which rows are read at a time."""
GROUP = 8
"""Prompts that share calls."""


def make_router(
    large: CausalModel,
    small: CausalModel,
    prompts: Sequence[Sequence[int]],
    request: Request,
    sizes: RouterSizes | None = None,
    *,
    judge: Judge | None = None,
    length: int = 8,
    progress: Progress = silent,
) -> LearntRouter:
    """Train a router for two models.

    Args:
        large: writes, and is what a text is held to.
        small: with the same ids.
        prompts: ids; a quarter of them, one at the least, chooses the threshold.
        request: how the large model goes on with them; its seed is of the training, too.
        sizes: of the network and its training.
        judge: tells texts apart; None: `LikelihoodJudge`.
        length: ids by which it tells them apart.
        progress: is told how many prompts are labelled.

    Raises:
        ModelError: there are fewer than two prompts, the ids differ, or texts never part.
    """
    check_draft(large, small)
    if len(prompts) < 2:
        raise ModelError(
            f"a router learns from some prompts and has its threshold from others; got "
            f"{len(prompts)}, expected 2 or more"
        )
    texts = _written(large, prompts, request)
    rows = []
    for at, text in enumerate(texts):
        progress("labels", at, len(texts))
        rows.append(labelled(small, large, [text], judge=judge, length=length, ends=request.ends))
    held = max(1, len(rows) // 4)
    learnt, chosen_on = Labelled.joined(rows[held:]), Labelled.joined(rows[:held])
    if not (learnt.divergent.any() and chosen_on.divergent.any()):
        places = sum(len(each.divergent) for each in (learnt, chosen_on))
        raise ModelError(
            f"texts of both models part at none of {places} places, or at too few to choose a "
            "threshold; give more prompts, or use the small model alone"
        )
    return train_router(learnt, chosen_on, rows_of_ids(small), sizes, request.seed)


def _written(
    large: CausalModel, prompts: Sequence[Sequence[int]], request: Request
) -> list[list[int]]:
    """Prompts and what the large model writes behind them; of two ids or more."""
    found: list[list[int]] = []
    for at in range(0, len(prompts), GROUP):
        some = prompts[at : at + GROUP]
        made = Speculative(Nothing()).generate(large, some, request)
        found += [[*prompt, *each.ids] for prompt, each in zip(some, made, strict=True)]
    return [text for text in found if len(text) > 1]


def rows_of_ids(model: CausalModel) -> NDArray[np.float32]:
    """The vectors by which a model reads ids at the first place, shape (input rows, width)."""
    found = []
    for at in range(0, model.input_rows, CHUNK):
        ids = [[id_] for id_ in range(at, min(at + CHUNK, model.input_rows))]
        found.append(model.start(ids, logits="none", hidden=[0]).hidden[0][:, 0])
    return np.concatenate(found)
