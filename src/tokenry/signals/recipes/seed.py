"""SEED: a causal row of tokens that means what the image does, and a flow that draws it.

Source: Ge et al. 2023, "Planting a SEED of Vision in Large Language Model", arXiv:2307.08041, and
"Making LLaMA SEE and Draw with SEED Tokenizer", arXiv:2310.01218.

1. Causal queries read the places of a transformer; each becomes a code.
2. The last code is to find the text of its image among others; a transformer makes of all codes the
   vector that a teacher has of the image.
3. Then a flow, told by this vector alone, learns to draw the image.

Not here: networks that others trained (ViT-G, CLIP, Stable Diffusion). It gives the meaning back,
not the pixels. It needs pictures in folders, whose names are the texts.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.features import FeatureDecoder
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.whole import WholeDenoiser
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.objectives.text_contrast import TextContrast
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.queries import Queries
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_INNER, TrainingStage


def planted(scale: Scale) -> Assembly:
    """Slots; the teacher's vector of the whole image is what is decoded first."""
    patch, teacher = Patch(sizes=(scale.patch,)), TurnTeacher()
    meaning = Distillation(tap="features", to="whole", apart="squared", weight=1.0)
    stages = (
        TrainingStage(name="codes", trains=ABOVE_INNER, objectives=(meaning, TextContrast())),
        TrainingStage(
            name="pixels", trains=("decoder.inner.*",), objectives=(FlowError(),),
            slot_losses=False,
        ),
    )  # fmt: skip
    flow = FlowDecoder(
        denoiser=WholeDenoiser(
            trunk=scale.decoder.trunk(scale.patches + 1, told=True), partition=patch
        ),
    )
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches),
            resampler=Queries(
                count=scale.tokens, layers=scale.encoder.layers, heads=scale.encoder.heads,
                causal=True,
            ),
        ),
        bottleneck=Vq(
            codes=scale.codes, size=scale.size, distance=CosineDistance(), update=scale.update,
            revival=DeadCodes(),
        ),
        decoder=FeatureDecoder(
            trunk=scale.decoder.trunk(scale.tokens + 1), inner=flow, size=2 * teacher.width
        ),
        training=scale.training(stages=stages, teacher=teacher),
    )  # fmt: skip


PLANTED = SignalRecipe(
    fill=planted,
    laptop=LAPTOP,
    paper=Scale(
        image=224, patch=14, tokens=32, codes=8192, size=32, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=500_000, batch=512, rate=1e-4,
    ),
    published=Published(tokens=32, bits=32 * 13, where="32 tokens of 8192 codes"),
)  # fmt: skip
