"""Latent perturbation: codes are replaced by ones that are near, as a generator's errors are.

Qiu et al. 2025 (RobustTok), arXiv:2503.08354: in a share ``beta`` of the items each token with
chance ``alpha`` by one of its ``delta`` nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.signals.bottlenecks.lookup import BLOCK
from tokenry.signals.perturbers.replaced import with_codes

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True, kw_only=True)
class NeighbourSwap:
    """For bottlenecks that are a codebook.

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

        codes = quantized.codes
        draw = torch.rand(codes.shape[:2], device=codes.device)
        items = torch.rand(len(codes), 1, device=codes.device) < self.beta
        hit = (draw < self.alpha * (1 - (1 - self.end) * done)) & items
        other = codes.clone()
        other[hit] = near_codes(bottleneck, codes[hit][:, 0], self.delta)[:, None]
        return with_codes(quantized, bottleneck, other, hit)


def near_codes(bottleneck: Assembled, codes: Tensor, delta: int) -> Tensor:
    """For each code one of the ``delta`` codes whose rows are nearest to its own, not itself.

    Raises:
        PartError: the bottleneck has no rows.
    """
    import torch

    part = bottleneck.part
    if not hasattr(part, "rows"):
        raise PartError(f"{type(part).__name__} has no codebook; near codes are rows of one")
    with torch.no_grad():
        rows = part.rows(bottleneck)
        bias, delta = part.distance.bias(rows), min(delta, len(rows) - 1)
        found = [
            _one_of_the_nearest(rows, bias, each, delta)
            for each in torch.split(codes, max(1, BLOCK // len(rows)))
        ]
    return torch.cat(found) if found else codes


def _one_of_the_nearest(rows: Tensor, bias: Tensor, codes: Tensor, delta: int) -> Tensor:
    import torch

    if delta < 1:
        return codes
    nearness = torch.addmm(bias, rows[codes], rows.t())
    nearness.scatter_(1, codes[:, None], float("-inf"))
    near = nearness.topk(delta, -1).indices
    drawn = torch.randint(delta, (len(codes), 1), device=codes.device)
    return near.gather(1, drawn)[:, 0]
