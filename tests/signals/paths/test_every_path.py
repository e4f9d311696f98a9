"""What every path promises: ends, and both of them back from any point of a way."""

from __future__ import annotations

import pytest

from tokenry.signals.registry import PARTS

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", [each for each in PARTS if each.startswith("paths/")])
def test_both_ends_come_back(name: str) -> None:
    path = PARTS.load(name)()
    draw = torch.Generator().manual_seed(1)
    clean, noise = torch.randn(2, 5, 3, 4, generator=draw, dtype=torch.float64)
    for time in torch.linspace(0, 1, 5, dtype=torch.float64):
        noised, wanted = path.noised(clean, noise, time), path.wanted(clean, noise, time)
        assert torch.allclose(path.clean(noised, wanted, time), clean)
        assert torch.allclose(path.noise(noised, wanted, time), noise)
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    assert torch.allclose(path.noised(clean, noise, ends[0]), noise)
    assert torch.allclose(path.noised(clean, noise, ends[1]), clean)
