"""An example of every registered part of signals, and tiny codecs that have it in its slot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural import Backbone
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.bottlenecks.kl import KlLatents
from tokenry.signals.bottlenecks.residual import Residual
from tokenry.signals.bottlenecks.scales import MultiScaleResidual
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.lengths.depth import WholeRuns
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.partitions.soft_split import SoftSplit
from tokenry.signals.registry import PARTS
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.trunks.adapted import AdaptedTrunk
from tokenry.signals.trunks.scale_patch import ScalePatchTrunk
from tokenry.signals.trunks.transformer import TransformerTrunk

SIZE, TOKENS, PATCHES = 8, 3, 4
PATCH = Patch(sizes=(4,))


def trunk(places: int = PATCHES + TOKENS, **others: Any) -> TransformerTrunk:
    return TransformerTrunk.vit(places, width=8, layers=1, heads=2, **others)


def base(**slots: Any) -> Assembly:
    """Registers and a small codebook, with other parts where they are given."""
    encoder = SignalEncoder(partition=PATCH, trunk=trunk(), resampler=Registers(count=TOKENS))
    given = {
        "carrier": Images.square(SIZE),
        "encoder": encoder,
        "bottleneck": Vq(codes=16, size=4),
        "decoder": ViTDecoder(trunk=trunk(), partition=PATCH),
    }
    return Assembly(**{**given, **slots})


def on_grid(**slots: Any) -> Assembly:
    """A latent for each patch."""
    encoder = SignalEncoder(partition=PATCH, trunk=trunk(PATCHES), resampler=WholeGrid())
    decoder = ViTDecoder(trunk=trunk(2 * PATCHES), partition=PATCH)
    return base(**{"encoder": encoder, "decoder": decoder, **slots})


def with_encoder(assembly: Assembly, **slots: Any) -> Assembly:
    return replace(assembly, encoder=replace(assembly.encoder, **slots))


GIVEN: dict[str, dict[str, Any]] = {
    "assembly": vars(base()),
    "encoder": vars(base().encoder),
    "trunks/transformer": {
        "backbone": Backbone(
            width=8, layers=1, positions=Learned(context=7), topology=Bidirectional()
        )
    },
    "partitions/soft-split": {"kernel": 5, "stride": 4},
    "partitions/tokens-to-tokens": {"splits": (SoftSplit(kernel=3, stride=2),) * 2, "hidden": 4},
    "partitions/conv-stem": {"channels": 4},
    "partitions/pyramid": {"stem": ConvStem(channels=4), "scales": 2, "channels": 6},
    "partitions/with-details": {"patches": PATCH, "stem": ConvStem(channels=4, down=2)},
    "trunks/convolutional": {"width": 8, "blocks": 1},
    "trunks/scale-patch": vars(ScalePatchTrunk.sized(PATCHES, 5, width=8, layers=(1, 1), heads=2)),
    "trunks/adapted": vars(AdaptedTrunk.sized(PATCHES, width=8, layers=2, heads=2, details=8)),
    "decoders/convolutional": {"channels": 4},
    "resamplers/registers": {"count": TOKENS},
    "bottlenecks/vq": {"codes": 16, "size": 4},
    "bottlenecks/gumbel": {"codes": 16, "size": 4},
    "bottlenecks/lfq": {"bits": 18},
    "bottlenecks/bsq": {"bits": 5},
    "bottlenecks/bernoulli": {"bits": 20},
    "bottlenecks/integers": {"steps": 7, "size": 3},
    "bottlenecks/continuous": {"size": 3},
    "bottlenecks/kl": {"channels": 3},
    "bottlenecks/additive": {"codes": 8, "size": 4, "depth": 3},
    "bottlenecks/anchors": {"anchors": 8, "size": 4},
    "bottlenecks/residual": {"leaf": Vq(codes=8, size=4), "depth": 3},
    "bottlenecks/product": {"parts": (Vq(codes=8, size=4), Fsq(digits=(3, 5)))},
    "bottlenecks/then": {"first": KlLatents(channels=4), "second": Vq(codes=8, size=4)},
    "bottlenecks/scales": {"leaf": Vq(codes=8, size=4), "sizes": (1, 2)},
    "bottlenecks/temporal": {"leaf": Vq(codes=8, size=4)},
    "distances/joint-cosine": {"first": 2, "weight": 2.0},
    "perturbers/neighbours": {"beta": 0.5, "delta": 3},
    "lengths/redundant": {"copies": 2},
    "lengths/whole-runs": {"runs": (3, 3)},
    "bottlenecks/fsq": {"digits": (3, 4)},
    "decoders/vit": {"trunk": trunk(), "partition": PATCH},
}
"""What parts need that are not made without arguments."""

CUT_FOR = {
    "trunks/scale-patch": "partitions/pyramid", "trunks/adapted": "partitions/with-details",
}  # fmt: skip
"""Trunks that read what one partition gives."""

QUANTIZER_SLOTS = {
    "distances": "distance", "assignments": "assignment", "gradients": "gradient",
    "updates": "update", "revivals": "revival",
}  # fmt: skip


def example(name: str) -> Any:
    """One of each part."""
    return PARTS.load(name)(**GIVEN.get(name, {}))


def codec_with(name: str) -> Assembly:
    """A tiny codec with the part in its slot."""
    slot, part = name.partition("/")[0], example(name)
    if slot in QUANTIZER_SLOTS:
        return base(bottleneck=Vq(codes=16, size=4, **{QUANTIZER_SLOTS[slot]: part}))
    if slot == "resamplers":
        return with_encoder(on_grid() if name == "resamplers/grid" else base(), resampler=part)
    if slot == "partitions":
        if name in CUT_FOR.values():
            return codec_with(next(trunk for trunk, cut in CUT_FOR.items() if cut == name))
        return with_encoder(on_grid(), partition=part)
    if slot == "trunks":
        partition = example(CUT_FOR[name]) if name in CUT_FOR else PATCH
        return with_encoder(on_grid(), partition=partition, trunk=part)
    if slot == "decoders":
        return base(decoder=part) if name == "decoders/vit" else on_grid(decoder=part)
    if slot == "bottlenecks":
        grid = name in ("bottlenecks/scales", "bottlenecks/temporal")
        return on_grid(bottleneck=part) if grid else base(bottleneck=part)
    if slot == "lengths":
        runs = Residual(leaf=Vq(codes=8, size=4), depth=2, layout="tokens")
        return base(length=part, bottleneck=runs) if "runs" in name else base(length=part)
    if slot == "objectives":
        return base(training=replace(base().training, objectives=(part,)))
    if slot == "perturbers":
        residual = Residual(leaf=Vq(codes=8, size=4), depth=2)
        bottleneck = residual if name == "perturbers/depths" else base().bottleneck
        training = replace(base().training, perturber=part)
        return base(training=training, bottleneck=bottleneck)
    return base()


def _each_once() -> dict[str, Assembly]:
    found: dict[Assembly, str] = {}
    for name in PARTS:
        found.setdefault(codec_with(name), name)
    return {name: assembly for assembly, name in found.items()}


CODECS: dict[str, Assembly] = {
    **_each_once(),
    "causal registers": with_encoder(
        base(bottleneck=Fsq(digits=(5, 3))), resampler=Registers(count=TOKENS, causal=True)
    ),
    "scales with lengths": on_grid(
        bottleneck=MultiScaleResidual(leaf=Vq(codes=8, size=4), sizes=(1, 2)),
        length=WholeRuns(runs=(1, 4)),
    ),
}
"""By name: what every codec promises is tried on each."""


def images(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Images of noise of several scales."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(0, 256, (count, 2, 2, 3)).repeat(4, 1).repeat(4, 2)
    fine = draw.integers(-30, 31, (count, SIZE, SIZE, 3))
    found: NDArray[np.uint8] = (coarse + fine).clip(0, 255).astype(np.uint8)
    return found


def facts(assembly: Assembly, count: int) -> dict[str, Any]:
    """What its conditioner is told of so many images."""
    return {name: np.arange(count) % 3 for name in assembly.conditioner.facts}
