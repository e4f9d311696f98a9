"""UniFlow: features that still mean what a teacher's do, and a flow of each patch to its pixels.

Source: Yue et al. 2025, "UniFlow: A Unified Pixel Flow Tokenizer for Visual Understanding and
Generation", arXiv:2510.10575.

1. Patches run through a transformer whose layers are held to a teacher's, the more the further they
   stand apart and the deeper they are; a linear layer makes a few numbers of each place.
2. A transformer mixes them once; told by what it gives, a small network follows the flow of each
   patch from noise to pixels.

Not here: a large network that others trained, as student and teacher. Costs: a step of decoding is
one of the small network.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.each_patch import EachPatchDenoiser
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.objectives.layers import LayerDistillation
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.teachers.turns import TurnTeacher


def pixel_flow(scale: Scale) -> Assembly:
    """Slots; three layers of the encoder are held to the three stages of the teacher."""
    patch, layers = Patch(sizes=(scale.patch,)), scale.encoder.layers
    taps = tuple(layers * share // 3 - 1 for share in (1, 2, 3))
    held = LayerDistillation(layers=tuple(f"block-{tap}" for tap in taps))
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=patch,
            trunk=scale.encoder.trunk(scale.patches, taps=taps),
            resampler=WholeGrid(),
        ),
        bottleneck=ContinuousLatents(size=scale.size),
        decoder=FlowDecoder(
            denoiser=EachPatchDenoiser(
                trunk=scale.decoder.trunk(2 * scale.patches), partition=patch,
                hidden=128 if scale.image < 128 else 1024, layers=3,
            ),
            dropped=0.0,
        ),
        training=scale.training(FlowError(), held, teacher=TurnTeacher()),
    )  # fmt: skip


PIXEL_FLOW = SignalRecipe(
    fill=pixel_flow,
    laptop=replace(LAPTOP, patch=4, size=8, rate=1e-3),
    paper=Scale(
        image=256, patch=16, size=64, encoder=Vit.named("large"),
        decoder=Vit(width=1024, layers=6, heads=16), steps=200_000, batch=512, rate=2e-4,
    ),
    published=Published(tokens=256, where="a grid of 16 x 16 at 256 pixels"),
    free=(),
)  # fmt: skip
