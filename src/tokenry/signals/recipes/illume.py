"""ILLUME: codes of a teacher's features on a grid, so that they mean something at once.

Source: Wang et al. 2024, "ILLUME: Illuminating Your LLMs to See, Draw, and Self-Enhance",
arXiv:2412.06673.

1. A transformer over patches; each place becomes a code.
2. A transformer makes features of a teacher of the codes.
3. Then a flow, told by these features, learns to draw the image.

Not here: the network of the paper (UNIT) and the diffusion that others trained, and all of its
language model.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.signals.assembly import Assembly
from tokenry.signals.lengths.fixed import EveryToken
from tokenry.signals.recipe import LAPTOP, Published, Scale, SignalRecipe, Vit
from tokenry.signals.recipes.lavit import selected


def illuminated(scale: Scale) -> Assembly:
    """Slots of LaVIT that keep every place."""
    return replace(selected(scale), length=EveryToken())


ILLUMINATED = SignalRecipe(
    fill=illuminated,
    laptop=replace(LAPTOP, size=32),
    paper=Scale(
        image=256, patch=16, codes=16_384, size=32, encoder=Vit.named("large"),
        decoder=Vit.named("base"), steps=100_000, batch=1024, rate=2e-4,
    ),
    published=Published(where="a semantic codebook; figures of the tokenizer are not in our notes"),
    free=("codes",),
)  # fmt: skip
