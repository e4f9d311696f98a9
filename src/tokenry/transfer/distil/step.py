"""Distil: a training step for `tokenry.neural`'s trainer, with one teacher or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tokenry.errors import ModelError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.transfer.distil.sides import DistilObjective, side_of

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Distil:
    """The mean of the objectives over all chunks, and a share of the usual cross entropy.

    Attributes:
        teachers: from ids, shape (rows, length), to logits; they are not trained.
        objectives: one for each of them.
        cross_entropy: what the loss on the text itself is multiplied by.
    """

    teachers: Sequence[Callable[[Tensor], Tensor]] = field(repr=False)
    objectives: Sequence[DistilObjective] = field(repr=False)
    cross_entropy: float = 0.0

    def __post_init__(self) -> None:
        if len(self.teachers) != len(self.objectives) or not self.teachers:
            raise ModelError(
                f"{len(self.teachers)} teachers and {len(self.objectives)} objectives; expected "
                "one for each, and one or more"
            )

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """Means over chunks, averaged over teachers, by ids; a batch is as `pairs` makes it."""
        ids = batch["ids"]
        logits = model(ids[:, :-1].clamp(min=0))
        units = (ids[:, 1:] != PAD).sum().float()
        parts = {
            f"teacher{at}": self._loss(at, logits, batch) * units / len(self.teachers)
            for at in range(len(self.teachers))
        }
        total = sum(parts.values(), logits.new_zeros(()))
        if self.cross_entropy:
            parts["cross_entropy"] = NextToken()(lambda _: logits, batch).total
            total = total + self.cross_entropy * parts["cross_entropy"]
        return Losses(total, units, parts)

    def _loss(self, at: int, logits: Tensor, batch: Batch) -> Tensor:
        import torch

        theirs = batch[f"teacher{at}"]
        with torch.no_grad():
            said = self.teachers[at](theirs[:, :-1].clamp(min=0))
        student = side_of(logits, batch["ids"][:, 1:], batch[f"chunks{at}"])
        teacher = side_of(said, theirs[:, 1:], batch[f"teacher_chunks{at}"])
        return self.objectives[at](student, teacher).mean()
