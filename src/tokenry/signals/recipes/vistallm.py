"""VistaLLM: tokens of an image that are chosen by what was asked about it.

Source: Pramanick et al. 2023, "Jack of All Tasks, Master of Many: Designing General-purpose
Coarse-to-Fine Vision-Language Model", arXiv:2312.12423.

1. Queries read the places of a transformer and the instruction beside them, so that the same image
   has other tokens for another instruction.
2. A decoder that is not told the instruction gives the image back.

Masks as short rows of points, more of them where the outline turns, are
`serialising.outlines.OutlineTokens`. Not here: the language model; what its answers would teach the
queries, the caption's loss does. It needs pictures in folders, whose names are the instructions.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.conditioners.told import Told
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.objectives.caption import Caption
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.queries import Queries
from tokenry.signals.sources.text import Text


def instructed(scale: Scale) -> Assembly:
    """Slots; the instruction is read by the queries alone."""
    patch = Patch(sizes=(scale.patch,))
    text = Text() if scale.image < 128 else Text(length=64, width=768, layers=6, heads=12)
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches),
            resampler=Queries(
                count=scale.tokens, layers=scale.encoder.layers, heads=scale.encoder.heads
            ),
        ),
        bottleneck=ContinuousLatents(size=scale.size),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(scale.patches + scale.tokens), partition=patch, kernel=3
        ),
        conditioner=Told(source=text, encoder="read", decoder="nowhere"),
        training=scale.training(SquaredError(), Caption(weight=0.1, length=text.length)),
    )  # fmt: skip


INSTRUCTED = SignalRecipe(
    fill=instructed,
    laptop=replace(LAPTOP, tokens=8, size=8),
    paper=Scale(
        image=224, patch=14, tokens=32, size=768, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=100_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=32, where="32 queries of the instruction-guided sampler"),
    free=("tokens",),
)  # fmt: skip
