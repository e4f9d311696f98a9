"""Networks of pictures that learn labels: convolutions elsewhere, here any places."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_codecs import PATCH, PATCHES, SIZE, trunk

from tokenry.signals.measures.labels import predicted, train_on_labels
from tokenry.signals.measures.place_network import PlaceNetwork
from tokenry.signals.partitions import Partition
from tokenry.signals.partitions.soft_split import SoftSplit
from tokenry.signals.partitions.tokens_to_tokens import TokensToTokens
from tokenry.signals.pictures.album import Album

torch = pytest.importorskip("torch")

CUTS: dict[str, Partition] = {
    "patches": PATCH,
    "soft split": TokensToTokens(splits=(SoftSplit(kernel=3, stride=2),) * 2, hidden=4),
}


def album(count: int, seed: int) -> Album:
    """Pictures that are light above or below, with noise."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 2, count)
    pixels = draw.normal(128, 20, (count, SIZE, SIZE, 3))
    pixels[:, : SIZE // 2] += 60 * (2 * labels[:, None, None, None] - 1)
    names = tuple(map(str, range(count)))
    return Album(pixels.clip(0, 255).astype(np.uint8), names, labels, ("below", "above"))


@pytest.mark.parametrize("name", CUTS)
def test_learns_labels_from_places_and_is_a_function_of_the_seed(name: str) -> None:
    network = PlaceNetwork(partition=CUTS[name], trunk=trunk(PATCHES), classes=2, side=SIZE)
    learnt, others = album(64, 1), album(40, 2)
    module = train_on_labels(network, learnt, steps=30, batch=16, rate=1e-2)
    assert (predicted(module, others.pixels) == others.labels).mean() > 0.9
    first, again = network.build(3), network.build(3)
    pictures = torch.rand(2, 3, SIZE, SIZE)
    assert torch.equal(first(pictures), again(pictures))
