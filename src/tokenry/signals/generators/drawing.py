"""Codes drawn from logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor


def drawn_codes(
    logits: Tensor, levels: Sequence[int], draw: Generator, *, heat: float, best: int | None
) -> tuple[Tensor, Tensor]:
    """A code for each slot, and the log probability of all slots together before heat and cut.

    Args:
        logits: shape (..., all levels).
        levels: of the slots.
        draw: random numbers.
        heat: 0 takes the likeliest.
        best: only so many of the likeliest codes can be drawn; None: all.

    Returns:
        Shapes (..., slots) and (...).
    """
    import torch

    codes, chances = [], []
    for each in torch.split(logits.float(), list(levels), -1):
        flat = each.flatten(0, -2)
        if heat <= 0:
            code = flat.argmax(-1)
        else:
            warm = flat / heat
            if best is not None and best < warm.shape[-1]:
                least = warm.topk(best, -1).values[..., -1:]
                warm = warm.masked_fill(warm < least, -torch.inf)
            code = torch.multinomial(warm.softmax(-1), 1, generator=draw)[:, 0]
        codes.append(code.view(each.shape[:-1]))
        chances.append(each.log_softmax(-1).gather(-1, codes[-1][..., None])[..., 0])
    return torch.stack(codes, -1), torch.stack(chances).sum(0)


def guided(told: Tensor, untold: Tensor | None, strength: float) -> Tensor:
    """Away from what a model says without the label, by ``strength``; 1 is what it says with it."""
    return told if untold is None else untold + strength * (told - untold)
