"""TiTok: an image as a short row of tokens without places.

Source: Yu et al. 2024, "An Image is Worth 32 Tokens for Reconstruction and Generation",
arXiv:2406.07550; the one-stage training is that of Kim et al. 2025 (TA-TiTok), arXiv:2501.07730.

1. Patches and as many registers as tokens run through a vision transformer; only registers stay.
2. Each is brought to a small vector, and that to the nearest row of a codebook.
3. A second transformer reads mask tokens at the patches and the rows behind them; its patches are
   joined to pixels.

Not here: the perceptual network and the discriminator of the published training need networks that
others trained; objectives of our own can be added to ``training``. Costs: at the laptop's size
about 15 GFLOP a step of 32 images.
"""

from __future__ import annotations

from tokenry.neural.positions.normed import NormedLearned
from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.distances import CodeDistance
from tokenry.signals.distances.euclidean import EuclideanDistance
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.revivals.dead_codes import DeadCodes


def one_stage(scale: Scale, *, distance: CodeDistance | None = None) -> Assembly:
    """Slots of one-stage TiTok.

    Args:
        scale: its sizes.
        distance: of vectors and rows; None: Euclidean, as in the authors' files of one stage.
    """
    places = scale.patches + scale.tokens + 1
    positions = NormedLearned(context=places)
    patch = Patch(sizes=(scale.patch,))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(places, positions=positions),
            resampler=Registers(count=scale.tokens, idle=1),
        ),
        bottleneck=Vq(
            codes=scale.codes,
            size=scale.size,
            distance=distance or EuclideanDistance(),
            update=scale.update,
            revival=DeadCodes(),
        ),
        decoder=ViTDecoder(
            trunk=scale.decoder.trunk(places, positions=positions),
            partition=patch,
            idle=1,
            kernel=3,
        ),
        training=scale.training(),
    )


ONE_STAGE = SignalRecipe(
    fill=one_stage,
    laptop=LAPTOP,
    paper=Scale(
        image=256, patch=16, tokens=128, codes=8192, size=64, encoder=Vit.named("base"),
        decoder=Vit.named("large"), steps=1_000_000, batch=256, rate=1e-4,
    ),
    published=Published(
        parameters=390_179_988, tokens=128, bits=128 * 13,
        where="titok_bl128_vq8k.yaml of the authors, and their module",
    ),
)  # fmt: skip
