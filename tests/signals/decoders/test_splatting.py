"""Splatting against a loop over Gaussians and places."""

from __future__ import annotations

import math

import pytest

from tokenry.signals.decoders.splatting import splatted

torch = pytest.importorskip("torch")
SIDE = 5


def twin(y: float, x: float, log_sy: float, log_sx: float, slant: float, at: tuple[float, float],
         ) -> float:  # fmt: skip
    """What one Gaussian adds at one place, by its covariance."""
    sigmoid = [1 / (1 + math.exp(-each)) for each in (y, x)]
    sy, sx = (math.exp(min(max(each, math.log(0.25 / SIDE)), 0.0)) for each in (log_sy, log_sx))
    rho = 0.99 * math.tanh(slant)
    covariance = torch.tensor([[sy * sy, rho * sy * sx], [rho * sy * sx, sx * sx]]).double()
    apart = torch.tensor([at[0] - sigmoid[0], at[1] - sigmoid[1]]).double()
    square = float(apart @ covariance.inverse() @ apart)
    return math.exp(-0.5 * square) if square <= 9 else 0.0


def test_weights_are_those_of_the_covariance() -> None:
    geometry = torch.randn(1, 4, 5, generator=torch.Generator().manual_seed(2))
    found = splatted(geometry.double(), SIDE)[0]
    for row, gaussian in zip(found, geometry[0].double().tolist(), strict=True):
        for place in range(SIDE * SIDE):
            at = (place // SIDE + 0.5) / SIDE, (place % SIDE + 0.5) / SIDE
            assert float(row[place]) == pytest.approx(twin(*gaussian, at), abs=1e-6)


def test_any_numbers_are_some_gaussians() -> None:
    """The largest and smallest numbers that codes have."""
    ends = torch.tensor([65504.0, -65504.0, 0.0])
    geometry = torch.cartesian_prod(ends, ends, ends, ends, ends)[None]
    found = splatted(geometry, SIDE)
    assert torch.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
