"""One-D-Piece: TiTok whose last tokens can be left out, for compression at any length.

Source: Miwa et al. 2025, "One-D-Piece: Image Tokenizer Meets Quality-Controllable Compression",
arXiv:2501.10064.

1. Encoder, codebook (vectors of length one) and decoder are those of TiTok's first checkpoints.
2. In training a drawn number of first tokens of each batch goes to the decoder, after the codebook,
   which loses on all of them. So information moves to the front.

Not here: the first of the two published stages, in which codes of another tokenizer are predicted,
and perceptual and adversarial losses. Costs what TiTok does.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.lengths.tail_drop import TailDrop
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.titok import ONE_STAGE, one_stage


def tail_dropped(scale: Scale) -> Assembly:
    """Slots of TiTok with a length policy."""
    return replace(one_stage(scale, distance=CosineDistance()), length=TailDrop())


ONE_D_PIECE = SignalRecipe(
    fill=tail_dropped,
    laptop=ONE_STAGE.laptop,
    paper=Scale(
        image=256, patch=16, tokens=256, codes=4096, size=12, encoder=Vit.named("large"),
        decoder=Vit.named("large"), steps=1_000_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 12, where="One-D-Piece-L-256 of the paper"),
)  # fmt: skip
