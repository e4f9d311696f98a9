"""ReToK: any prefix decodes, and the last tokens are trained as often as the first.

Source: Fu et al. 2026, "Improving Flexible Image Tokenizers for Autoregressive Image Generation",
arXiv:2601.01535.

1. Convolutions, a transformer and queries bring an image to a row of tokens; each is quantized.
2. Prefixes are drawn from a longer row, as if copies of the last token stood behind it; so the
   whole row is decoded often.
3. What the decoder computes at patches is held to features of a teacher, the less the more tokens
   are kept: first tokens mean, last ones detail.

Not here: the teacher of the paper, which others trained, and the tuning of the decoder at the end.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.lengths.redundant import RedundantPadding
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.queries import Queries
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher


def padded(scale: Scale) -> Assembly:
    """Slots with as many copies as tokens."""
    objectives = (
        SquaredError(), Perceptual(weight=0.1),
        Distillation(tap="patches", to="stage-2", weight=0.5, fades=True),
    )  # fmt: skip
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=ConvStem(channels=16 if scale.image < 128 else 128, down=scale.patch),
            trunk=scale.encoder.trunk(scale.patches),
            resampler=Queries(
                count=scale.tokens, layers=max(1, scale.encoder.layers // 2),
                heads=scale.encoder.heads,
            ),
        ),
        bottleneck=Vq(
            codes=scale.codes, size=scale.size, distance=CosineDistance(), update=scale.update,
            revival=DeadCodes(),
        ),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(scale.patches + scale.tokens),
            partition=Patch(sizes=(scale.patch,)),
            kernel=3,
        ),
        length=RedundantPadding(copies=scale.tokens),
        training=scale.training(*objectives, teacher=TurnTeacher()),
    )  # fmt: skip


PADDED = SignalRecipe(
    fill=padded,
    laptop=LAPTOP,
    paper=Scale(
        image=256, patch=16, tokens=256, codes=16_384, size=8, encoder=Vit.named("small"),
        decoder=Vit.named("base"), steps=500_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=256, where="256 tokens, in the frame of GigaTok"),
)  # fmt: skip
