"""GPSToken: a set of Gaussians, small ones where there is much to see.

Source: Zhang et al. 2025, "GPSToken: Gaussian Parameterized Spatially-adaptive Tokenization for
Image Representation and Generation", arXiv:2509.01109.

1. The region of the most entropy of edges is halved until there are as many as tokens; each is cut
   out and brought to one size.
2. A transformer over the regions moves each one's Gaussian a little and gives its texture.
3. Gaussians are splatted on a map, and convolutions make the image of it.

Not here: convolutions over each region, and the perceptual and adversarial networks of the paper;
a perceptual loss is by a teacher of our own.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.decoders.splatting import SplatDecoder
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.entropy_regions import EntropyRegions
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.gaussians import GEOMETRY, GaussianSet
from tokenry.signals.teachers.turns import TurnTeacher


def gaussians(scale: Scale) -> Assembly:
    """Slots; ``size`` is of a texture, and the map is the image at a ``patch``-th of its size."""
    paper = scale.image >= 128
    regions = EntropyRegions(count=scale.tokens, crop=8 if paper else 4, smallest=8 if paper else 2)
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=regions,
            trunk=scale.encoder.trunk(scale.tokens),
            resampler=GaussianSet(),
        ),
        bottleneck=ContinuousLatents(size=GEOMETRY + scale.size),
        decoder=SplatDecoder(
            side=scale.image // scale.patch,
            decoder=ConvDecoder(channels=scale.decoder.width, blocks=scale.decoder.layers),
        ),
        training=scale.training(SquaredError(), Perceptual(weight=0.1), teacher=TurnTeacher()),
    )  # fmt: skip


GAUSSIANS = SignalRecipe(
    fill=gaussians,
    laptop=Scale(
        patch=2, size=16, encoder=Vit(layers=2), decoder=Vit(width=32, layers=1), quick=True
    ),
    paper=Scale(
        image=256, patch=4, tokens=128, size=16, encoder=Vit(width=512, layers=30, heads=8),
        decoder=Vit(width=128, layers=2), steps=800_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=128, where="128 Gaussians of 5 and 16 numbers, a map of 64 x 64"),
    free=("tokens",),
)  # fmt: skip
