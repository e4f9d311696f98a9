"""Regions of an image, small ones where there is much to see.

Zhang et al. 2025 (GPSToken), arXiv:2509.01109: the region of the largest entropy of edges, weighed
by its area, is halved, until there are as many as are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import above, at_least
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class EntropyRegions:
    """Boxes that tile the image; each is brought to one size, its place and size behind.

    Attributes:
        count: regions.
        crop: height and width that each is brought to.
        smallest: pixels of the shorter side of a region.
        power: of the entropy; 0 splits by area alone.
        bins: of the strength of edges, whose entropy it is.
    """

    count: int = 64
    crop: int = 4
    smallest: int = 2
    power: float = 1.0
    bins: int = 8

    def __post_init__(self) -> None:
        at_least(self, 1, "count", "crop", "smallest")
        at_least(self, 0, "power")
        above(self, 1, "bins")

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """A row of regions, by their corners."""
        if len(shape) != 3 or _leaves(shape[1], self) * _leaves(shape[2], self) < self.count:
            raise PartError(
                f"items of shape {shape} have no {self.count} regions of {self.smallest} pixels"
            )
        return (self.count,)

    def width(self, shape: tuple[int, ...]) -> int:
        """Pixels of a crop, and four numbers that say where it is."""
        return shape[0] * self.crop**2 + 4

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        self.grid(shape)
        return assemble(self)

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Crops; ``where``: centre and size of each, as shares of height and width."""
        import torch

        height, width = values.shape[2:]
        boxes = self.boxes(values)
        sides = torch.tensor([height, width, height, width], device=values.device)
        corners = boxes.to(values.dtype) / sides
        centre, size = (
            (corners[..., :2] + corners[..., 2:]) / 2,
            corners[..., 2:] - corners[..., :2],
        )
        where = torch.cat([centre, size], -1)
        crops = self._crops(values, corners).flatten(2)
        return Features(torch.cat([crops, where], -1), (self.count,), where=where)

    def boxes(self, values: Tensor) -> Tensor:
        """Top, left, bottom and right of regions in pixels, shape (batch, count, 4)."""
        import torch

        batch, (height, width) = len(values), values.shape[2:]
        sums = _sums_of_edges(values.detach(), self.bins)
        boxes = torch.zeros(batch, self.count, 4, dtype=torch.int64, device=values.device)
        boxes[:, :, 2], boxes[:, :, 3] = height, width
        worth = torch.full((batch, self.count), -1.0, device=values.device).double()
        item = torch.arange(batch, device=values.device)
        worth[:, 0] = self._worth(sums, boxes[:, 0])
        for made in range(1, self.count):
            chosen = worth.argmax(1)
            one, other = _halves(boxes[item, chosen])
            boxes[item, chosen], boxes[:, made] = one, other
            worth[item, chosen], worth[:, made] = self._worth(sums, one), self._worth(sums, other)
        order = (boxes[..., 0] * width + boxes[..., 1]).argsort(1)
        return boxes.gather(1, order[..., None].expand_as(boxes))

    def _worth(self, sums: Tensor, boxes: Tensor) -> Tensor:
        """Of halving boxes, shape (batch,); below zero where one cannot be halved."""
        import torch

        item = torch.arange(len(boxes), device=boxes.device)
        top, left, bottom, right = boxes.unbind(1)
        counts = sums[item, :, bottom, right] - sums[item, :, top, right]
        counts = counts - sums[item, :, bottom, left] + sums[item, :, top, left]
        area = counts.sum(1)
        shares = counts / area[:, None]
        entropy = -(shares * shares.clamp(min=1e-12).log()).sum(1)
        worth = (entropy + 1e-3) ** self.power * area
        longer = torch.maximum(bottom - top, right - left)
        return worth.where(longer >= 2 * self.smallest, -worth.new_ones(()))

    def _crops(self, values: Tensor, corners: Tensor) -> Tensor:
        """Bilinear, shape (batch, count, channels, crop, crop)."""
        import torch
        from torch.nn.functional import grid_sample

        steps = (torch.arange(self.crop, device=values.device) + 0.5) / self.crop
        size = corners[..., 2:] - corners[..., :2]
        at = [2 * (corners[..., n, None] + size[..., n, None] * steps) - 1 for n in (0, 1)]
        y = at[0][..., :, None].expand(-1, -1, -1, self.crop)
        x = at[1][..., None, :].expand(-1, -1, self.crop, -1)
        grid = torch.stack([x, y], -1).flatten(1, 2)
        found = grid_sample(values, grid, align_corners=False, padding_mode="border")
        cut = found.reshape(*values.shape[:2], self.count, self.crop, self.crop)
        return cut.transpose(1, 2)


def _leaves(side: int, part: EntropyRegions) -> int:
    """How many parts a side falls into where all is halved."""
    if side < 2 * part.smallest:
        return 1
    return _leaves(side // 2, part) + _leaves(side - side // 2, part)


def _halves(boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Both halves of boxes, shape (batch, 4), across their longer side."""
    one, other = boxes.clone(), boxes.clone()
    middle = (boxes[:, :2] + boxes[:, 2:]) // 2
    tall = boxes[:, 2] - boxes[:, 0] >= boxes[:, 3] - boxes[:, 1]
    one[:, 2], one[:, 3] = middle[:, 0].where(tall, one[:, 2]), one[:, 3].where(tall, middle[:, 1])
    other[:, 0] = middle[:, 0].where(tall, other[:, 0])
    other[:, 1] = other[:, 1].where(tall, middle[:, 1])
    return one, other


def _sums_of_edges(values: Tensor, bins: int) -> Tensor:
    """Pixels of each strength of edge above and left of corners, (batch, bins, h + 1, w + 1)."""
    from torch.nn.functional import one_hot, pad

    grey = values.float().mean(1)
    down = pad(grey.diff(dim=1), (0, 0, 0, 1))
    right = pad(grey.diff(dim=2), (0, 1))
    strength = (down.square() + right.square()).sqrt()
    place = (strength * bins).long().clamp(max=bins - 1)
    counts = one_hot(place, bins).movedim(-1, 1).double()
    return pad(counts.cumsum(2).cumsum(3), (1, 0, 1, 0))
