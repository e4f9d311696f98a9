"""What operations of serving are worth: bits of models of two widths under one tokenizer.

A tokenizer of few tokens makes a model cheaper to run, one of a large vocabulary dearer; a wider
model would have used the difference. So bits per byte are moved to equal operations for a byte,
along a power law whose exponent two widths of the same comparison give. To weigh bits against
operations is an idea of Yuan et al. 2025, "Information Capacity", arXiv:2511.08066; the correction
is ours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tokenry.neural.recipes.sizes import Shape
from tokenry.study.model_comparison.content import ServingCorrection, TrainedModel
from tokenry.study.model_comparison.data import Arm
from tokenry.study.model_comparison.options import HEADS, ComparisonOptions


def other_width(width: int) -> int:
    """Half of it, or twice where half is no width.

    >>> other_width(64), other_width(4)
    (32, 8)
    """
    return width // 2 // HEADS * HEADS or 2 * width


def serving_flops(arm: Arm, options: ComparisonOptions) -> float:
    """Operations of a forward pass over one context, for a byte of its text."""
    shape = Shape(width=options.width, layers=options.layers, heads=HEADS, context=arm.context)
    flops = shape.causal(arm.rows.rows + 1).flops(arm.context)
    return flops / (arm.context * arm.bytes_per_token)


def correction(
    width: int,
    flops: tuple[float, float],
    models: Sequence[TrainedModel],
    others: Sequence[TrainedModel],
) -> ServingCorrection:
    """From models of the same tokenizer, text and seeds.

    Args:
        width: of the others.
        flops: of serving a byte, by the models and by the others.
        models: of the width that is compared.
        others: of the other width.
    """
    ratio = math.log(flops[0] / flops[1])
    exponents = tuple(
        math.log(sum(other.bits) / sum(model.bits)) / ratio
        for model, other in zip(models, others, strict=True)
    )
    return ServingCorrection(width, tuple(others), flops[1], exponents)
