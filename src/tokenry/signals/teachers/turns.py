"""A convolutional network that learns which quarter turn a picture was given.

Gidaris, Singh, Komodakis 2018, arXiv:1803.07728. It needs no labels, and stands in for the large
networks of publications (DINO, CLIP, VGG): its features are those of our data at our scale, and
are never called by their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.parts import at_least
from tokenry.signals.measures.local_network import LocalNetwork

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TurnTeacher:
    """Taps ``stage-0`` to ``stage-2``, each of half the height and width, and ``whole``.

    Attributes:
        width: channels of the first stage; the next have twice and four times as many.
        share: of its own training in the whole budget.
    """

    width: int = 32
    share: float = 0.2

    def __post_init__(self) -> None:
        at_least(self, 4, "width")
        at_least(self, 0, "share")

    @property
    def _network(self) -> LocalNetwork:
        return LocalNetwork(classes=4, width=self.width, features=2 * self.width)

    def sizes(self, shape: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        """Three stages and the whole."""
        return self._network.tap_sizes

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A `LocalNetwork`."""
        if len(shape) != 3 or shape[0] != 3 or shape[1] != shape[2]:
            raise PartError(f"items of shape {shape}; this teacher takes square colour images")
        return self._network.build()

    def lesson(self, module: Assembled, values: Tensor) -> Tensor:
        """Cross entropy of turns, a quarter of the batch each."""
        import torch
        from torch.nn import functional

        turns = torch.arange(len(values), device=values.device) % 4
        turned = torch.stack(
            [
                torch.rot90(each, turn, (1, 2))
                for each, turn in zip(values, turns.tolist(), strict=True)
            ]
        )
        return functional.cross_entropy(module(turned), turns)

    def features(self, module: Assembled, values: Tensor) -> dict[str, Tensor]:
        """One pass."""
        return self._network.taps(module, values)
