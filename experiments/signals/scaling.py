"""S111: what a larger bottleneck, encoder and decoder each give."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.verdicts import check_bounded
from experiments.signals.arms import NOTES, Arm, TrainedArms, in_decibels
from experiments.signals.codecs import MATTERS
from tokenry.signals.assembly import Assembly
from tokenry.signals.recipe import Scale, Vit
from tokenry.signals.recipes.vitok import SCALED_AUTOENCODER

FLOATS: Final = (1, 2, 4)  # channels of each of 16 latents


def run(setting: Setting) -> Findings:
    """Train the laptop's size, and others in which one part alone is larger or smaller."""
    trained = TrainedArms.train(setting, arms())
    smallest, small, base, encoder, decoder = range(5)
    found = {
        "16 to 32 numbers": trained.effect(smallest, small),
        "32 to 64 numbers": trained.effect(small, base),
    }
    more = [
        in_decibels(f"Twice the numbers of the code reconstruct better: {name}", name, each)
        for name, each in found.items()
    ]
    wider = trained.effect(base, encoder)
    parts = (
        *more,
        check_bounded(
            "An encoder of twice the width reconstructs no better",
            {"encoder": wider},
            MATTERS,
            found=f"PSNR {wider:+.2f} dB",
        ),
        in_decibels(
            "A decoder of twice the width reconstructs better", "decoder",
            trained.effect(base, decoder),
        ),
    )  # fmt: skip
    table = trained.table("One part larger at a time")
    return Findings((table,), parts, (*NOTES, trained.codecs.note()))


def arms() -> list[Arm]:
    """The code of 16, 32 and 64 numbers; then the encoder, then the decoder twice as wide."""
    scale = SCALED_AUTOENCODER.laptop
    wide = Vit(width=2 * scale.encoder.width, layers=scale.encoder.layers)
    broad = Vit(width=2 * scale.decoder.width, layers=scale.decoder.layers)
    sizes = {f"{16 * each} numbers": replace(scale, size=each) for each in FLOATS}
    wider = {
        "encoder twice as wide": replace(scale, encoder=wide),
        "decoder twice as wide": replace(scale, decoder=broad),
    }
    return [Arm(name, "vitok", _filled(each)) for name, each in (sizes | wider).items()]


def _filled(scale: Scale) -> Assembly:
    return SCALED_AUTOENCODER.fill(scale)


EXPERIMENT = Experiment(
    name="ViTok",
    claim="The number of floats of the code decides how well an image is reconstructed; a larger "
    "encoder gives nothing, a larger decoder something.",
    scale="The paper: ImageNet and video at 256 pixels, up to large transformers. Here: pictures "
    "of 32 pixels, transformers of width 64 to 192, 8,000 pictures seen, 3 seeds.",
    baseline="The laptop's size; k-means patches at no more bits (numbers count 16 each).",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
