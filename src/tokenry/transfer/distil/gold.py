"""GOLD: distributions of chunks, compared id by id where both know the id, sorted where not.

Patiño et al. 2025, "Unlocking On-Policy Distillation for Any Model Family" (General On-policy Logit
Distillation, in trl). A chunk's distribution is that of its first id times the probabilities of the
ids that follow, which is not normalised. Ids that both have are compared by a Jensen-Shannon
divergence, all others by the distance of sorted probabilities. Matching is by canonical bytes here;
there by strings of files.

The sorted part takes probability from ids that the teacher does not have, such as numbers beside a
teacher of single digits (arXiv:2605.21699), with a slope of 1. The compared part takes it from ids
that both have, where the product is far below the student's, with a slope of (1 - beta) ln(1 / (1 -
beta)). By the usual weights and beta = 0.5 the first is steeper, and numbers lose, where less than
74% of the student's ids are known; beyond, they gain where the teacher is unsure of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import ModelError
from tokenry.transfer.distil.sides import Side
from tokenry.transfer.distil.uld import sorted_distance
from tokenry.transfer.matching import Matches

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class GroupedDivergence:
    """The loss.

    Attributes:
        matches: the teacher's id of each of the student's (`match(teacher, student)`).
        beta: of the divergence: 0 is KL(teacher || student), 1 the reverse.
        shares: of the compared and of the sorted part; None: by the share of ids that are known.
    """

    matches: Matches
    beta: float = 0.5
    shares: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.beta <= 1:
            raise ModelError(f"beta {self.beta}; expected a number from 0 to 1")

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """Both parts, weighted."""
        import torch

        own, goal = grouped(student), grouped(teacher).detach()
        known = torch.from_numpy(self.matches.matched).to(own.device)
        others = torch.from_numpy(self.matches.old_of_new[self.matches.matched]).to(own.device)
        apart = (
            torch.ones(own.shape[1], dtype=torch.bool),
            torch.ones(goal.shape[1], dtype=torch.bool),
        )
        apart[0][known], apart[1][others] = False, False
        share = len(known) / own.shape[1]
        weights = self.shares or (share, 1 - share)
        compared = divergence(own[:, known], goal[:, others], self.beta)
        return weights[0] * compared + weights[1] * sorted_distance(
            own[:, apart[0]], goal[:, apart[1]]
        )


def grouped(side: Side) -> Tensor:
    """The distribution of each chunk's first id times the probabilities of its later ids."""
    own = side.own
    later = side.summed(own) - own[side.first]
    return (side.scores[side.first] + later[:, None]).exp()


def divergence(student: Tensor, teacher: Tensor, beta: float) -> Tensor:
    """The generalised Jensen-Shannon divergence of rows, which need not sum to one, shape (n,)."""
    own, goal = student.clamp(min=LEAST), teacher.clamp(min=LEAST)
    if beta == 0:
        return (goal * (goal.log() - own.log())).sum(1)
    if beta == 1:
        return (own * (own.log() - goal.log())).sum(1)
    middle = beta * goal + (1 - beta) * own
    first = (goal * (goal.log() - middle.log())).sum(1)
    second = (own * (own.log() - middle.log())).sum(1)
    return beta * first + (1 - beta) * second
