"""Blocks and their transforms: undone exactly, on any number of axes."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import PartError
from tokenry.signals.partitions.dct import DctBlocks
from tokenry.signals.partitions.haar import HaarBlocks
from tokenry.signals.partitions.patch import Patch

torch = pytest.importorskip("torch")

SHAPES = {"sound": (1, 24), "image": (3, 8, 16), "clip": (2, 4, 8, 8)}


@pytest.mark.parametrize("part", [Patch(), HaarBlocks(), DctBlocks(), DctBlocks(sizes=(2,))])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_is_undone_and_keeps_energy(part: Patch, shape: tuple[int, ...]) -> None:
    values = torch.randn(2, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    features = part.build(shape)(values)
    assert features.vectors.shape == (2, np.prod(features.grid), part.width(shape))
    assert torch.allclose(part.join(features.vectors, shape), values)
    assert torch.allclose(features.vectors.square().sum(), values.square().sum())


@pytest.mark.parametrize("part", [HaarBlocks(), DctBlocks()])
def test_what_is_smooth_is_one_number_a_channel(part: HaarBlocks) -> None:
    vectors = part.build((3, 8, 8))(torch.ones(1, 3, 8, 8)).vectors
    assert torch.allclose(vectors[..., :3], torch.tensor(4.0))
    assert vectors[..., 3:].abs().max() < 1e-6


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_cosines_are_those_of_scipy(size: int) -> None:
    scipy_fft = pytest.importorskip("scipy.fft")
    rows = np.eye(size)
    assert np.allclose(DctBlocks().basis(size), scipy_fft.dct(rows, norm="ortho", axis=0))


def test_haar_needs_powers_of_two() -> None:
    with pytest.raises(PartError, match="a power of two"):
        HaarBlocks(sizes=(3,)).build((3, 9, 9))
