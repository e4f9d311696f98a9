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


class WideningConv(nn.Module):
    """Two convolutions without bias behind norms; added to what went in, if that is as wide.

    MaskGIT's block has a shortcut where it is not, which reads what the block itself gives, so that
    it is a part of the second convolution.
    """

    def __init__(self, given: int, made: int, groups: int) -> None:
        super().__init__()
        self.alike = given == made
        self.inner = nn.Sequential(
            stage_norm(given, groups), nn.SiLU(), nn.Conv2d(given, made, 3, padding=1, bias=False),
            stage_norm(made, groups), nn.SiLU(), nn.Conv2d(made, made, 3, padding=1, bias=False),
        )  # fmt: skip

    def forward(self, values: Tensor) -> Tensor:
        """Of the same height and width."""
        made: Tensor = self.inner(values)
        return values + made if self.alike else made


def stage_norm(width: int, groups: int) -> nn.GroupNorm:
    """As MaskGIT has it."""
    return nn.GroupNorm(groups, width, eps=1e-6)


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
