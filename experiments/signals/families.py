"""S017: the eight families of quantizers of the survey, in one frame at one number of bits."""

from __future__ import annotations

from typing import Final

import numpy as np

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import check
from experiments.signals.codecs import BASELINE, COLUMNS, PictureCodecs, row_of
from tokenry.signals.recipes.quantizers import FAMILIES
from tokenry.signals.recipes.registry import RECIPES

STEPS: Final = 250
MATTERS: Final = 0.1  # dB


def run(setting: Setting) -> Findings:
    """Train the frame with each family at all seeds."""
    codecs = PictureCodecs(setting, STEPS)
    made = {name: RECIPES.load(name).assembly("laptop") for name in FAMILIES}
    runs = {
        name: [codecs.trained(name, each, seed) for seed in setting.seeds]
        for name, each in made.items()
    }
    baseline = codecs.k_means(made["vq"].bits)
    floor = float(baseline.psnr.mean())
    effects = {
        name: over_seeds(np.array([run.psnr.mean() for run in each]) - floor)
        for name, each in runs.items()
    }
    rows = [row_of(name, each, baseline) for name, each in runs.items()]
    table = Table(
        "The eight families in one frame",
        COLUMNS,
        (*sorted(rows, key=lambda row: -float(row[2])), row_of(BASELINE, [baseline], baseline)),
        note=f"{len(codecs.scored)} pictures of 32 x 32 pixels that nothing was learnt on; "
        f"{len(codecs.learnt)} to learn from; {len(setting.seeds)} seeds.",
    )
    part = check(
        "Within minutes of training each family keeps more of a picture than k-means patches at "
        "the same bits",
        effects,
        matters=MATTERS,
        found="; ".join(f"{name} {each:+.2f} dB" for name, each in effects.items()),
    )
    return Findings((table,), (part,), (*NOTES, codecs.note()))


NOTES: Final = (
    "The survey trains nothing: frame, bits and statement are ours.",
    "All families share the rate, batch and steps that were chosen for codebooks on other "
    "pictures; each might do better with its own.",
)

EXPERIMENT = Experiment(
    name="Discrete tokenization survey",
    claim="Eight families of quantizers turn latent vectors into tokens: codebooks (plain, "
    "residual, product, additive), fixed grids (FSQ), signs (LFQ, BSQ) and relations to anchors.",
    scale="The survey compares published systems. Here: one encoder and decoder for all, pictures "
    "of 32 pixels, 16 tokens of 12 bits, 250 steps of 32 pictures, 3 seeds.",
    baseline="K-means patches of 4 x 4 pixels at the same bits.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
