"""S000: tokens beside what is told of an image, as a text or as a label, against tokens alone."""

from __future__ import annotations

from dataclasses import replace

from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.signals.arms import NOTES, Arm, TrainedArms, in_decibels
from tokenry.signals.conditioners import Conditioner
from tokenry.signals.conditioners.none import Unconditioned
from tokenry.signals.conditioners.told import Told
from tokenry.signals.recipe import Vit
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.sources.label import Label
from tokenry.signals.sources.text import Text


def run(setting: Setting) -> Findings:
    """Train all arms at all seeds."""
    trained = TrainedArms.train(setting, arms())
    parts = tuple(
        in_decibels(f"With the class told as {what}, as many tokens keep more of a picture",
                    trained.arms[at].name, trained.effect(0, at))
        for at, what in ((1, "a text"), (2, "a label"))
    )  # fmt: skip
    table = trained.table("One frame, 16 tokens of 12 bits")
    return Findings((table,), parts, (*NOTES, *OWN, trained.codecs.note()))


def arms() -> list[Arm]:
    """A grid of codes, told nothing, the name of the class as TexTok tells it, and its number."""
    text = Text(length=16)
    frame, sizes = RECIPES.load("vq").assembly(), Vit(layers=2)
    trunk = sizes.trunk(frame.tokens + text.places)
    frame = replace(
        frame,
        encoder=replace(frame.encoder, trunk=trunk),
        decoder=replace(frame.decoder, trunk=trunk),  # type: ignore[type-var]
    )
    told: dict[str, Conditioner] = {
        "tokens alone": Unconditioned(),
        "told a text": Told(source=text),
        "told a label": Told(source=Label(classes=10)),
    }
    return [Arm(name, "told", replace(frame, conditioner=each)) for name, each in told.items()]


OWN = (
    "A class is worth 3.3 bits of the 192 at most: a caption says far more.",
    "The paper's tokens are registers of numbers; these are codes of a grid, since registers do "
    "not pass k-means patches in this time (TiTok: 16.4 dB in 57 CPU seconds, k-means 19.2). They "
    "learn by the squared error alone.",
)

EXPERIMENT = Experiment(
    name="TexTok",
    claim="A tokenizer that is told what an image shows reconstructs better with as many tokens "
    "(the paper: rFID 29% lower at 256 pixels, 48% at 512; most where tokens are few).",
    scale="The paper: ImageNet at 256 and 512 pixels, captions by a large model. Here: pictures of "
    "32 pixels, names or numbers of ten classes, 16 tokens of 12 bits, 8,000 pictures seen, 3 "
    "seeds.",
    baseline="The same codec that is told nothing; k-means patches at the same bits.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
