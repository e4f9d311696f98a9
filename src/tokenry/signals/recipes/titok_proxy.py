"""TiTok in two stages: few tokens first learn the codes of another tokenizer, then pixels.

Source: Yu et al. 2024, "An Image is Worth 32 Tokens for Reconstruction and Generation",
arXiv:2406.07550.

1. A convolutional autoencoder with a codebook is trained (the paper takes MaskGIT's), then kept.
2. Patches and registers run through a transformer; registers are quantized; a second transformer
   predicts the autoencoder's codes, by cross entropy.
3. Encoder and codebook are kept, and the decoder with that of the autoencoder learns pixels.

Not here: the paper's perceptual network; ours is trained on the same data. Costs: a third of the
time goes to the autoencoder.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.neural.positions.normed import NormedLearned
from tokenry.signals.assembly import Assembly
from tokenry.signals.bases.autoencoder import Autoencoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.decoders.proxy import ProxyDecoder
from tokenry.signals.decoders.stages import StagedDecoder
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.base import BaseError
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.objectives.proxy import ProxyCodes
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.titok import one_stage
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_BASE, TrainingStage
from tokenry.signals.trunks.convolutional import ConvTrunk


def two_stages(scale: Scale) -> Assembly:
    """Slots of one-stage TiTok, but decoder and training."""
    paper = scale.image >= 128
    channels, codes = (128, 1024) if paper else (16, 256)
    places = scale.patches + scale.tokens + 1
    pixels = (SquaredError(), Perceptual(weight=0.1), Adversarial(weight=0.01))
    stages = (
        TrainingStage(name="base", trains=("base.*",), objectives=(BaseError(),)),
        TrainingStage(
            name="proxy", trains=ABOVE_BASE, objectives=(ProxyCodes(),)
        ),
        TrainingStage(
            name="pixels", trains=("decoder.*", "absent", "base.decoder.*"), objectives=pixels,
            slot_losses=False,
        ),
    )  # fmt: skip
    return replace(
        one_stage(scale),
        base=Autoencoder(
            stem=ConvStem(channels=channels, down=scale.patch),
            trunk=ConvTrunk(width=4 * channels),
            bottleneck=Vq(
                codes=codes,
                size=16 if codes < 1024 else 256,
                update=scale.update,
                revival=DeadCodes(),
            ),
            decoder=StagedDecoder() if paper else ConvDecoder(channels=channels),
        ),
        decoder=ProxyDecoder(
            trunk=scale.decoder.trunk(places, positions=NormedLearned(context=places)),
            codes=codes,
            hidden=2 * scale.decoder.width,
            idle=1,
        ),
        training=scale.training(stages=stages, teacher=TurnTeacher()),
    )


TWO_STAGES = SignalRecipe(
    fill=two_stages,
    laptop=replace(LAPTOP, patch=4),
    paper=Scale(
        image=256, patch=16, tokens=32, codes=4096, size=12, encoder=Vit.named("large"),
        decoder=Vit.named("large"), steps=1_500_000, batch=256, rate=1e-4,
    ),
    published=Published(
        tokens=32, bits=32 * 12,
        where="TiTok-L-32: 32 tokens of 4096 codes; the authors' module has 641,054,735 "
        "parameters, ours also the encoder of the base (36 million)",
    ),
)  # fmt: skip
