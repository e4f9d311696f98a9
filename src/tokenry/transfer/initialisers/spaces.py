"""What initialisers that compare ids in another space share: anchors, neighbours, cosines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.text.id_changes import IdTable
from tokenry.transfer.context import TransferContext
from tokenry.transfer.row_plan import Floats, Role

BLOCK = 512  # new ids that are compared with all anchors at a time


@dataclass(frozen=True, eq=False)
class Anchored:
    """New ids and the shared ones that they are compared with, as vectors of one space.

    Attributes:
        ids: new ids to make rows for, shape (n,).
        targets: their vectors, shape (n, d).
        anchors: old ids of the shared pieces, shape (m,).
        atoms: vectors of these, shape (m, d).
    """

    ids: IdTable
    targets: Floats
    anchors: IdTable
    atoms: Floats

    def blocks(self) -> Iterator[slice]:
        """Places of new ids, a few hundred at a time."""
        for begin in range(0, len(self.ids), BLOCK):
            yield slice(begin, min(begin + BLOCK, len(self.ids)))


def anchored(context: TransferContext, role: Role) -> Anchored:
    """Wanted ids that have a vector, and the shared pieces that have one.

    Raises:
        ModelError: there is no space, or too few pieces are shared to stand on.
    """
    space = context.space(role)
    ids = context.wanted[space.known[context.wanted]]
    shared = context.anchors[space.known[context.anchors]]
    if len(shared) < 2:
        raise ModelError(
            f"the two tokenizers share {len(shared)} pieces that have vectors; rows of shared "
            "pieces are what new ones are made of here, take an initialiser without them"
        )
    return Anchored(
        ids, space.vectors[ids], context.matches.old_of_new[shared], space.vectors[shared]
    )


def unit(vectors: Floats) -> Floats:
    """Vectors of length 1; those of no length stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return found


def nearest(scores: NDArray[np.floating], count: int) -> tuple[IdTable, Floats]:
    """The places and scores of the ``count`` largest of each row, the largest first."""
    count = min(count, scores.shape[1])
    places = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    found = np.take_along_axis(scores, places, 1)
    order = np.argsort(-found, axis=1, kind="stable")
    return np.take_along_axis(places, order, 1), np.take_along_axis(found, order, 1)


def softmax(scores: NDArray[np.floating], temperature: float) -> Floats:
    """Over the last axis."""
    raised = np.asarray(scores, np.float64) / temperature
    wide = np.exp(raised - raised.max(-1, keepdims=True))
    found: Floats = (wide / wide.sum(-1, keepdims=True)).astype(np.float32)
    return found
