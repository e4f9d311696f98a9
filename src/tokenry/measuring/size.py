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

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from tokenry.errors import VocabularyError
from tokenry.json_data import FLAT
from tokenry.measuring.compression import bytes_per_token
from tokenry.measuring.encoded import Sample, encode_sample
from tokenry.measuring.measurement import Measurement
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

TOLERANCE = 0.01
# Parameters and layers of Brown et al. 2020, table 2.1, and below them smaller ones of that shape.
_LAYERS = {
    15e6: 6, 50e6: 8, 125e6: 12, 350e6: 24, 760e6: 24, 1.3e9: 24, 2.7e9: 32, 6.7e9: 32, 13e9: 40,
    175e9: 96,
}  # fmt: skip
_THEIR_IDS = 50_257
_FEWEST_PARAMETERS, _MOST_PARAMETERS = 5e6, 1e12


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

    @classmethod
    def of_parameters(cls, count: float, *, tied: bool = True) -> ModelShape:
        """The usual transformer of about ``count`` parameters.

        Layers are those of the nearest model of Brown et al. 2020 (arXiv:2005.14165, table 2.1);
        the width gives the parameters with rows of their 50,257 ids, to the nearest 64. Their own
        sizes come out as they are: 350 million is width 1,024 with 24 layers.

        Raises:
            VocabularyError: so few or so many parameters that no such model is near.
        """
        if not _FEWEST_PARAMETERS <= count <= _MOST_PARAMETERS:
            raise VocabularyError(
                f"{count:,.0f} parameters; expected {_FEWEST_PARAMETERS:,.0f} to "
                f"{_MOST_PARAMETERS:,.0f}, or give the width and the layers"
            )
        layers = _LAYERS[min(_LAYERS, key=lambda known: abs(math.log(known / count)))]
        rows = _THEIR_IDS * (1 if tied else 2)
        width = (math.sqrt(rows**2 + 48 * layers * count) - rows) / (24 * layers)
        return cls(width=max(64, round(width / 64) * 64), layers=layers, tied=tied)

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


USUAL_SHAPE = ModelShape()


@dataclass(frozen=True, slots=True)
class VocabularyCost(Result):
    """What the rows of a vocabulary cost in a model, and a byte of text with it.

    Attributes:
        row_parameters: of input and output.
        row_share: of all parameters.
        flops_per_byte: of a forward pass.
    """

    row_parameters: int
    row_share: float
    flops_per_byte: float

    @property
    def megaflops_per_byte(self) -> float:
        """The same in millions."""
        return self.flops_per_byte / 1e6


def vocabulary_cost(shape: ModelShape, size: int, bytes_per_token: float) -> VocabularyCost:
    """The cost of ``size`` ids that pack so many bytes into a token."""
    rows = shape.row_parameters(size)
    share = rows / (rows + shape.block_parameters)
    return VocabularyCost(rows, share, shape.flops_per_token(size) / bytes_per_token)


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
    cost = vocabulary_cost(shape, size, int(sample.sizes.sum()) / tokens)
    return SizePoint(
        size=size,
        tokens=tokens,
        bytes_per_token=bytes_per_token(encoded, seed=seed),
        row_parameters=cost.row_parameters,
        row_share=cost.row_share,
        flops_per_byte=cost.flops_per_byte,
    )
