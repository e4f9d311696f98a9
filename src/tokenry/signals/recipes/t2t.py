"""T2T-ViT's soft split: overlapping squares that are read and split again, as a codec's encoder.

Source: Yuan et al. 2021, "Tokens-to-Token ViT: Training Vision Transformers from Scratch on
ImageNet", arXiv:2101.11986.

1. Squares that overlap are read by a transformer block, put back as an image and split again, until
   the grid is small.
2. A deep and narrow transformer reads the tokens of that grid.

The paper classifies; here the tokens are quantized and decoded to pixels, so that soft and hard
splits can be compared in both (`experiments`). Costs: the first grid has many tokens, over which
attention is full; the paper offers Performers for it.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.partitions.soft_split import SoftSplit
from tokenry.signals.partitions.tokens_to_tokens import TokensToTokens
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.revivals.dead_codes import DeadCodes


def soft_split(scale: Scale) -> Assembly:
    """Slots with as many tokens as hard patches of this size have."""
    halvings = scale.patch.bit_length() - 1
    first = (SoftSplit(kernel=7, stride=4),) if halvings > 2 else (SoftSplit(kernel=3, stride=2),)
    more = halvings - (2 if halvings > 2 else 1)
    splits = first + (SoftSplit(kernel=3, stride=2),) * more
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=TokensToTokens(splits=splits, hidden=64 if scale.image > 64 else 24),
            trunk=scale.encoder.trunk(scale.patches),
            resampler=WholeGrid(),
        ),
        bottleneck=Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes()),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(scale.patches),
            partition=Patch(sizes=(scale.patch,)),
            masks=False,
            kernel=3,
        ),
        training=scale.training(),
    )


SOFT_SPLIT = SignalRecipe(
    fill=soft_split,
    laptop=Scale(patch=8, codes=1024, batch=16, steps=1_500, rate=3e-3, quick=True),
    paper=Scale(
        image=224, patch=16, codes=8192, encoder=Vit(width=384, layers=14, heads=6),
        decoder=Vit(width=384, layers=14, heads=6), steps=300_000, batch=512, rate=5e-4,
    ),
    published=Published(tokens=196, where="T2T-ViT-14 of the paper's table 1: 14 x 14 tokens"),
    free=("codes",),
)  # fmt: skip
