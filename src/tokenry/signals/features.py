"""What slots of a codec hand to each other within torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

Grid = tuple[int, ...]
"""Sizes of a grid of places, rows first: (height, width), or (time, height, width)."""


@dataclass(frozen=True, kw_only=True)
class CodecSizes:
    """What objectives are told of the codec that they train.

    Attributes:
        shape: of an item's values.
        grid: of its latents.
        tokens: of an item.
        size: of a latent before the bottleneck.
        decoded_size: of a latent behind it.
        levels: of the slots of a token.
        width: of the trunk.
        decoder_width: of the decoder.
    """

    shape: tuple[int, ...]
    grid: Grid
    tokens: int
    size: int
    decoded_size: int
    levels: tuple[int, ...]
    width: int
    decoder_width: int


@dataclass(frozen=True)
class Features:
    """Vectors at places.

    Attributes:
        vectors: shape (batch, places, width).
        grid: sizes whose product is the number of places; () where places have no order.
        where: what is known of each place, shape (batch, places, n): centres and sizes of regions,
            coordinates of points; None: the grid says it.
        present: False at padding, shape (batch, places); None: no padding.
        taps: vectors within a trunk, by name, for distillation and the like.
    """

    vectors: Tensor
    grid: Grid = ()
    where: Tensor | None = None
    present: Tensor | None = None
    taps: Mapping[str, Tensor] = field(default_factory=dict)

    def having(self, **changes: Any) -> Features:
        """The same with other fields."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Quantized:
    """What a bottleneck makes of latent vectors.

    Attributes:
        vectors: what is decoded, shape (batch, places, size); gradients pass as the bottleneck
            says.
        codes: shape (batch, tokens, slots), int64, such that the bottleneck's ``vectors`` of them
            are these.
        losses: means over the batch, by name, already weighed.
        figures: other means for the log.
        depths: contributions whose sum is ``vectors``, shape (batch, places, depth, size), where
            there are several in an order.
        soft: what ``vectors`` were before they were rounded or looked up, of the same shape; None:
            there is no such thing.
    """

    vectors: Tensor
    codes: Tensor
    losses: Mapping[str, Tensor] = field(default_factory=dict)
    figures: Mapping[str, Tensor] = field(default_factory=dict)
    depths: Tensor | None = None
    soft: Tensor | None = None

    def having(self, **changes: Any) -> Quantized:
        """The same with other fields."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Kept:
    """Which tokens of each item are kept.

    Attributes:
        mask: shape (batch, tokens), True where one is kept.
        losses: means over the batch, by name, already weighed.
        scale: what vectors of kept tokens are multiplied by, shape (batch, tokens), so that
            gradients reach what decides; its values are 1 where kept. None: nothing.
    """

    mask: Tensor
    losses: Mapping[str, Tensor] = field(default_factory=dict)
    scale: Tensor | None = None


@dataclass(frozen=True)
class Decoded:
    """What a decoder makes of latent vectors.

    Attributes:
        values: as the carrier normalises them, shape (batch, \\*shape).
        losses: means over the batch that only the decoder can compute, by name.
        taps: what else it computed, by name, such as logits or predicted features.
    """

    values: Tensor
    losses: Mapping[str, Tensor] = field(default_factory=dict)
    taps: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Passed:
    """All that one pass through a codec gave: what objectives read.

    Attributes:
        values: the normalised items, shape (batch, \\*shape).
        facts: what is known of the items, by name: labels, texts.
        features: of the trunk.
        latents: before the bottleneck, shape (batch, places, size).
        quantized: by the bottleneck, and perturbed.
        kept: which tokens.
        decoded: what became of them.
        done: share of the stage that is done.
    """

    values: Tensor
    facts: Mapping[str, Tensor]
    features: Features
    latents: Tensor
    quantized: Quantized
    kept: Kept
    decoded: Decoded
    done: float = 0.0
