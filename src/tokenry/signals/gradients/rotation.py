"""The rotation trick: the gradient turns with the vector onto its row, and is scaled as it is.

Fifty et al. 2024, arXiv:2410.06424.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class RotationTrick:
    """A rotation and a scale, both taken as constant, that bring the vector to the row."""

    def passed(
        self, vectors: Tensor, chosen: Tensor, codes: Tensor, rows: Tensor, distance: CodeDistance
    ) -> Tensor:
        """``scale * rotation @ vector``: two reflections, no matrix is made."""
        from torch.nn import functional

        chosen = chosen.detach()
        of_vector = functional.normalize(vectors.detach(), dim=-1)
        of_row = functional.normalize(chosen, dim=-1)
        middle = functional.normalize(of_vector + of_row, dim=-1)
        along_middle = (vectors * middle).sum(-1, keepdim=True) * middle
        along_vector = (vectors * of_vector).sum(-1, keepdim=True) * of_row
        turned = vectors - 2 * along_middle + 2 * along_vector
        lengths = chosen.norm(dim=-1, keepdim=True) / vectors.detach().norm(
            dim=-1, keepdim=True
        ).clamp(min=1e-6)
        return with_gradient_of(chosen, turned * lengths)
