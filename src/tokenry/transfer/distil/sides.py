"""What a model says of a batch, chunk by chunk: the form in which objectives get both models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Side:
    """One model's predictions of the ids in chunks, those of all rows one after another.

    Attributes:
        scores: log-probabilities, shape (n, vocab).
        ids: that were predicted, shape (n,).
        chunk: the number of each one's chunk, over all rows, ascending, shape (n,).
        first: the place of each chunk's first id, shape (chunks,).
        after: the place of the prediction behind each chunk's last id, -1 at the end of a row.
    """

    scores: Tensor
    ids: Tensor
    chunk: Tensor
    first: Tensor
    after: Tensor

    @property
    def own(self) -> Tensor:
        """The log-probability of each id, shape (n,)."""
        return self.scores.gather(1, self.ids[:, None])[:, 0]

    def summed(self, values: Tensor) -> Tensor:
        """Sums over chunks of values, shape (n,) or (n, k)."""
        made = values.new_zeros((len(self.first), *values.shape[1:]))
        return made.index_add(0, self.chunk, values)

    def lengths(self) -> Tensor:
        """Ids of each chunk."""
        return self.chunk.bincount(minlength=len(self.first))


class DistilObjective(Protocol):
    """A frozen dataclass: a loss for each chunk."""

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """Losses, shape (chunks,)."""


def side_of(logits: Tensor, ids: Tensor, chunks: Tensor) -> Side:
    """Predictions of one model.

    Args:
        logits: shape (rows, length, vocab).
        ids: that they are of, shape (rows, length).
        chunks: of these within their rows, negative for none, shape (rows, length).
    """
    present = chunks >= 0
    counts = chunks.max(1).values.clamp(min=-1) + 1
    base = counts.cumsum(0) - counts
    chunk = (chunks + base[:, None])[present]
    scores = logits.float()[present].log_softmax(-1)
    change = chunk.new_ones(len(chunk)).bool()
    change[1:] = chunk[1:] != chunk[:-1]
    first = change.nonzero()[:, 0]
    after = first.roll(-1)
    row = present.nonzero()[:, 0][first]
    last = row != row.roll(-1)
    last[-1:] = True
    after = after.masked_fill(last, -1)
    return Side(scores, ids[present], chunk, first, after)


def joined(side: Side, ends: Tensor) -> Side:
    """The same with fewer chunks: one that does not end is joined with the next.

    Args:
        side: predictions.
        ends: of each chunk, whether it stays closed; the last of all does, shape (chunks,).
    """
    number = ends.cumsum(0) - ends.long()  # of the chunk that each one becomes part of
    begins = ends.roll(1)
    begins[:1] = True
    return replace(side, chunk=number[side.chunk], first=side.first[begins], after=side.after[ends])
