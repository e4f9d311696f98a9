"""Slot-MLLM: slots that share an image out among them, quantized in depth.

Source: Chi et al. 2025, "Slot-MLLM: Object-Centric Visual Tokenization for Multimodal LLM",
arXiv:2505.17726.

1. Slots compete for the places of a transformer, in three rounds, and each takes a mean of its own.
2. A slot is quantized, then what is left of it, and so on.
3. A diffusion draws the image, told by the slots; their mean is to find the text of the image.

Not here: networks that others trained (CLIP, a diffusion of text), and the stage of training before
there are codes. It needs pictures in folders, whose names are the texts.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.residual import Residual
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.whole import WholeDenoiser
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.objectives.text_contrast import TextContrast
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.paths.diffusion import DiffusionPath
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.slots import Slots
from tokenry.signals.revivals.dead_codes import DeadCodes


def shared_out(scale: Scale) -> Assembly:
    """Slots with codes of four depths."""
    patch = Patch(sizes=(scale.patch,))
    leaf = Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes())
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches),
            resampler=Slots(count=scale.tokens),
        ),
        bottleneck=Residual(leaf=leaf, depth=4),
        decoder=FlowDecoder(
            denoiser=WholeDenoiser(
                trunk=scale.decoder.trunk(scale.patches + scale.tokens, told=True),
                partition=patch,
            ),
            path=DiffusionPath(),
            steps=8 if scale.image < 128 else 50,
        ),
        training=scale.training(FlowError(), TextContrast(tap="codes")),
    )


SHARED_OUT = SignalRecipe(
    fill=shared_out,
    laptop=replace(LAPTOP, tokens=8, size=16),
    paper=Scale(
        image=224, patch=14, tokens=32, codes=8192, size=64, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=300_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=32, where="32 slots, residual codes"),
    free=("tokens",),
)  # fmt: skip
