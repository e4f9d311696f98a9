"""Under-trained ids of a checkpoint: suspects by their embeddings, verified by repetition."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.auditing.embeddings import read_embeddings
from tokenry.auditing.repeating import NOT_SAID, repetition
from tokenry.errors import ModelError
from tokenry.measuring.glitches import GlitchScan
from tokenry.measuring.undertrained import (
    LEAST_UNUSED,
    alike,
    distance_to_unused,
    lengths,
    suspects,
)
from tokenry.models.opening import causal_model
from tokenry.progress import Progress, silent
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class Suspect(Result):
    """An id that may be under-trained.

    Attributes:
        id: of the tokenizer.
        text: its piece; what is no UTF-8 as U+FFFD.
        indicator: low for under-trained ids.
        repeated: the probability that the model repeats it with; None where it was not asked.
        undertrained: whether that is below 1%.
    """

    id: int
    text: str
    indicator: float
    repeated: float | None
    undertrained: bool | None


@dataclass(frozen=True, eq=False)
class Indicators:
    """Of each id: what embeddings say of it.

    Attributes:
        values: low for under-trained ids, shape (ids,).
        by: ``distance to unused rows`` or ``length of input rows``.
        unused: ids that served as unused ones.
    """

    values: NDArray[np.float64]
    by: str
    unused: tuple[int, ...]


def indicators(
    folder: str | os.PathLike[str], scan: GlitchScan, unused: Sequence[int] = ()
) -> Indicators:
    """What the embeddings of a model say of each id of a tokenizer.

    Args:
        folder: of the model.
        scan: of its tokenizer.
        unused: ids known to be unused; by default those that no text produces, specials and rows
            behind the last id, as far as their rows point the same way.

    Raises:
        ModelError: the model has no named embeddings, or too few rows.
    """
    found = read_embeddings(folder)
    rows = found.input if found.output is None else found.output
    if len(rows) < scan.ids:
        raise ModelError(
            f"{folder} has {len(rows):,} rows for {scan.ids:,} ids; it is not the model of this "
            "tokenizer"
        )
    never = (*scan.never, *scan.specials, *range(scan.ids, len(rows)))
    known = tuple(unused) or tuple(alike(rows, never))
    if len(known) >= LEAST_UNUSED:
        values = distance_to_unused(rows, known)
        return Indicators(values[: scan.ids], "distance to unused rows", known)
    return Indicators(lengths(found.input)[: scan.ids], "length of input rows", ())


def undertrained(
    folder: str | os.PathLike[str],
    tokenizer: Tokenizer,
    scan: GlitchScan,
    *,
    unused: Sequence[int] = (),
    most: int | None = None,
    repeat: bool = True,
    progress: Progress = silent,
) -> tuple[Suspect, ...]:
    """Suspects of a model, lowest indicator first, each asked to be repeated.

    Args:
        folder: of the model.
        tokenizer: of it.
        scan: of the tokenizer.
        unused: see `indicators`.
        most: how many suspects; None for 2% of the ids.
        repeat: whether the model is asked.
        progress: told how far it is.
    """
    found = indicators(folder, scan, unused)
    share = 0.02 if most is None else most / scan.ids
    ids = suspects(found.values, share)
    said: list[float | None] = [None] * len(ids)
    if repeat:
        said = list(repetition(causal_model(folder), tokenizer, ids, progress=progress).tolist())
    pieces = tokenizer.vocabulary.pieces
    return tuple(
        Suspect(
            id_,
            (pieces[id_] or b"").decode("utf-8", "replace"),
            float(found.values[id_]),
            probability,
            None if probability is None else probability < NOT_SAID,
        )
        for id_, probability in zip(ids, said, strict=True)
    )
