"""S091: tokens of drawn bits against tokens of codebooks, with as many bits."""

from __future__ import annotations

from dataclasses import replace

from experiments.harness.experiment import Experiment
from experiments.signals.arms import Arm, between_arms
from tokenry.signals.bottlenecks.residual import Residual
from tokenry.signals.recipes.instella import BINARY_LATENTS
from tokenry.signals.recipes.quantizers import rows


def arms() -> list[Arm]:
    """Instella's frame with two codebooks of 256 a token, and with its 16 bits."""
    binary = BINARY_LATENTS.assembly()
    codebooks = replace(binary, bottleneck=Residual(leaf=rows(256, 16), depth=2))
    return [
        Arm("two codebooks of 256", "instella", codebooks),
        Arm("16 bits", "instella", binary),
    ]


EXPERIMENT = Experiment(
    name="Instella-T2I",
    claim="A row of vectors of bits holds an image as well as codebooks do with many more tokens "
    "(the paper: 128 tokens of 64 bits for 1024 pixels, a 32nd of the usual number).",
    scale="The paper: 1024 pixels, base transformers, 200,000 steps. Here: pictures of 32 pixels, "
    "16 tokens of 16 bits, 8,000 pictures seen, 3 seeds.",
    baseline="Two residual codebooks of 256 in the same frame, the same tokens and bits; k-means "
    "patches at the same bits.",
    needs=("pictures",),
    run=between_arms(
        arms,
        "Tokens of bits reconstruct better than tokens of codebooks with as many bits",
        "One frame, 16 tokens of 16 bits",
    ),
    undivided=("pictures",),
)
