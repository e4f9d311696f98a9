"""A small convolutional classifier of pictures: its features stand in for those of famous networks.

Three convolutions, each followed by a group norm and GELU, the later two of stride 2; the mean over
places; a layer of features; classes. It is trained here (`local.train_local`), so nothing is
downloaded, and what it measures carries its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class LocalNetwork:
    """Sizes.

    Attributes:
        classes: labels, from 0 on.
        width: channels of the first convolution; the next have twice and four times as many.
        features: values of a picture.
    """

    classes: int
    width: int = 32
    features: int = 64

    def __post_init__(self) -> None:
        at_least(self, 1, "classes", "features")
        at_least(self, 4, "width")

    def build(self, seed: int = 0) -> Assembled:
        """Weights by seed."""
        torch = torch_for(self)
        nn = torch.nn
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            widths = [3, self.width, 2 * self.width, 4 * self.width]
            stages = [
                nn.Sequential(
                    nn.Conv2d(given, made, 3, stride=1 if place == 0 else 2, padding=1),
                    nn.GroupNorm(4, made),
                    nn.GELU(),
                )
                for place, (given, made) in enumerate(pairwise(widths))
            ]
            return assemble(
                self,
                stages=nn.ModuleList(stages),
                describe=nn.Linear(widths[-1], self.features),
                decide=nn.Linear(self.features, self.classes),
            )

    def maps(self, module: Assembled, pictures: Tensor) -> list[Tensor]:
        """What each convolution gives, of pictures of shape (n, 3, height, width), -1 to 1."""
        found = []
        for stage in module.stages:
            pictures = stage(pictures)
            found.append(pictures)
        return found

    @property
    def tap_sizes(self) -> tuple[tuple[str, int], ...]:
        """Names and widths of `taps`."""
        stages = ((f"stage-{place}", self.width * 2**place) for place in range(3))
        return *stages, ("whole", self.features)

    def taps(self, module: Assembled, pictures: Tensor) -> dict[str, Tensor]:
        """What each convolution gives, and ``whole``, each of shape (n, places, width)."""
        maps = self.maps(module, pictures)
        found = {f"stage-{n}": each.flatten(2).transpose(1, 2) for n, each in enumerate(maps)}
        return {**found, "whole": self._described(module, maps[-1])[:, None]}

    def describe(self, module: Assembled, pictures: Tensor) -> Tensor:
        """Features, shape (n, features)."""
        return self._described(module, self.maps(module, pictures)[-1])

    def _described(self, module: Assembled, last: Tensor) -> Tensor:
        gelu = torch_for(self, "torch.nn.functional").gelu
        described: Tensor = gelu(module.describe(last.mean((2, 3))))
        return described

    def forward(self, module: Assembled, pictures: Tensor) -> Tensor:
        """Logits of the classes, shape (n, classes)."""
        logits: Tensor = module.decide(self.describe(module, pictures))
        return logits


def as_input(pixels: Any) -> Tensor:
    """Pixels of shape (n, height, width, 3), uint8, as networks take them."""
    import torch

    return torch.as_tensor(pixels).movedim(-1, 1).float() / 127.5 - 1.0
