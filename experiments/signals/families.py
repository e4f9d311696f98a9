"""S017: the eight families of quantizers of the survey, in one frame at one number of bits."""

from __future__ import annotations

from typing import Final

from experiments.harness.experiment import Experiment, Findings, Lines, Setting, Table
from experiments.harness.verdicts import check
from experiments.signals.codecs import (
    COLUMNS,
    MATTERS,
    PictureCodecs,
    ahead,
    baseline_rows,
    k_means_at,
    row_of,
)
from tokenry.signals.recipes.quantizers import FAMILIES
from tokenry.signals.recipes.registry import RECIPES

BITS: Final = (128, 192, 256, 384)  # of k-means patches and formats of files


def run(setting: Setting) -> Findings:
    """Train the frame with each family at all seeds, and put what is not learnt beside them."""
    codecs = PictureCodecs(setting)
    made = {name: RECIPES.load(name).assembly("laptop") for name in FAMILIES}
    runs = {name: codecs.at_seeds(name, each) for name, each in made.items()}
    bits = made["vq"].bits
    baselines = codecs.baselines(setting.pick(BITS, (bits,)), formats=None)
    floor = k_means_at(baselines, bits)
    effects = {name: ahead(each, floor) for name, each in runs.items()}
    rows = sorted(
        (row_of(name, each) for name, each in runs.items()), key=lambda row: -float(row[2] or 0)
    )
    table = Table(
        "The eight families in one frame",
        ("way", "setting", *COLUMNS.values()),
        (*((name, "16 tokens", *figures) for name, *figures in rows), *baseline_rows(baselines)),
        note=codecs.sample(),
        lines=Lines(by="way", x=COLUMNS["bits_per_item"], y=COLUMNS["psnr"]),
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
    "The effect of a family that does not beat k-means patches stands without an interval: it was "
    "trained too little to be judged.",
)

EXPERIMENT = Experiment(
    name="Discrete tokenization survey",
    claim="Eight families of quantizers turn latent vectors into tokens: codebooks (plain, "
    "residual, product, additive), fixed grids (FSQ), signs (LFQ, BSQ) and relations to anchors.",
    scale="The survey compares published systems. Here: one encoder and decoder for all, pictures "
    "of 32 pixels, 16 tokens of 12 bits, 250 steps of 32 pictures, 3 seeds.",
    baseline="K-means patches of 4 x 4 pixels at the same bits; JPEG, WebP and JPEG XL beside "
    "them.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
