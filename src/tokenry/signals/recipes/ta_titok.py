"""TA-TiTok: TiTok whose decoder is told what the image shows.

Source: Kim et al. 2025, "Democratizing Text-to-Image Masked Generative Models with Compact
Text-Aware One-Dimensional Tokens", arXiv:2501.07730.

1. Encoder and codebook are those of one-stage TiTok.
2. The decoder reads mask tokens at the patches, the tokens, and a text; the encoder does not.

The text counts no bits: whoever decodes knows it. Not here: the text network of the paper (CLIP);
ours is trained with the codec, on names of folders where there are no captions.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly
from tokenry.signals.conditioners.told import Told
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.titok import one_stage
from tokenry.signals.sources.text import Text
from tokenry.signals.teachers.turns import TurnTeacher


def text_aware(scale: Scale) -> Assembly:
    """Slots of TiTok with a text beside the decoder's vectors."""
    text = Text(length=16) if scale.image < 128 else Text(length=77, width=768, layers=12, heads=12)
    places = scale.patches + scale.tokens + text.places
    return replace(
        one_stage(scale),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(places), partition=Patch(sizes=(scale.patch,)), kernel=3
        ),
        conditioner=Told(source=text, encoder="nowhere"),
        training=scale.training(
            SquaredError(), Perceptual(weight=0.1), Adversarial(weight=0.1), teacher=TurnTeacher()
        ),
    )


TEXT_AWARE = SignalRecipe(
    fill=text_aware,
    laptop=replace(LAPTOP, tokens=16),
    paper=Scale(
        image=256, patch=16, tokens=128, codes=8192, size=64, encoder=Vit.named("base"),
        decoder=Vit.named("large"), steps=1_000_000, batch=1024, rate=1e-4,
    ),
    published=Published(tokens=128, bits=128 * 13, where="128 tokens of 8192 codes of 64 values"),
)  # fmt: skip
