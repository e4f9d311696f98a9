"""A selector: each token is kept or not by what is in it.

Jin et al. 2023 (LaVIT), arXiv:2309.04669. There the draw goes on at encoding, so that codes differ
from one call to the next; here it is for training alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Selector:
    """A small network scores latents; which places are kept is side information.

    Attributes:
        rate: share of the tokens that is aimed at, over a batch.
        weight: of the squared difference from it.
        temperature: of the relaxed draw.
        width: of the hidden layer.
    """

    rate: float = 0.5
    weight: float = 2.0
    temperature: float = 1.0
    width: int = 32

    prefix = False
    hidden = False
    variable = True

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 1:
            raise PartError(f"rate of Selector is {self.rate!r}, expected above 0, to 1")

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """The network ``score``: of a latent beside the mean of all."""
        nn = torch_for(self, "torch.nn")
        score = nn.Sequential(nn.Linear(2 * size, self.width), nn.GELU(), nn.Linear(self.width, 1))
        return assemble(self, score=score)

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """Drawn in training; else tokens of a positive score, the best if fewer are asked for."""
        import torch

        if latents.shape[1] != tokens:
            raise PartError("Selector needs a token for each place")
        whole = latents.mean(1, keepdim=True).expand_as(latents)
        scores = module.score(torch.cat([latents, whole], -1))[..., 0]
        if asking is not None:
            return Kept(_chosen(scores, asking))
        noise = torch.rand_like(scores).clamp(1e-6, 1 - 1e-6).logit()
        soft = ((scores + noise) / self.temperature).sigmoid()
        mask = soft.detach() > 0.5
        scale = mask.float() + (soft - soft.detach())
        lost = self.weight * (scale.mean() - self.rate).square()
        return Kept(mask, {"keep rate": lost}, scale)


def _chosen(scores: Tensor, asking: Asking) -> Tensor:
    """Positive scores, or as many of the best as are asked for."""
    mask = scores > 0
    if asking.tokens is None:
        return mask
    order = scores.argsort(dim=1, descending=True, stable=True).argsort(1)
    return mask & (order < asking.tokens)
