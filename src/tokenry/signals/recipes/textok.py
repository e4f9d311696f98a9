"""TexTok: a text says what an image shows, and tokens hold the rest.

Source: Zha et al. 2024, "Language-Guided Image Tokenization for Generation", arXiv:2412.05796.

1. Patches, registers and a text run through a transformer; registers are kept, as a few numbers.
2. A second transformer reads mask tokens at the patches, the registers and the text again.

The text counts no bits: whoever decodes knows it (it is what an image is to be generated of). Not
here: the text network of the paper (T5); ours is trained with the codec, on names of folders where
there are no captions.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.conditioners.told import Told
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.sources.text import Text
from tokenry.signals.teachers.turns import TurnTeacher


def guided(scale: Scale) -> Assembly:
    """Slots; the text is beside the others in encoder and decoder."""
    text = Text(length=16) if scale.image < 128 else Text(length=77, width=768, layers=12, heads=12)
    places, patch = scale.patches + scale.tokens + text.places, Patch(sizes=(scale.patch,))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(places),
            resampler=Registers(count=scale.tokens),
        ),
        bottleneck=ContinuousLatents(size=scale.size),
        decoder=ViTDecoder(trunk=scale.decoder.trunk(places), partition=patch, kernel=3),
        conditioner=Told(source=text),
        training=scale.training(
            SquaredError(), Perceptual(weight=0.1), Adversarial(weight=0.1), teacher=TurnTeacher()
        ),
    )


GUIDED = SignalRecipe(
    fill=guided,
    laptop=replace(LAPTOP, tokens=8, size=8),
    paper=Scale(
        image=256, patch=8, tokens=128, size=8, encoder=Vit.named("base"),
        decoder=Vit.named("base"), steps=270_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=128, where="one of the published numbers, 32 to 256, at 256 pixels"),
    free=("tokens",),
)  # fmt: skip
