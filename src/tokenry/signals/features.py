"""What slots of a codec hand to each other within torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from tokenry.errors import PartError

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.bases import Based
    from tokenry.signals.teachers import Teacher

TOLD: Final = "told"
"""The tap with a vector that modulates blocks, (batch, width)."""
READ: Final = "read"
"""The tap with vectors that others can read by attention, (batch, places, width)."""
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
        pieces: sizes of the parts of a latent behind a product; one where there are no parts.
        teacher: taps of the teacher and their widths.
    """

    shape: tuple[int, ...]
    grid: Grid
    tokens: int
    size: int
    decoded_size: int
    levels: tuple[int, ...]
    width: int
    decoder_width: int
    pieces: tuple[int, ...] = ()
    teacher: tuple[tuple[str, int], ...] = ()

    def teacher_width(self, tap: str) -> int:
        """Of a tap of the teacher.

        Raises:
            PartError: there is none of this name.
        """
        widths = dict(self.teacher)
        if tap not in widths:
            raise PartError(
                f"an objective reads {tap!r} of the teacher, which has {sorted(widths) or 'no'} "
                "taps; give the training another teacher="
            )
        return widths[tap]


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
class Watched:
    """Values as a teacher sees them.

    Attributes:
        teacher: the part.
        module: its network.
        values: the normalised items.
    """

    teacher: Teacher
    module: Assembled
    values: Tensor

    @cached_property
    def taps(self) -> Mapping[str, Tensor]:
        """Of the items, without a gradient; each of shape (batch, places, width)."""
        return {name: each.detach() for name, each in self.of(self.values).items()}

    def of(self, values: Tensor) -> Mapping[str, Tensor]:
        """Of others, such as those decoded, with their gradient."""
        return self.teacher.features(self.module, values)


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
        based: by the base, below the codec.
        done: share of the stage that is done.
        watched: by the teacher; None outside of a training.
    """

    values: Tensor
    facts: Mapping[str, Tensor]
    features: Features
    latents: Tensor
    quantized: Quantized
    kept: Kept
    decoded: Decoded
    based: Based
    done: float = 0.0
    watched: Watched | None = None

    @property
    def seen(self) -> Watched:
        """By the teacher.

        Raises:
            PartError: there is none.
        """
        if self.watched is None:
            raise PartError("an objective needs a teacher; give the training a teacher=")
        return self.watched
