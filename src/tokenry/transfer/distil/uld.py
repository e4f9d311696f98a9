"""ULD: sorted probabilities are compared, so no id has to be known on both sides.

Boizard et al. 2024, "Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss
for LLMs", arXiv:2402.12030. The L1 distance of both distributions, each sorted, which is the
optimal transport where all ids are equally far from each other. Here at the beginning of each
chunk, where both models have read the same text; there at equal numbers of tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.transfer.distil.sides import Side

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class SortedDistance:
    """The loss; it has no options."""

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """Distances."""
        first = student.scores[student.first].exp()
        second = teacher.scores[teacher.first].exp().detach()
        return sorted_distance(first, second)


def sorted_distance(first: Tensor, second: Tensor) -> Tensor:
    """L1 between rows that are sorted, the shorter filled up with zeros, shape (n,)."""
    from torch.nn.functional import pad

    size = max(first.shape[1], second.shape[1])
    one, two = (
        pad(each.sort(dim=1, descending=True).values, (0, size - each.shape[1]))
        for each in (first, second)
    )
    return (one - two).abs().sum(1)
