"""Points in groups: centres that lie far apart, and the nearest points of each.

Qi et al. 2017 (PointNet++), arXiv:1706.02413; tokens of shapes in Point-BERT (Yu et al. 2021),
arXiv:2111.14819.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class PointGroups:
    """Of values of shape (channels, points), whose first three channels are coordinates.

    The first centre is the point that lies farthest from the mean, so the order of the points
    changes nothing.

    Attributes:
        centres: groups.
        neighbours: points of each, from near to far; groups overlap.
    """

    centres: int = 64
    neighbours: int = 32

    def __post_init__(self) -> None:
        at_least(self, 1, "centres", "neighbours")

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """A set of groups."""
        if len(shape) != 2 or shape[0] < 3 or shape[1] < max(self.centres, self.neighbours):
            raise PartError(
                f"items of shape {shape} have no {self.centres} groups of {self.neighbours} points"
            )
        return (self.centres,)

    def width(self, shape: tuple[int, ...]) -> int:
        """All channels of the points of a group, and its centre."""
        return shape[0] * self.neighbours + 3

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        self.grid(shape)
        return assemble(self)

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Points from their centre; ``where``: the centres."""
        import torch

        points = values.transpose(1, 2)
        where = _farthest(points[..., :3], self.centres)
        apart = torch.cdist(where, points[..., :3])
        near = apart.topk(self.neighbours, largest=False, sorted=True).indices
        item = torch.arange(len(points), device=points.device)[:, None, None]
        groups = points[item, near].clone()
        groups[..., :3] -= where[:, :, None]
        return Features(torch.cat([groups.flatten(2), where], -1), (self.centres,), where=where)


def _farthest(points: Tensor, count: int) -> Tensor:
    """Of points, (batch, points, 3), such that each lies farthest from those before it."""
    import torch

    item = torch.arange(len(points), device=points.device)
    apart = (points - points.mean(1, keepdim=True)).square().sum(-1)
    chosen = [apart.argmax(1)]
    nearest = torch.full_like(apart, float("inf"))
    for _ in range(count - 1):
        last = points[item, chosen[-1]][:, None]
        nearest = torch.minimum(nearest, (points - last).square().sum(-1))
        chosen.append(nearest.argmax(1))
    return points[item[:, None], torch.stack(chosen, 1)]
