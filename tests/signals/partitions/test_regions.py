"""Regions by entropy and groups of points: what they promise beside the rest."""

from __future__ import annotations

import pytest

from tokenry.errors import PartError
from tokenry.signals.partitions.entropy_regions import EntropyRegions
from tokenry.signals.partitions.points import PointGroups

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(("height", "width"), [(16, 16), (12, 20), (9, 7)])
@pytest.mark.parametrize("count", [1, 2, 7, 12])
def test_regions_tile_the_image(height: int, width: int, count: int) -> None:
    part = EntropyRegions(count=count, crop=2)
    values = torch.randn(3, 3, height, width, generator=torch.Generator().manual_seed(count))
    covered = torch.zeros(3, height, width)
    for item, boxes in enumerate(part.boxes(values).tolist()):
        for top, left, bottom, right in boxes:
            assert min(bottom - top, right - left) >= part.smallest // 2 + 1 or count == 1
            covered[item, top:bottom, left:right] += 1
    assert (covered == 1).all()


def test_regions_are_small_where_there_is_much_to_see() -> None:
    values = torch.zeros(1, 3, 16, 16)
    values[..., :8, :8] = torch.randn(3, 8, 8, generator=torch.Generator().manual_seed(0))
    boxes = EntropyRegions(count=16).boxes(values)[0]
    busy = (boxes[:, 2] <= 8) & (boxes[:, 3] <= 8)
    assert busy.sum() > 10


def test_a_crop_is_the_region_at_one_size() -> None:
    """A linear ramp stays one, whatever the region."""
    part = EntropyRegions(count=6, crop=4)
    ramp = torch.arange(16.0).expand(1, 1, 16, 16).contiguous()
    features = part.build((1, 16, 16))(ramp)
    crops = features.vectors[0, :, :-4].reshape(6, 4, 4)
    for crop, (_, centre, _, size) in zip(crops, features.where[0].tolist(), strict=True):
        steps = (torch.arange(4) + 0.5) / 4 - 0.5
        expected = 16 * (centre + size * steps) - 0.5
        assert torch.allclose(crop, expected.clamp(0, 15).expand(4, 4), atol=1e-4)


def test_too_many_regions_are_refused() -> None:
    with pytest.raises(PartError, match="have no 65 regions"):
        EntropyRegions(count=65).build((3, 16, 16))


def test_groups_do_not_depend_on_the_order_of_points() -> None:
    draw = torch.Generator().manual_seed(3)
    points = torch.randn(2, 5, 40, generator=draw)
    part = PointGroups(centres=6, neighbours=4)
    module, order = part.build((5, 40)), torch.randperm(40, generator=draw)
    one, other = module(points), module(points[..., order])
    assert torch.equal(one.vectors, other.vectors)
    near = one.vectors[..., :-3].reshape(2, 6, 4, 5)
    assert (near[:, :, 0, :3].abs() < 1e-6).all()  # a centre is its own nearest point
    apart = near[..., :3].norm(dim=-1)
    assert (apart.diff(dim=-1) >= -1e-6).all()
    with pytest.raises(PartError, match="have no 6 groups"):
        part.build((5, 5))
