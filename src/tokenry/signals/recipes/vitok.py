"""ViTok: a plain transformer autoencoder, to see what scaling each part gives.

Source: Hansen-Estruch et al. 2025, "Learnings from Scaling Visual Tokenizers for Reconstruction and
Generation", arXiv:2501.09755.

1. Patches (tubelets of video) run through a transformer and become a few numbers each, normally
   distributed.
2. A transformer decodes them; the number of floats in the code decides how well.

Not here: LPIPS and the second, adversarial stage, which needs networks of others. Codes are the
means in half precision, 16 bits each.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.kl import KlLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid


def scaled_autoencoder(scale: Scale) -> Assembly:
    """Slots; ``size`` is the channels of a latent."""
    patch = Patch(sizes=(scale.patch,))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches),
            resampler=WholeGrid(),
        ),
        bottleneck=KlLatents(channels=scale.size),
        decoder=ViTDecoder(trunk=scale.decoder.trunk(scale.patches), partition=patch, masks=False),
        training=scale.training(),
    )


SCALED_AUTOENCODER = SignalRecipe(
    fill=scaled_autoencoder,
    laptop=replace(LAPTOP, size=4, encoder=Vit(width=64, layers=2)),
    paper=Scale(
        image=256, patch=16, size=16, encoder=Vit(width=768, layers=6, heads=12),
        decoder=Vit.named("base"), steps=100_000, batch=1024, rate=1e-4,
    ),
    published=Published(tokens=256, where="S-B/16 of the paper: 256 latents of 16 floats"),
    free=(),
)  # fmt: skip
