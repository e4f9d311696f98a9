"""TokenFlow: a semantic vector and one of pixels choose one code together.

Source: Qu et al. 2024, "TokenFlow: Unified Image Tokenizer for Multimodal Understanding and
Generation", arXiv:2412.03069.

1. Convolutions, then two branches: one is held to features of a teacher, one serves the pixels.
2. Scale by scale, residuals of both halves choose the row whose distances together are least.
3. Convolutions decode the halves.

Not here: two encoders from the pixels on, one of which others trained (CLIP), and a decoder of its
own for the features: a head on the first half of the codes does that.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.scales import MultiScaleResidual
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.distances.joint import JointCosine
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.branches import ParallelBranches
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.trunks.convolutional import ConvTrunk


def shared_index(scale: Scale) -> Assembly:
    """Slots; ``size`` is of each half, and scales grow to the grid."""
    channels = 16 if scale.image < 128 else 128
    paper = scale.image >= 128
    sizes = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16) if paper else (1, 2, 4)
    leaf = Vq(
        codes=scale.codes, size=2 * scale.size, distance=JointCosine(first=scale.size),
        update=scale.update,
        revival=DeadCodes(),
    )  # fmt: skip
    meaning = Distillation(tap="branch-0", to="stage-2", width=scale.encoder.width)
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=ConvStem(channels=channels, down=scale.patch),
            trunk=ConvTrunk(width=4 * channels),
            resampler=ParallelBranches(
                trunks=(scale.encoder.trunk(scale.patches), ConvTrunk(width=4 * channels)),
                sizes=(scale.size, scale.size),
            ),
        ),
        bottleneck=MultiScaleResidual(leaf=leaf, sizes=sizes),
        decoder=ConvDecoder(channels=channels),
        training=scale.training(
            SquaredError(), meaning,
            Distillation(tap="codes", to="stage-2", first=scale.size),
            Perceptual(weight=0.1), Adversarial(weight=0.1), teacher=TurnTeacher(),
        ),
    )  # fmt: skip


SHARED_INDEX = SignalRecipe(
    fill=shared_index,
    laptop=Scale(patch=8, codes=1024, size=8, encoder=Vit(width=64, layers=2), quick=True),
    paper=Scale(
        image=256, patch=16, codes=32_768, size=8, encoder=Vit.named("base"), steps=500_000,
        batch=256, rate=1e-4,
    ),
    published=Published(tokens=680, bits=680 * 15, where="ten scales up to 16, 32768 codes"),
    free=("codes",),
)  # fmt: skip
