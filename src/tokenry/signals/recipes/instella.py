"""Instella's binary latents: a row of vectors of bits, a code space without a table.

Source: Instella-T2I 2025, "Instella-T2I: Pushing the Limits of 1D Discrete Latent Space Image
Generation", arXiv:2506.21022.

1. Patches and registers run through a vision transformer; only registers stay.
2. Each dimension of a register is a bit, drawn in training by a sigmoid that sharpens: 128 vectors
   of 64 bits are 2^8192 codes.
3. A second transformer decodes the bits.

Not here: tokens that are merged two by two inside of the transformers, for images of 1024 pixels;
the perceptual and adversarial losses, which need networks of others.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.bernoulli import BernoulliBits
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.objectives.pixels import AbsoluteError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.registers import Registers


def binary_latents(scale: Scale) -> Assembly:
    """Slots; ``size`` is the bits of a token."""
    places, patch = scale.patches + scale.tokens, Patch(sizes=(scale.patch,))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(places),
            resampler=Registers(count=scale.tokens),
        ),
        bottleneck=BernoulliBits(bits=scale.size),
        decoder=ViTDecoder(trunk=scale.decoder.trunk(places), partition=patch, kernel=3),
        training=scale.training(AbsoluteError(smooth=1.0)),
    )


BINARY_LATENTS = SignalRecipe(
    fill=binary_latents,
    laptop=replace(LAPTOP, tokens=16, size=16),
    paper=Scale(
        image=1024, patch=32, tokens=128, size=64, encoder=Vit.named("base"),
        decoder=Vit.named("base"), steps=200_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=128, bits=128 * 64, where="128 vectors of 64 bits at 1024 pixels"),
    free=("tokens",),
)  # fmt: skip
