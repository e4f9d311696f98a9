"""FQGAN: each place has several codes of books of their own, instead of one of a large book.

Source: Bai et al. 2024, "Factorized Visual Tokenization and Generation", arXiv:2411.16681.

1. Convolutions bring an image to a grid, and a transformer for each part gives its half of a
   vector.
2. Each half is quantized by a book of its own; a place costs as many bits as the parts together,
   while no book is large.
3. The parts are kept from saying the same, and one of them is held to features of a teacher.
4. The parts are joined and decoded by convolutions.

Not here: the networks of the paper that a part is held to (CLIP, DINO), and the entropy of codes as
a loss; our teacher is trained on the same data.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.product import Product
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.objectives.disentanglement import Disentanglement
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.branches import ParallelBranches
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.trunks.convolutional import ConvTrunk


def factorized(scale: Scale) -> Assembly:
    """Slots with two books; ``codes`` and ``size`` are of each."""
    channels, paper = scale.encoder.width, scale.image >= 128
    sizes = Vit(width=512, layers=6, heads=8) if paper else Vit(width=64, layers=1)
    adapter = sizes.trunk(scale.patches)
    part = Vq(codes=scale.codes, size=scale.size, update=scale.update, revival=DeadCodes())
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=ConvStem(channels=channels, down=scale.patch, blocks=scale.encoder.layers),
            trunk=ConvTrunk(width=4 * channels, blocks=scale.encoder.layers),
            resampler=ParallelBranches(
                trunks=(adapter, adapter), sizes=(scale.size, scale.size)
            ),
        ),
        bottleneck=Product(parts=(part, part)),
        decoder=ConvDecoder(channels=scale.decoder.width, blocks=scale.decoder.layers),
        training=scale.training(
            SquaredError(), Disentanglement(weight=0.1),
            Distillation(tap="branch-0", to="stage-2", width=adapter.width),
            teacher=TurnTeacher(),
        ),
    )  # fmt: skip


FACTORIZED = SignalRecipe(
    fill=factorized,
    laptop=Scale(patch=8, codes=2**6, size=8, encoder=Vit(width=16, layers=1),
                 decoder=Vit(width=16, layers=1), quick=True),
    paper=Scale(
        image=256, patch=16, codes=16_384, size=8, encoder=Vit(width=128, layers=2),
        decoder=Vit(width=128, layers=2), steps=400_000, batch=128, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 28, where="two books of 16384 codes, f16"),
    free=(),
)  # fmt: skip
