"""Image tokenizers: encoding, look-ups in a large codebook, steps of training, in one process.

Encoding is raced against the authors' TiTok with the same weights, whose codes are checked first,
and against the same shapes written by hand; memory is measured in fresh processes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch

from benchmarks import child
from benchmarks.image_rivals import ByHand, authors_titok
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.timing import check_equal, pin, repeated
from tokenry.signals.importing.contract import ReleasedWeights
from tokenry.signals.importing.reading import codec_of
from tokenry.signals.importing.titok import titok
from tokenry.signals.recipe import Scale, Vit
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.recipes.titok import one_stage

AUTHORS: Final = "1d-tokenizer"
BY_HAND: Final = "torch + vector-quantize-pytorch"
SMALL: Final = Vit(width=512, layers=8, heads=8)  # the authors' "small"
SCALE: Final = Scale(
    image=64, patch=8, tokens=32, codes=4096, size=12, encoder=SMALL, decoder=SMALL
)
CODES, VECTORS, SIZE = 16_384, 16_384, 16
FAST = Goal(">= 1x the same architecture of others", (AUTHORS, BY_HAND))
STEP = Goal(">= 1x the same shapes by hand", (BY_HAND,))
SPARE = Goal("<= 100 MB", limit=100.0)
"""A table of all scores would be 1074 MB."""


def run(settings: Settings) -> list[Case]:
    """Encode, look up, train."""
    pin()
    torch.set_num_threads(1)
    return [_encode(settings), *_look_up(), *_train(settings)]


def _encode(settings: Settings) -> Case:
    images = torch.rand(4, 3, SCALE.image, SCALE.image)
    calls: dict[str, Callable[[Any], Any]] = {}
    theirs = authors_titok(SCALE, "small", "small")
    if theirs is None:
        network = one_stage(SCALE).build().eval()
    else:
        weights = ReleasedWeights(theirs.state_dict(), {}, AUTHORS)
        network = codec_of(titok(weights), weights, "titok").network
    calls[OURS] = lambda images: network.encoded(images * 2 - 1, {})[0][..., 0]
    if theirs is not None:
        calls[AUTHORS] = lambda images: _their_codes(theirs, images)
        check_equal({name: call(images) for name, call in calls.items()}, "random images")
    by_hand = ByHand(SCALE).eval()
    calls[BY_HAND] = by_hand.encode
    note = f"{SCALE.image} x {SCALE.image} pixels, {SCALE.patches} patches, {SCALE.tokens} tokens"
    case = Case("image_codecs", "encode with TiTok-S", "images/s", goal=FAST, note=note)
    seconds = repeated(calls, images, settings.rounds)
    case.engines = {
        name: Measurement.of(len(images) / each for each in spent)
        for name, spent in seconds.items()
    }
    return case


@torch.no_grad()
def _their_codes(model: Any, images: Any) -> Any:
    return model.encode(images)[1]["min_encoding_indices"][:, 0]


def _look_up() -> list[Case]:
    note = f"{VECTORS:,} vectors of {SIZE} in {CODES:,} rows, beyond what was held before"
    memory = Case("image_codecs", "look-up: peak memory", "MB", False, goal=SPARE, note=note)
    time = Case("image_codecs", "look-up: time", "CPU s", False, goal=STEP, note=note)
    for name in (OURS, BY_HAND):
        peak, seconds = child.call("benchmarks.races.image_codecs", "look_up", name)
        memory.engines[name], time.engines[name] = Measurement.of([peak]), Measurement.of(seconds)
    return [memory, time]


def look_up(name: str) -> tuple[float, list[float]]:
    """Megabytes beyond those before, and CPU seconds of each of three calls."""
    from tokenry.signals.bottlenecks.vq import Vq

    pin()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    if name == OURS:
        module = Vq(codes=CODES, size=SIZE).build().eval()
        call: Callable[[Any], Any] = lambda vectors: module(vectors, 1.0).codes  # noqa: E731
    else:
        from vector_quantize_pytorch import VectorQuantize

        book = VectorQuantize(dim=SIZE, codebook_size=CODES).eval()
        call = lambda vectors: book(vectors)[1]  # noqa: E731
    with torch.no_grad():
        call(torch.randn(1, 8, SIZE))
        held = child.resident_megabytes()
        seconds = repeated({name: call}, torch.randn(1, VECTORS, SIZE), 3)[name]
    return child.peak_megabytes() - held, seconds


def _train(settings: Settings) -> list[Case]:
    scale = RECIPES.load("titok").laptop
    note = f"{scale.batch} images of {scale.image} x {scale.image}, forward, backward and AdamW"
    memory = Case("image_codecs", "training step: peak memory", "MB", False, note=note)
    time = Case(
        "image_codecs", "training step: TiTok, laptop", "CPU s", False, goal=STEP, note=note
    )
    for name in (OURS, BY_HAND):
        given = ("benchmarks.races.image_codecs", "train", name, settings.rounds)
        peak, seconds = child.call(*given)
        memory.engines[name], time.engines[name] = Measurement.of([peak]), Measurement.of(seconds)
    return [time, memory]


def train(name: str, rounds: int) -> tuple[float, list[float]]:
    """Megabytes beyond those before a step, and CPU seconds of each round of steps."""
    pin()
    torch.set_num_threads(1)
    recipe = RECIPES.load("titok")
    images = torch.rand(recipe.laptop.batch, 3, recipe.laptop.image, recipe.laptop.image) * 2 - 1
    held = child.resident_megabytes()
    if name == OURS:
        network = recipe.assembly("laptop").build().train()
        lose = _our_loss
    else:
        network, lose = ByHand(recipe.laptop).train(), lambda network, images: network(images)
    learnt = [each for each in network.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=1e-4)

    def step(images: Any) -> None:
        optimizer.zero_grad()
        lose(network, images).backward()
        optimizer.step()

    step(images)
    seconds = repeated({name: step}, images, rounds)[name]
    return child.peak_megabytes() - held, seconds


def _our_loss(network: Any, images: Any) -> Any:
    passed = network(images, {})
    error = (passed.decoded.values - images).square().mean()
    return error + sum(passed.quantized.losses.values())
