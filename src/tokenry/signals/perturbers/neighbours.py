"""Latent perturbation: codes are replaced by ones that are near, as a generator's errors are.

Qiu et al. 2025 (RobustTok), arXiv:2503.08354: in a share ``beta`` of the items each token with
chance ``alpha`` by one of its ``delta`` nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final

from tokenry.errors import PartError
from tokenry.signals.bottlenecks import Bottleneck, HasRuns
from tokenry.signals.bottlenecks.digits import code_of, digits_of
from tokenry.signals.bottlenecks.lookup import BLOCK
from tokenry.signals.features import Grid
from tokenry.signals.perturbers.replaced import check_places, with_codes

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized

MOST: Final = 1 << 16
"""Codes of a token of which near ones are found: all of their vectors are put into a table."""


@dataclass(frozen=True, kw_only=True)
class NeighbourSwap:
    """For bottlenecks whose tokens are places and have `MOST` codes or fewer, all slots together.

    Attributes:
        alpha: chance of a token.
        beta: share of the items.
        delta: how many near codes there are to choose from.
        end: alpha falls linearly to this share of itself over a stage.
    """

    alpha: float = 1.0
    beta: float = 0.1
    delta: int = 100
    end: float = 0.5

    def __post_init__(self) -> None:
        if not (0 <= self.alpha <= 1 and 0 <= self.beta <= 1 and 0 <= self.end <= 1):
            raise PartError(f"alpha, beta and end of {self} are shares; expected 0 to 1")
        if self.delta < 1:
            raise PartError(f"delta of NeighbourSwap is {self.delta}, expected 1 or more")

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Near codes at some tokens of some items."""
        import torch

        check_places(quantized, bottleneck)
        codes = quantized.codes
        draw = torch.rand(codes.shape[:2], device=codes.device)
        items = torch.rand(len(codes), 1, device=codes.device) < self.beta
        hit = (draw < self.alpha * (1 - (1 - self.end) * done)) & items
        other = codes.clone()
        other[hit] = near_codes(bottleneck, codes[hit], self.delta)
        return with_codes(quantized, bottleneck, other, hit)


def has_near_codes(part: Bottleneck, grid: Grid) -> bool:
    """Whether `near_codes` finds some, for latents of this grid."""
    runs = part.runs(grid) if isinstance(part, HasRuns) else ()
    return not runs and 1 < prod(part.levels) <= MOST


def near_codes(bottleneck: Assembled, codes: Tensor, delta: int) -> Tensor:
    """For each token one of the ``delta`` others whose vectors are nearest to its own.

    Args:
        bottleneck: whose tokens they are.
        codes: shape (n, slots).
        delta: how many there are to choose from; all others at most.

    Raises:
        PartError: there are too many codes to be put into a table.
    """
    import torch

    part = bottleneck.part
    levels, count = part.levels, prod(part.levels)
    if count > MOST:
        raise PartError(
            f"{type(part).__name__} has {count} codes a token; near ones are found among {MOST} or "
            "fewer"
        )
    delta = min(delta, count - 1)
    if delta < 1:
        return codes
    every = digits_of(torch.arange(count, device=codes.device), levels)
    with torch.no_grad():
        rows = part.vectors(bottleneck, every[:, None])[:, 0].float()
        own, back = torch.unique(code_of(codes, levels), return_inverse=True)
        near = _nearest(rows, own, delta)
    drawn = torch.randint(delta, (len(codes),), device=codes.device)
    return every[near[back, drawn]]


def _nearest(rows: Tensor, own: Tensor, delta: int) -> Tensor:
    """The ``delta`` rows nearest to each of some, without itself, shape (n, delta)."""
    import torch

    bias, found = rows.square().sum(-1) / -2, []
    for each in torch.split(own, max(1, BLOCK // len(rows))):
        nearness = torch.addmm(bias, rows[each], rows.t())
        nearness.scatter_(1, each[:, None], float("-inf"))
        found.append(nearness.topk(delta, -1).indices)
    return torch.cat(found)
