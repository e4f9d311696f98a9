"""KARL: one pass gives as many tokens as an image needs for the error that is asked for.

Source: Duggal et al. 2025, "Single-pass Adaptive Image Tokenization for Minimum Program Search",
arXiv:2507.07995.

1. A convolutional autoencoder with a codebook is trained first, then kept; the encoder reads its
   latents and the pixels beside them, registers, and the error that is asked for.
2. Each token says whether it halts. A first pass with a drawn number of tokens measures an error; a
   second one is told it, and learns to halt all tokens but those.
3. A transformer, which does not look at halted tokens, predicts the codes of the autoencoder.

Not here: a gradient of the first pass, and a critic for each length. Costs: a step is a pass and a
half; encoding is one pass.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bases.autoencoder import Autoencoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.conditioners.told import Told
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.decoders.proxy import ProxyDecoder
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.lengths.halting import Halting
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.base import BaseError
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import AbsoluteError, SquaredError
from tokenry.signals.objectives.proxy import ProxyCodes
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.sources.error import AskedError
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_BASE, TrainingStage
from tokenry.signals.trunks.convolutional import ConvTrunk


def halting(scale: Scale) -> Assembly:
    """Slots; tokens are drawn in multiples of an eighth of them (16 of 256 as published)."""
    channels, codes = (16, 256) if scale.image < 128 else (128, 1024)
    every = max(1, scale.tokens // (8 if scale.image < 128 else 16))
    base = Autoencoder(
        stem=ConvStem(channels=channels, down=scale.patch),
        trunk=ConvTrunk(width=4 * channels),
        bottleneck=Vq(
            codes=codes,
            size=16 if codes < 1024 else 256,
            update=scale.update,
            revival=DeadCodes(),
        ),
        decoder=ConvDecoder(channels=channels),
        sees="both",
    )
    pixels = (AbsoluteError(), Perceptual(weight=0.1), Adversarial(weight=0.01))
    stages = (
        TrainingStage(name="base", trains=("base.*",), objectives=(BaseError(),)),
        TrainingStage(
            name="codes", trains=ABOVE_BASE, objectives=(ProxyCodes(), SquaredError())
        ),
        TrainingStage(
            name="pixels", trains=(*ABOVE_BASE, "base.decoder.*"), objectives=pixels
        ),
    )  # fmt: skip
    return Assembly(
        carrier=Images.square(scale.image),
        base=base,
        encoder=SignalEncoder(
            partition=Patch(sizes=(1,)),
            trunk=scale.encoder.trunk(scale.patches + 1 + scale.tokens),
            resampler=Registers(count=scale.tokens),
        ),
        bottleneck=Vq(
            codes=scale.codes, size=scale.size, distance=CosineDistance(), update=scale.update,
            revival=DeadCodes(),
        ),
        decoder=ProxyDecoder(
            trunk=scale.decoder.trunk(scale.patches + scale.tokens), codes=codes
        ),
        length=Halting(every=every),
        conditioner=Told(source=AskedError(), decoder="nowhere", dropped=0.0),
        training=scale.training(stages=stages, teacher=TurnTeacher()),
    )  # fmt: skip


HALTING = SignalRecipe(
    fill=halting,
    laptop=replace(LAPTOP, patch=4),
    paper=Scale(
        image=256, patch=16, tokens=256, codes=4096, size=12, encoder=Vit.named("base"),
        decoder=Vit.named("base"), steps=1_000_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 12, where="at most 256 tokens of 4096 codes"),
)  # fmt: skip
