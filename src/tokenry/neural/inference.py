"""What a trained model says: labels of texts, continuations of prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tokenry.neural.model import Model
from tokenry.neural.training.data.padded import PAD, Ids, padded


def labels_of(model: Model, rows: Sequence[Ids], *, batch: int = 64) -> NDArray[np.int64]:
    """The likeliest class of each row of ids, shape (rows,)."""
    found = [np.zeros(0, np.int64)]
    with torch.no_grad():
        for part in _parts(len(rows), batch):
            ids = _on(model, padded(rows[part]))
            logits = model(ids.clamp(min=0), present=ids != PAD)
            found.append(logits.argmax(-1).cpu().numpy())
    return np.concatenate(found)


def continuations(
    model: Model, prompts: Sequence[Ids], longest: int, *, end: int, batch: int = 256
) -> list[list[int]]:
    """The likeliest next id, one after another, up to ``end`` (left out) or ``longest`` ids.

    Args:
        prompts: ids, at least one each.
    """
    found: list[list[int]] = []
    with torch.no_grad():
        for part in _parts(len(prompts), batch):
            found += _continued(model, prompts[part], longest, end)
    return [row[: row.index(end)] if end in row else row for row in found]


def _continued(model: Model, prompts: Sequence[Ids], longest: int, end: int) -> list[list[int]]:
    """Prompts end together: padding stands before them."""
    ids = _on(model, padded([np.asarray(each)[::-1] for each in prompts])[:, ::-1].copy())
    cache = model.new_cache()
    logits = model(ids.clamp(min=0), present=ids != PAD, cache=cache)
    made = [logits[:, -1].argmax(-1)]
    done = made[0] == end
    while len(made) < longest and not bool(done.all()):
        made.append(model(made[-1][:, None], cache=cache)[:, -1].argmax(-1))
        done |= made[-1] == end
    rows: list[list[int]] = torch.stack(made, 1)[:, :longest].tolist()
    return rows


def _parts(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(count, start + size))


def _on(model: Model, ids: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(ids).to(model.device)
