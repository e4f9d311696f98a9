"""X-Token: divergences guided by a projection of the student's ids onto the teacher's.

"X-Token: Projection-Guided Cross-Tokenizer Knowledge Distillation", arXiv:2605.21699. P-KL: the
student's probabilities, projected, against the teacher's over the ids that the teacher finds
likeliest, both averaged over a chunk and made to sum to one. H-KL: ids are paired by the
projection, and pairs are compared as in GOLD, all else sorted. With P-KL an id of several digits
shares what the teacher gives to its first digit, where GOLD can only take from it.

Not here: the learning of the matrix. Its Sinkhorn step is an option of `Projection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import ModelError
from tokenry.transfer.distil.gold import LEAST, divergence, grouped
from tokenry.transfer.distil.projection import Projection
from tokenry.transfer.distil.sides import Side
from tokenry.transfer.distil.uld import sorted_distance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class ProjectedDivergence:
    """P-KL.

    Attributes:
        projection: of the student onto the teacher.
        columns: of the teacher's ids that are compared, by their largest logit in the batch.
        temperature: that both are divided by.
    """

    projection: Projection
    columns: int = 8192
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if self.columns < 1 or self.temperature <= 0:
            raise ModelError(
                f"columns={self.columns} and temperature={self.temperature}; expected more than 0"
            )

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """KL of the teacher's chunk and the projected student's, times the squared temperature."""
        own = (student.scores / self.temperature).softmax(1)
        mean = student.summed(own) / student.lengths()[:, None]
        projected = self.projection.apply(mean)
        scores = (teacher.scores.detach() / self.temperature).log_softmax(1)
        goal = teacher.summed(scores) / teacher.lengths()[:, None]
        kept = scores.max(0).values.topk(min(self.columns, scores.shape[1])).indices
        goal = goal[:, kept].log_softmax(1)
        found = projected[:, kept].clamp(min=LEAST)
        found = found.log() - found.sum(1, keepdim=True).log()
        return (goal.exp() * (goal - found)).sum(1) * self.temperature**2


@dataclass(frozen=True, eq=False)
class PairedDivergence:
    """H-KL.

    Attributes:
        projection: of the student onto the teacher.
        least: the weight with which an id stands for another.
    """

    projection: Projection
    least: float = 0.6

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """KL of paired ids and the sorted distance of all others."""
        import torch

        own, goal = grouped(student), grouped(teacher).detach()
        mine, theirs = map(torch.from_numpy, self.projection.best(self.least))
        apart = [torch.ones(each.shape[1], dtype=torch.bool) for each in (own, goal)]
        apart[0][mine], apart[1][theirs] = False, False
        compared = divergence(own[:, mine], goal[:, theirs], 0.0)
        return compared + sorted_distance(own[:, apart[0]], goal[:, apart[1]])
