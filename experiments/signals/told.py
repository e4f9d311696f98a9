"""S000: tokens beside a text that says what an image shows, against tokens alone."""

from __future__ import annotations

from dataclasses import replace

from experiments.harness.experiment import Experiment
from experiments.signals.arms import Arm, between_arms
from tokenry.signals.conditioners.none import Unconditioned
from tokenry.signals.recipes.textok import GUIDED


def arms() -> list[Arm]:
    """TexTok that is told nothing, and as it is."""
    told = GUIDED.assembly()
    return [
        Arm("tokens alone", "textok", replace(told, conditioner=Unconditioned())),
        Arm("told the name of the class", "textok", told),
    ]


EXPERIMENT = Experiment(
    name="TexTok",
    claim="A tokenizer that is told what an image shows reconstructs better with as many tokens "
    "(the paper: rFID 29% lower at 256 pixels, 48% at 512; most where tokens are few).",
    scale="The paper: ImageNet at 256 and 512 pixels, captions by a large model. Here: pictures of "
    "32 pixels, names of ten classes, 8 tokens of 8 numbers, 8,000 pictures seen, 3 seeds.",
    baseline="The same codec that is told nothing; k-means patches at 768 bits, fewer than both "
    "take.",
    needs=("pictures",),
    run=between_arms(
        arms,
        "With the class told, as many tokens keep more of a picture",
        "TexTok, with a text and without",
        ("The name of one of ten classes is worth 3.3 bits at most: a caption says far more.",),
    ),
    undivided=("pictures",),
)
