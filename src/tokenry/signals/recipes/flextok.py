"""FlexTok: any prefix of a row of tokens is decoded to a whole image, by a flow.

Source: Bachmann et al. 2025, "FlexTok: Resampling Images into 1D Token Sequences of Flexible
Length", arXiv:2502.13967.

1. An autoencoder with Gaussian latents is trained first, then kept.
2. Patches of its latents and registers run through a transformer in which registers are causal.
3. Six small digits of a register are its code; of each image a drawn number of first ones is kept.
4. A rectified flow from noise to the latents of the autoencoder is told what is kept; its first
   blocks are held to features of a teacher.

Not here: the paper's teacher (DINOv2) and its guidance by projection; ours is trained on the same
data, guidance is plain. Costs: decoding takes 8 passes of the decoder (25 as published).
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bases.autoencoder import Autoencoder
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.bottlenecks.kl import KlLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.whole import WholeDenoiser
from tokenry.signals.lengths.nested import NestedTokens
from tokenry.signals.objectives.base import BaseError
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_BASE, TrainingStage
from tokenry.signals.trunks.convolutional import ConvTrunk


def flexible(scale: Scale) -> Assembly:
    """Slots; ``patch`` is of pixels, of which the base takes a half, and ``size`` is the base's."""
    down, channels = scale.patch // 2, 32 if scale.image < 128 else 128
    places, patch = scale.patches + scale.tokens, Patch(sizes=(2,))
    base = Autoencoder(
        stem=ConvStem(channels=channels, down=down),
        trunk=ConvTrunk(width=channels * min(4, down)),
        bottleneck=KlLatents(channels=scale.size, weight=1e-3),
        decoder=ConvDecoder(channels=channels),
        sees="latents",
    )
    stages = (
        TrainingStage(name="base", trains=("base.*",), objectives=(BaseError(),)),
        TrainingStage(
            name="flow", share=2.0, trains=ABOVE_BASE,
            objectives=(FlowError(), Distillation(tap="patches", weight=0.5)),
        ),
    )  # fmt: skip
    return Assembly(
        carrier=Images.square(scale.image),
        base=base,
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(places),
            resampler=Registers(count=scale.tokens, causal=True),
        ),
        bottleneck=Fsq(digits=(8, 8, 8, 5, 5, 5)),
        decoder=FlowDecoder(
            denoiser=WholeDenoiser(trunk=scale.decoder.trunk(places, told=True), partition=patch),
            dropped=0.2, steps=8 if scale.image < 128 else 25,
        ),
        length=NestedTokens(lengths="powers"),
        training=scale.training(stages=stages, teacher=TurnTeacher()),
    )  # fmt: skip


FLEXIBLE = SignalRecipe(
    fill=flexible,
    laptop=Scale(size=8, encoder=Vit(layers=2), decoder=Vit(layers=2), quick=True),
    paper=Scale(
        image=256, patch=16, tokens=256, size=16, encoder=Vit(width=1152, layers=18, heads=18),
        decoder=Vit(width=1792, layers=28, heads=28), steps=500_000, batch=1024, rate=6e-4,
    ),
    published=Published(tokens=256, where="d18-d28: 256 tokens of 64000 codes, VAE of 16 channels"),
    free=("tokens",),
)  # fmt: skip
