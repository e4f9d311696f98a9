"""DuoFormer: at each patch the features of all scales, read locally, then across the image.

Source: Tang et al. 2024, "DuoFormer: Leveraging Hierarchical Representations by Local and Global
Attention Vision Transformer", arXiv:2407.13920.

1. A convolutional network gives feature maps of several resolutions; each patch has those of all
   scales that lie within it.
2. A token of each patch attends to them (scale attention), and then to the tokens of the other
   patches (patch attention).

The paper classifies histology with a pretrained ResNet; here the network is trained with the codec
and a token is quantized and decoded. Costs: attention within a patch is over 21 vectors at three
scales.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.pyramid import ScalePyramid
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.trunks.scale_patch import ScalePatchTrunk


def scales_and_patches(scale: Scale) -> Assembly:
    """Slots of a codec that encodes as DuoFormer does."""
    channels = 16 if scale.image < 128 else 64
    pyramid = ScalePyramid(
        stem=ConvStem(channels=channels, down=scale.patch), scales=3, channels=scale.encoder.width
    )
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=pyramid,
            trunk=ScalePatchTrunk.sized(
                scale.patches, pyramid.of_a_patch, width=scale.encoder.width,
                layers=(1, scale.encoder.layers), heads=scale.encoder.heads,
            ),
            resampler=WholeGrid(),
        ),
        bottleneck=Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes()),
        decoder=ConvDecoder(channels=channels),
        training=scale.training(),
    )  # fmt: skip


SCALES_AND_PATCHES = SignalRecipe(
    fill=scales_and_patches,
    laptop=Scale(patch=8, codes=1024, encoder=Vit(width=64, layers=2, heads=4), quick=True),
    paper=Scale(
        image=224, patch=32, codes=8192, size=32, encoder=Vit(width=768, layers=12, heads=12),
        steps=100_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=49, where="a 7 x 7 grid at 224 pixels (ResNet's last stage)"),
    free=("codes",),
)  # fmt: skip
