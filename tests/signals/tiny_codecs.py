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
from tokenry.signals.bases.autoencoder import Autoencoder
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.bottlenecks.identity import ContinuousLatents
from tokenry.signals.bottlenecks.kl import KlLatents
from tokenry.signals.bottlenecks.product import Product
from tokenry.signals.bottlenecks.residual import Residual
from tokenry.signals.bottlenecks.scales import MultiScaleResidual
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.conditioners.told import Told
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.decoders.proxy import ProxyDecoder
from tokenry.signals.decoders.stages import StagedDecoder
from tokenry.signals.decoders.vit import ViTDecoder
from tokenry.signals.denoisers.whole import WholeDenoiser
from tokenry.signals.lengths.depth import WholeRuns
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.partitions.soft_split import SoftSplit
from tokenry.signals.registry import PARTS
from tokenry.signals.resamplers.gaussians import GaussianSet
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.sources.error import AskedError
from tokenry.signals.sources.label import Label
from tokenry.signals.sources.text import Text, text_ids
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.trunks.adapted import AdaptedTrunk
from tokenry.signals.trunks.convolutional import ConvTrunk
from tokenry.signals.trunks.mlp import MlpTrunk
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


WHOLE = WholeDenoiser(trunk=trunk(told=True), partition=PATCH)
BASE = Autoencoder(
    stem=ConvStem(channels=4, blocks=0),
    trunk=ConvTrunk(width=8, blocks=0),
    bottleneck=Vq(codes=8, size=4),
    decoder=ConvDecoder(channels=4, blocks=0, middle=0),
    sees="both",
)
STAGES = StagedDecoder(channels=4, multiples=(2, 1, 1), blocks=1, groups=2)


def on_base(**slots: Any) -> Assembly:
    """Codes of a base are predicted, and its decoder makes values of them."""
    one = Patch(sizes=(1,))
    return with_encoder(
        base(**{"base": BASE, "decoder": ProxyDecoder(trunk=trunk(), codes=8), **slots}),
        partition=one,
    )


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
    "resamplers/regrouped": {"count": TOKENS, "idle": 1},
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
    "partitions/entropy-regions": {"count": 5, "crop": 2},
    "partitions/points": {"centres": 3, "neighbours": 2},
    "trunks/mlp": {"width": 8, "layers": 1},
    "trunks/pool-former": {"width": 8, "layers": 1},
    "resamplers/queries": {"count": TOKENS, "layers": 1, "heads": 2, "causal": True},
    "resamplers/slots": {"count": TOKENS, "rounds": 2},
    "resamplers/branches": {"trunks": (trunk(), MlpTrunk(width=8, layers=1)), "sizes": (3, 1)},
    "lengths/merging": {"width": 8, "layers": 1, "heads": 2},
    "lengths/halting": {"every": 1},
    "decoders/splatting": {"side": 4, "decoder": ConvDecoder(channels=4)},
    "decoders/features": {
        "trunk": trunk(),
        "inner": ViTDecoder(trunk=trunk(), partition=PATCH),
        "places": 1,
        "size": 5,
    },
    "decoders/flow": {"denoiser": WHOLE, "steps": 2, "guidance": 1.5},
    "decoders/proxy": {"trunk": trunk(8), "codes": 8, "hidden": 6, "idle": 1},
    "decoders/stages": vars(STAGES),
    "denoisers/whole": vars(WHOLE),
    "denoisers/prefix": {"trunk": trunk(told=True), "partition": PATCH, "waves": 8},
    "denoisers/each-patch": {"trunk": trunk(), "partition": PATCH, "hidden": 8, "layers": 1},
    "bases/autoencoder": vars(BASE),
    "bases/codebook": {"codes": 8, "size": 4, "down": 4, "decoder": STAGES},
    "sources/label": {"classes": 3},
    "sources/text": {"length": 5, "width": 8, "heads": 2},
    "sources/frames": {"shape": (3, SIZE, SIZE), "partition": PATCH},
    "conditioners/told": {"source": Label(classes=3), "encoder": "nowhere"},
    "teachers/turns": {"width": 4},
    "teachers/saved": {"folder": "nowhere"},
    "objectives/adversarial": {"start": 0.0, "channels": 4, "halvings": 2},
    "objectives/layers": {"layers": ("block-0",), "to": ("stage-1",)},
    "objectives/prior": {"width": 8, "layers": 1, "heads": 2},
    "objectives/caption": {"length": 5, "width": 8, "layers": 1, "heads": 2},
    "objectives/text-contrast": {"text": Text(length=5, width=8, heads=2), "width": 4},
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
        if name == "resamplers/regrouped":
            return with_encoder(base(), resampler=part, trunk=trunk(PATCHES + TOKENS + 1))
        if name == "resamplers/gaussians":
            return codec_with("decoders/splatting")
        grid = name in ("resamplers/grid", "resamplers/branches")
        return with_encoder(on_grid() if grid else base(), resampler=part)
    if slot == "partitions" and name != "partitions/points":  # which are no images
        if name in CUT_FOR.values():
            return codec_with(next(trunk for trunk, cut in CUT_FOR.items() if cut == name))
        if name == "partitions/entropy-regions":
            return codec_with("decoders/splatting")
        return with_encoder(on_grid(), partition=part)
    if slot == "trunks":
        partition = example(CUT_FOR[name]) if name in CUT_FOR else PATCH
        return with_encoder(on_grid(), partition=partition, trunk=part)
    if slot == "decoders":
        if name == "decoders/splatting":
            regions = example("partitions/entropy-regions")
            encoder = SignalEncoder(
                partition=regions, trunk=trunk(regions.count), resampler=GaussianSet()
            )
            return base(encoder=encoder, bottleneck=ContinuousLatents(size=8), decoder=part)
        if name == "decoders/proxy":
            return on_base(decoder=part)
        grid = name in ("decoders/convolutional", "decoders/stages")
        return on_grid(decoder=part) if grid else base(decoder=part)
    if slot == "bottlenecks":
        grid = name in ("bottlenecks/scales", "bottlenecks/temporal")
        return on_grid(bottleneck=part) if grid else base(bottleneck=part)
    if slot == "lengths":
        runs = Residual(leaf=Vq(codes=8, size=4), depth=2, layout="tokens")
        if name == "lengths/halting":
            encoder = replace(base().encoder, trunk=trunk(PATCHES + TOKENS + 1))
            told = Told(source=AskedError(), decoder="nowhere")
            return base(length=part, encoder=encoder, conditioner=told)
        return base(length=part, bottleneck=runs) if "runs" in name else base(length=part)
    if slot == "objectives":
        return with_objective(name, part)
    if slot in ("bases", "paths", "denoisers", "teachers"):
        return _below(slot, name, part)
    if slot == "sources":
        told = Told(source=part, decoder="nowhere" if name == "sources/error" else "modulating")
        return base(conditioner=told, **_modulated(PATCHES + TOKENS + part.places))
    if slot == "conditioners" and name != "conditioners/none":
        places = PATCHES + TOKENS + part.places("decoder")
        return base(conditioner=part, decoder=ViTDecoder(trunk=trunk(places), partition=PATCH))
    if slot == "perturbers":
        residual = Residual(leaf=Vq(codes=8, size=4), depth=2)
        bottleneck = residual if name == "perturbers/depths" else base().bottleneck
        training = replace(base().training, perturber=part)
        return base(training=training, bottleneck=bottleneck)
    return base()


def _modulated(places: int) -> dict[str, Any]:
    encoder = SignalEncoder(partition=PATCH, trunk=trunk(places), resampler=Registers(count=TOKENS))
    return {"encoder": encoder, "decoder": ViTDecoder(trunk=trunk(told=True), partition=PATCH)}


TWO = Product(parts=(Vq(codes=8, size=4), Vq(codes=8, size=4)))


def _below(slot: str, name: str, part: Any) -> Assembly:
    """Codecs with a base, a path, a denoiser or a teacher."""
    if name == "bases/autoencoder":
        return on_base(base=part)
    if name == "bases/codebook":
        return base(base=part, decoder=ProxyDecoder(trunk=trunk(), codes=8))
    if slot == "paths":
        return base(decoder=FlowDecoder(denoiser=WHOLE, path=part, steps=2))
    if slot == "denoisers":
        return base(decoder=FlowDecoder(denoiser=part, steps=2))
    return base()


def with_objective(name: str, part: Any) -> Assembly:
    """A tiny codec that can be trained towards it."""
    made = {
        "objectives/base": on_base, "objectives/proxy": on_base,
        "objectives/flow": lambda: base(decoder=FlowDecoder(denoiser=WHOLE, steps=2)),
        "objectives/disentanglement": lambda: base(bottleneck=TWO),
        "objectives/layers": lambda: with_encoder(base(), trunk=trunk(taps=(0,))),
    }.get(name, base)()  # fmt: skip
    training = replace(made.training, objectives=(part,), teacher=TurnTeacher(width=4))
    return replace(made, training=training)


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


def told_of(count: int) -> dict[str, Any]:
    """All that can be told of so many images."""
    draw = np.random.default_rng(2)
    frames = draw.uniform(-1, 1, (count, 3, SIZE, SIZE)).astype(np.float32)
    text = text_ids((["one", "two", "three"] * count)[:count], 5)
    return {"label": np.arange(count) % 3, "text": text, "frames": frames}


def facts(assembly: Assembly, count: int) -> dict[str, Any]:
    """What its conditioner is told of so many images."""
    return {name: told_of(count)[name] for name in assembly.conditioner.facts}
