"""S108: places of a grid as words of bits against rows of a codebook."""

from __future__ import annotations

from dataclasses import replace

from experiments.harness.experiment import Experiment
from experiments.signals.arms import Arm, between_arms
from tokenry.signals.recipes.elm import BINARY_AUTOENCODER
from tokenry.signals.recipes.quantizers import rows


def arms() -> list[Arm]:
    """ELM's frame with a codebook of 64, and with its 6 bits."""
    binary = BINARY_AUTOENCODER.assembly()
    codebook = replace(binary, bottleneck=rows(64, 6))
    return [Arm("a codebook of 64", "elm", codebook), Arm("6 bits", "elm", binary)]


EXPERIMENT = Experiment(
    name="Binary autoencoder of ELM",
    claim="A binary autoencoder reconstructs better than a codebook with as many bits, and uses "
    "all of its codes (the paper: use 100% against 2 to 80% of VQGANs).",
    scale="The paper: ImageNet at 256 pixels, 256 places of 16 to 24 bits. Here: pictures of 32 "
    "pixels, 64 places of 6 bits, 8,000 pictures seen, 3 seeds.",
    baseline="A codebook of 64 in the same convolutions; k-means patches at the same bits.",
    needs=("pictures",),
    run=between_arms(
        arms,
        "Places of bits reconstruct better than rows of a codebook with as many bits",
        "One frame, 64 places of 6 bits",
        ("The language model over the words, and its heads, are not trained here.",),
    ),
    undivided=("pictures",),
)
