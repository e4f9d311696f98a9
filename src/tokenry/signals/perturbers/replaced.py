"""Vectors of codes that were put in the place of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.errors import PartError

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


def check_places(quantized: Quantized, bottleneck: Assembled) -> None:
    """Raise where tokens are not places, so that none can be replaced by itself.

    Raises:
        PartError: naming the bottleneck.
    """
    tokens, places = quantized.codes.shape[1], quantized.vectors.shape[1]
    if tokens != places:
        raise PartError(
            f"{type(bottleneck.part).__name__} has {tokens} tokens for {places} places; a token is "
            "replaced where it is of one place"
        )


def with_codes(
    quantized: Quantized, bottleneck: Assembled, codes: Tensor, hit: Tensor
) -> Quantized:
    """The same with other codes; where they differ, the vector is theirs, and no gradient passes.

    Args:
        quantized: by the bottleneck.
        bottleneck: its module.
        codes: shape (batch, tokens, slots).
        hit: where they may differ, shape (batch, tokens).

    Raises:
        PartError: tokens of this bottleneck are not places.
    """
    import torch

    check_places(quantized, bottleneck)
    vectors = bottleneck.part.vectors(bottleneck, codes).detach().to(quantized.vectors.dtype)
    mixed = torch.where(hit[..., None], vectors, quantized.vectors)
    return quantized.having(codes=codes, vectors=mixed)
