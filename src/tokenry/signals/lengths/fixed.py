"""A fixed length: every item keeps all its tokens, or the first of them if fewer are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class EveryToken:
    """A decoder that never saw fewer tokens in training decodes fewer badly, but does."""

    prefix = True
    hidden = True
    variable = False

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """The first tokens."""
        return Kept(first_tokens(latents, tokens, asking))


def first_tokens(latents: Tensor, tokens: int, asking: Asking | None) -> Tensor:
    """A mask, shape (batch, tokens), of the first tokens that are asked for, or of all."""
    import torch

    most = tokens if asking is None or asking.tokens is None else min(tokens, asking.tokens)
    return (torch.arange(tokens, device=latents.device) < most).expand(latents.shape[0], -1)
