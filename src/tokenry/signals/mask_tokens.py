"""Mask tokens: learned vectors at places that a trunk fills by what latents behind them say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokenry.signals.features import Features

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.decoders import Given


def learnt(torch: Any, count: int, width: int) -> Any:
    """So many vectors to be learned."""
    return torch.nn.Parameter(torch.randn(1, count, width) * width**-0.5)


def filled(module: Assembled, given: Given, places: int) -> Tensor:
    """What the trunk makes of mask tokens, shape (batch, places, width).

    Args:
        module: with ``mask``, one vector, or none where latents are the places themselves, and
            ``trunk``; ``idle``: vectors at the end, if any.
        given: latents and conditions, which stand behind the mask tokens.
        places: that are wanted.
    """
    latents = module.trunk.part.embed(module.trunk, Features(given.latents)).vectors
    masks = places * module.mask.shape[1]
    mask = module.mask.expand(len(latents), masks, -1).to(latents.dtype)
    return among(module, given, mask, latents)[:, :places]


def among(module: Assembled, given: Given, first: Tensor, latents: Tensor) -> Tensor:
    """What the trunk makes of ``first``; latents, conditions and idle vectors stand behind it."""
    import torch

    behind = [] if given.conditions is None else [given.conditions.to(latents.dtype)]
    if hasattr(module, "idle"):
        behind.append(module.idle.expand(len(latents), -1, -1).to(latents.dtype))
    x, places = torch.cat([first, latents, *behind], 1), first.shape[1]
    present = None
    if given.present is not None:
        present = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        present[:, places : places + latents.shape[1]] = given.present
    made: Features = module.trunk(Features(x, present=present, taps=given.taps))
    return made.vectors
