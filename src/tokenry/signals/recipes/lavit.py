"""LaVIT: of an image as many tokens as it needs, which hold what the others held.

Source: Jin et al. 2023, "Unified Language-Vision Pretraining in LLM with Dynamic Discrete Visual
Tokenization", arXiv:2309.04669.

1. A transformer over patches; a selector keeps some places, about a third of them.
2. Kept places read, block by block, kept ones before them and dropped ones; then each is a code.
3. A transformer makes features of a teacher of the codes, and a flow, trained then, draws them.

Not here: networks that others trained. There the selector draws at encoding, too, so that codes
differ from call to call; here it only does in training. Which places are kept counts its bits.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.features import FeatureDecoder
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.whole import WholeDenoiser
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.lengths.merging import SelectAndMerge
from tokenry.signals.lengths.selector import Selector
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_INNER, TrainingStage


def selected(scale: Scale) -> Assembly:
    """Slots; features are at the places of the patches."""
    patch, teacher, paper = Patch(sizes=(scale.patch,)), TurnTeacher(), scale.image >= 128
    stages = (
        TrainingStage(
            name="codes", trains=ABOVE_INNER,
            objectives=(Distillation(tap="features", to="stage-2", weight=1.0),),
        ),
        TrainingStage(
            name="pixels", trains=("decoder.inner.*",), objectives=(FlowError(),),
            slot_losses=False,
        ),
    )  # fmt: skip
    flow = FlowDecoder(
        denoiser=WholeDenoiser(
            trunk=scale.decoder.trunk(2 * scale.patches, told=True), partition=patch
        ),
    )
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches),
            resampler=WholeGrid(),
        ),
        bottleneck=Vq(
            codes=scale.codes, size=scale.size, distance=CosineDistance(), update=scale.update,
            revival=DeadCodes(),
        ),
        length=SelectAndMerge(
            selector=Selector(rate=1 / 3), width=768 if paper else 64, layers=12 if paper else 2,
            heads=12 if paper else 4,
        ),
        decoder=FeatureDecoder(
            trunk=scale.decoder.trunk(2 * scale.patches), inner=flow, places=scale.patches,
            size=4 * teacher.width,
        ),
        training=scale.training(stages=stages, teacher=teacher),
    )  # fmt: skip


SELECTED = SignalRecipe(
    fill=selected,
    laptop=replace(LAPTOP, size=32),
    paper=Scale(
        image=224, patch=14, codes=16_384, size=32, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=50_000, batch=2048, rate=2e-4,
    ),
    published=Published(tokens=256, bits=256 * 14, where="at most 256 codes, a third kept"),
    free=("codes",),
)  # fmt: skip
