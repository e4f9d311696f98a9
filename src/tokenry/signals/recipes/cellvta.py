"""CellVTA: a vision transformer with details beside it, for what is smaller than a patch.

Source: Yang et al. 2025, "CellVTA: Enhancing Vision Foundation Models for Accurate Cell
Segmentation and Classification", arXiv:2504.00784.

1. A few convolutions keep a finer grid beside the patches.
2. Between stages of the transformer, patches read the details by attention through a gate that is
   closed at first, and details read the patches.

The paper adapts a pretrained pathology model and segments cells; here all of it is trained with the
codec, and patches are quantized and decoded. Costs: attention of patches to four or more times as
many details at each stage.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.partitions.with_details import WithDetails
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.trunks.adapted import AdaptedTrunk


def with_details(scale: Scale) -> Assembly:
    """Slots of a codec whose encoder has an adapter."""
    stem = ConvStem(channels=16 if scale.image < 128 else 64, down=max(2, scale.patch // 2))
    patch = Patch(sizes=(scale.patch,))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=WithDetails(patches=patch, stem=stem),
            trunk=AdaptedTrunk.sized(
                scale.patches, width=scale.encoder.width, layers=scale.encoder.layers,
                heads=scale.encoder.heads, details=stem.widths[-1],
                stages=min(4, scale.encoder.layers),
            ),
            resampler=WholeGrid(),
        ),
        bottleneck=Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes()),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(scale.patches), partition=patch, kernel=3, masks=False
        ),
        training=scale.training(),
    )  # fmt: skip


WITH_DETAILS = SignalRecipe(
    fill=with_details,
    laptop=Scale(
        patch=8, codes=1024, encoder=Vit(layers=2), batch=16, steps=1_500, rate=3e-3, quick=True
    ),
    paper=Scale(
        image=256, patch=16, codes=8192, encoder=Vit.named("large"), decoder=Vit.named("base"),
        steps=100_000, batch=64, rate=1e-4,
    ),
    published=Published(tokens=256, where="patches of 16 of 256 pixels"),
    free=("codes",),
)  # fmt: skip
