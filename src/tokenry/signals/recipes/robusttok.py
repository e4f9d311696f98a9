"""RobustTok: a tokenizer that is trained with the errors that generators make.

Source: Qiu et al. 2025, "Robust Latent Matters: Boosting Image Generation with Sampling Error
Synthesis", arXiv:2503.08354.

1. Patches and latent tokens run through one transformer; the tokens are quantized.
2. In training, in a share of the images, tokens are replaced by codes that are near, less and less.
3. How a decoder stands it is measured on such codes (pFID; here pFD-local: `measures.perturbed`).

Not here: weights of DINOv2 at the start, its semantic loss and its discriminator, which need
networks of others.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.perturbers.neighbours import NeighbourSwap
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.titok import ONE_STAGE
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.revivals.dead_codes import DeadCodes


def perturbed(scale: Scale) -> Assembly:
    """Slots with the published perturbation: alpha 1, beta 0.1, delta 100, annealed."""
    places, patch = scale.patches + scale.tokens, Patch(sizes=(scale.patch,))
    delta = min(100, max(1, scale.codes // 8))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(places),
            resampler=Registers(count=scale.tokens),
        ),
        bottleneck=Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes()),
        decoder=ViTDecoder(trunk=scale.decoder.trunk(places), partition=patch, kernel=3),
        training=scale.training(perturber=NeighbourSwap(alpha=1.0, beta=0.1, delta=delta)),
    )


PERTURBED = SignalRecipe(
    fill=perturbed,
    laptop=ONE_STAGE.laptop,
    paper=Scale(
        image=256, patch=16, tokens=256, codes=4096, size=64, encoder=Vit.named("base"),
        decoder=Vit.named("base"), steps=250_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 12, where="4096 codes of 64 values, 256 tokens"),
)  # fmt: skip
