"""VL-GPT: an image as a short causal row of vectors, and back through a teacher's features.

Source: Zhu et al. 2023, "VL-GPT: A Generative Pre-trained Transformer for Vision and Language
Understanding and Generation", arXiv:2312.09251.

1. Causal queries read the places of a transformer; each is kept as a few numbers, without codes.
2. A transformer makes the vector that a teacher has of the image of them.
3. Then a flow, told by this vector alone, learns to draw the image.

Not here: networks that others trained (CLIP, Stable Diffusion). The causal model over texts and
such vectors is `generators.text_and_images`.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.seed import planted
from tokenry.signals.training.plan import ABOVE_INNER, TrainingStage


def continuous(scale: Scale) -> Assembly:
    """Slots of SEED without its codebook and its texts."""
    made = planted(scale)
    meaning = Distillation(tap="features", to="whole", apart="squared", weight=1.0)
    stages = (
        TrainingStage(name="vectors", trains=ABOVE_INNER, objectives=(meaning,)),
        TrainingStage(name="pixels", trains=("decoder.inner.*",), objectives=(FlowError(),)),
    )
    return replace(
        made,
        bottleneck=ContinuousLatents(size=scale.size),
        training=replace(made.training, stages=stages),
    )


CONTINUOUS = SignalRecipe(
    fill=continuous,
    laptop=replace(LAPTOP, tokens=8),
    paper=Scale(
        image=224, patch=14, tokens=32, size=768, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=10_000, batch=4096, rate=2e-4,
    ),
    published=Published(tokens=32, where="32 visual embeddings of an image"),
    free=("tokens",),
)  # fmt: skip
