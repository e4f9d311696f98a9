"""The eight families of quantizers, in one frame: a grid of patches, transformers on both sides.

Source: Li et al. 2025, "Discrete Tokenization for Multimodal LLMs: A Comprehensive Survey",
arXiv:2507.22920: vector, residual, product, additive, finite scalar, lookup-free, binary spherical,
and anchors with relations. Each gets ``codes`` levels a token, so that all cost the same bits.

Not here: what makes the published systems of each family differ elsewhere. Costs: at the laptop's
size 5 GFLOP a step of 32 images.
"""

from __future__ import annotations

from collections.abc import Callable

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.additive import AdditiveCodes
from tokenry.signals.bottlenecks.anchors import AnchorRelations
from tokenry.signals.bottlenecks.bsq import Bsq
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.bottlenecks.lfq import Lfq
from tokenry.signals.bottlenecks.product import Product
from tokenry.signals.bottlenecks.residual import Residual
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit, bits_of
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.revivals.dead_codes import DeadCodes
from tokenry.signals.updates.ema import EmaRows


def rows(codes: int, size: int) -> Vq:
    """A codebook whose rows follow their vectors and come back when they are not used."""
    update = EmaRows(decay=0.95, spread=0.5)
    return Vq(codes=codes, size=size, update=update, revival=DeadCodes())


def half(scale: Scale) -> int:
    """Levels of each of two codes that together have as many as one."""
    return 1 << (bits_of(scale.codes) // 2)


def anchored(scale: Scale) -> AnchorRelations:
    """Four relations; the rest of the bits are anchors."""
    return AnchorRelations(
        anchors=max(2, scale.codes // 4), nearest=1, relations=4, size=scale.size
    )


FAMILIES: dict[str, Callable[[Scale], Bottleneck]] = {
    "vq": lambda scale: rows(scale.codes, scale.size),
    "residual": lambda scale: Residual(leaf=rows(half(scale), scale.size), depth=2),
    "product": lambda scale: Product(parts=(rows(half(scale), scale.size // 2),) * 2),
    "additive": lambda scale: AdditiveCodes(codes=half(scale), depth=2, size=scale.size),
    "fsq": lambda scale: Fsq.of_codes(scale.codes),
    "lfq": lambda scale: Lfq(bits=bits_of(scale.codes)),
    "bsq": lambda scale: Bsq(bits=bits_of(scale.codes)),
    "anchors": anchored,
}


def recipe(family: str) -> SignalRecipe:
    """The frame with a family's bottleneck; the survey trains nothing, so ``paper`` is ViT-B/16."""

    def fill(scale: Scale) -> Assembly:
        patch = Patch(sizes=(scale.patch,))
        return Assembly(
            carrier=Images.square(scale.image),
            encoder=SignalEncoder(
                partition=patch, trunk=scale.encoder.trunk(scale.patches), resampler=WholeGrid()
            ),
            bottleneck=FAMILIES[family](scale),
            decoder=ViTDecoder(
                trunk=scale.decoder.trunk(scale.patches), partition=patch, masks=False, kernel=3
            ),
            training=scale.training(),
        )

    base = Vit.named("base")
    paper = Scale(
        image=256, patch=16, codes=4096, size=16, encoder=base, decoder=base, steps=400_000,
        batch=256, rate=1e-4,
    )  # fmt: skip
    small = Vit(layers=2)
    laptop = Scale(
        patch=8, codes=4096, size=16, encoder=small, decoder=small, steps=1_000, rate=3e-3,
        quick=True,
    )  # fmt: skip
    published = Published(where="a survey, which trains nothing: the frame is ours")
    return SignalRecipe(fill=fill, laptop=laptop, paper=paper, published=published, free=("codes",))


VQ, RESIDUAL, PRODUCT, ADDITIVE = map(recipe, ("vq", "residual", "product", "additive"))
FSQ, LFQ, BSQ, ANCHORS = map(recipe, ("fsq", "lfq", "bsq", "anchors"))
