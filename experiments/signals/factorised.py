"""S009: two codebooks of a token against one with as many bits."""

from __future__ import annotations

from experiments.harness.experiment import Experiment
from experiments.signals.arms import Arm, between_arms
from tokenry.signals.recipes.registry import RECIPES


def arms() -> list[Arm]:
    """The frame of the quantizers with one codebook of 4,096, and with two of 64."""
    ways = {"one codebook of 4096": "vq", "two codebooks of 64": "product"}
    return [Arm(name, each, RECIPES.load(each).assembly()) for name, each in ways.items()]


EXPERIMENT = Experiment(
    name="FQGAN",
    claim="Quantizing a token by several codebooks, each small, reconstructs better than one large "
    "codebook, which is hard to use whole (the paper: rFID 0.94 against 1.5 and more).",
    scale="The paper: ImageNet at 256 pixels, 2 or 3 codebooks of 16384. Here: pictures of 32 "
    "pixels, 16 tokens of 12 bits, 8,000 pictures seen, 8 seeds.",
    baseline="One codebook of 4096 in the same frame; k-means patches at the same bits.",
    needs=("pictures",),
    seeds=8,
    run=between_arms(
        arms,
        "A token of two codebooks reconstructs better than a token of one codebook with as many "
        "bits",
        "Codecs of one frame at one number of bits",
        (
            "The losses that keep the parts apart, and the features that one part predicts, are "
            "not trained here; nor is the generator with a head for each part.",
        ),
    ),
    undivided=("pictures",),
)
