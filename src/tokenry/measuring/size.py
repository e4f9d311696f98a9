"""What a vocabulary size costs and gives: one learning run, all sizes.

The first n ids of a merge learner are what it would have learnt with n ids (SuperBPE: what it had
learnt by then), so one tokenizer of the largest size gives all smaller ones by truncation.

Floating-point operations of a forward pass, for a token of a transformer of width d with L layers
and V ids (Kaplan et al. 2020, arXiv:2001.08361, without the part that grows with the context):

    2 * 12 * L * d**2  +  2 * d * V

The second part is the output layer; looking up a row costs nothing. Divided by bytes per token it
is what a byte of text costs. Training costs about three times as much (forward and backward).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tokenry.errors import VocabularyError
from tokenry.measuring.compression import bytes_per_token
from tokenry.measuring.encoded import Sample, encode_sample
from tokenry.measuring.measurement import Measurement
from tokenry.results import FLAT, Result
from tokenry.tokenizer import Tokenizer

TOLERANCE = 0.01


@dataclass(frozen=True, kw_only=True)
class ModelShape:
    """The transformer that the vocabulary is for.

    Attributes:
        width: of a row.
        layers: blocks of attention and perceptron, ``12 * width**2`` parameters each.
        tied: whether the output layer shares the rows of the input.

    Raises:
        VocabularyError: there is no width or no layer.
    """

    width: int = 768
    layers: int = 12
    tied: bool = True

    def __post_init__(self) -> None:
        if self.width < 1 or self.layers < 1:
            raise VocabularyError(
                f"a model of width {self.width} with {self.layers} layers; expected 1 or more"
            )

    @property
    def block_parameters(self) -> int:
        """Parameters beside the rows of ids."""
        return 12 * self.layers * self.width**2

    def row_parameters(self, size: int) -> int:
        """Parameters of the rows of ``size`` ids, of input and output."""
        return size * self.width * (1 if self.tied else 2)

    def flops_per_token(self, size: int) -> int:
        """Forward pass, for one token."""
        return 2 * self.block_parameters + 2 * self.width * size


@dataclass(frozen=True)
class SizePoint(Result):
    """One vocabulary size.

    Attributes:
        size: ids.
        tokens: of the sample.
        bytes_per_token: with its interval.
        row_parameters: of input and output.
        row_share: of all parameters.
        flops_per_byte: of a forward pass.
    """

    size: int
    tokens: int
    bytes_per_token: Measurement
    row_parameters: int
    row_share: float
    flops_per_byte: float


@dataclass(frozen=True)
class SizeSweep(Result):
    """Nested vocabularies of one tokenizer, measured on one sample.

    Attributes:
        points: ascending by size.
        shape: the model.
        recommended: the smallest size whose operations per byte are within a tolerance of the
            fewest.
        rule: why it is recommended.
        formula: of the operations.
    """

    points: tuple[SizePoint, ...]
    shape: ModelShape = field(metadata=FLAT)
    recommended: int
    rule: str
    formula: str = "(2 * 12 * layers * width**2 + 2 * width * size) / bytes per token"


def halved_sizes(full: int, smallest: int = 320) -> list[int]:
    """Vocabulary sizes up to ``full``, by halves; nine at most.

    >>> halved_sizes(4000, 1000)
    [1000, 2000, 4000]
    """
    sizes = [full]
    while len(sizes) < 9 and round(sizes[-1] / 2) >= smallest:
        sizes.append(round(sizes[-1] / 2))
    return sizes[::-1]


def sweep_sizes(
    tokenizer: Tokenizer,
    sizes: Sequence[int],
    sample: Sample,
    *,
    shape: ModelShape | None = None,
    tolerance: float = TOLERANCE,
    seed: int = 0,
) -> SizeSweep:
    """Measure the nested vocabularies of a tokenizer.

    Args:
        tokenizer: the largest; one of a merge learner.
        sizes: ids; those above the tokenizer's own are measured at its own.
        sample: text that it was not learnt from.
        shape: the model that the vocabulary is for.
        tolerance: share of the fewest operations per byte that a smaller size may cost more.
        seed: of the intervals.

    Raises:
        UnsupportedError: vocabularies of this tokenizer do not nest.
        VocabularyError: no sizes, or one that has no room for single bytes.
    """
    shape = shape or ModelShape()
    kept = sorted({min(size, len(tokenizer.vocabulary)) for size in sizes})
    if not kept:
        raise VocabularyError("there are no sizes to measure; give some, such as 4000 and 8000")
    points = tuple(_point(tokenizer, size, sample, shape, seed) for size in kept)
    best = min(points, key=lambda point: point.flops_per_byte)
    most = best.flops_per_byte * (1 + tolerance)
    rule = (
        f"the smallest size whose operations per byte are within {tolerance:.0%} of the fewest "
        f"({best.flops_per_byte / 1e6:,.4g} million, at {best.size:,} ids)"
    )
    recommended = next(point.size for point in points if point.flops_per_byte <= most)
    return SizeSweep(points, shape, recommended, rule)


def _point(
    tokenizer: Tokenizer, size: int, sample: Sample, shape: ModelShape, seed: int
) -> SizePoint:
    encoded = encode_sample(tokenizer.truncate(size), sample)
    tokens = int(encoded.tokens.sum())
    rows = shape.row_parameters(size)
    return SizePoint(
        size=size,
        tokens=tokens,
        bytes_per_token=bytes_per_token(encoded, seed=seed),
        row_parameters=rows,
        row_share=rows / (rows + shape.block_parameters),
        flops_per_byte=shape.flops_per_token(size) * tokens / int(sample.sizes.sum()),
    )
