"""S009: two codebooks of a token against one with as many bits."""

from __future__ import annotations

from typing import Final

import numpy as np

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import check
from experiments.signals.codecs import BASELINE, COLUMNS, PictureCodecs, judged, row_of
from tokenry.signals.recipes.registry import RECIPES

STEPS: Final = 250
ARMS: Final = {"one codebook": "vq", "two codebooks": "product"}
MATTERS: Final = 0.1  # dB


def run(setting: Setting) -> Findings:
    """Train all arms at all seeds in one frame."""
    codecs = PictureCodecs(setting, STEPS)
    made = {arm: RECIPES.load(name).assembly("laptop") for arm, name in ARMS.items()}
    bits = made["one codebook"].bits
    runs = {
        arm: [codecs.trained(ARMS[arm], each, seed) for seed in setting.seeds]
        for arm, each in made.items()
    }
    baseline = codecs.k_means(bits)
    one, two = (np.array([run.psnr.mean() for run in each]) for each in runs.values())
    effect = over_seeds(two - one)
    levels = {arm: " x ".join(map(str, each.bottleneck.levels)) for arm, each in made.items()}
    rows = [row_of(f"{arm} ({levels[arm]})", each, baseline) for arm, each in runs.items()]
    table = Table(
        "Codecs of one frame at one number of bits",
        COLUMNS,
        (*rows, row_of(BASELINE, [baseline], baseline)),
        note=f"{len(codecs.scored)} pictures of 32 x 32 pixels that nothing was learnt on; "
        f"{len(codecs.learnt)} to learn from; {len(setting.seeds)} seeds.",
    )
    part = check(
        "A token of two codebooks reconstructs better than a token of one codebook with as many "
        "bits",
        {"two codebooks": judged(effect, list(runs.values()), baseline)},
        matters=MATTERS,
        found=f"PSNR {effect:+.2f} dB",
    )
    return Findings((table,), (part,), (*NOTES, codecs.note()))


NOTES: Final = (
    "PSNR is what training with the squared error makes best; the paper's rFID needs a network of "
    "others.",
    "The losses that keep the parts apart, and the features that one part predicts, are not "
    "trained here; nor is the generator with a head for each part.",
    "Had an arm not beaten k-means patches at the same bits, the effect would stand without an "
    "interval, which decides nothing.",
)

EXPERIMENT = Experiment(
    name="FQGAN",
    claim="Quantizing a token by several codebooks, each small, reconstructs better than one large "
    "codebook, which is hard to use whole (the paper: rFID 0.94 against 1.5 and more).",
    scale="The paper: ImageNet at 256 pixels, 2 or 3 codebooks of 16384. Here: pictures of 32 "
    "pixels, 16 tokens of 12 bits, 250 steps of 32 pictures, 3 seeds.",
    baseline="One codebook of 4096 in the same frame; k-means patches at the same bits.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
