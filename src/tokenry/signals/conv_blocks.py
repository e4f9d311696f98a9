"""Convolutions that several slots are made of."""

from __future__ import annotations

from math import gcd

from torch import Tensor, nn


class ResidualConv(nn.Module):
    """Two convolutions behind norms, added to what went in (He et al. 2016, arXiv:1603.05027)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            norm(width), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1),
            norm(width), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1),
        )  # fmt: skip

    def forward(self, values: Tensor) -> Tensor:
        """Of the same shape."""
        added: Tensor = values + self.inner(values)
        return added


def norm(width: int) -> nn.GroupNorm:
    """Over groups of channels, at most eight."""
    return nn.GroupNorm(gcd(width, 8), width)


def halved(given: int, made: int) -> nn.Conv2d:
    """Half the height and width."""
    return nn.Conv2d(given, made, 4, stride=2, padding=1)


def doubled(given: int, made: int) -> nn.Sequential:
    """Twice the height and width: nearest neighbours, then a convolution, which leaves no pattern
    of a checkerboard (Odena et al. 2016).
    """
    return nn.Sequential(nn.Upsample(scale_factor=2.0), nn.Conv2d(given, made, 3, padding=1))
