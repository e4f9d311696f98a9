"""Slots: vectors that share the places out among them, round by round.

Locatello et al. 2020 (slot attention), arXiv:2006.15055; as tokens of a language model in Slot-MLLM
(Chi et al. 2025), arXiv:2505.17726. There slots begin at random; here at learned vectors, so that
codes are a function of the item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features, Grid
from tokenry.signals.resamplers import Order
from tokenry.signals.resamplers.behind_trunk import BehindTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Slots(BehindTrunk):
    """A set of ``count`` latents; each place is divided among them, and each takes a mean.

    Attributes:
        count: slots.
        rounds: in which they are shared out.
    """

    count: int = 32
    rounds: int = 3

    def __post_init__(self) -> None:
        at_least(self, 1, "count", "rounds")

    @property
    def order(self) -> Order:
        """None."""
        return "none"

    def grid(self, grid: Grid) -> Grid:
        """A row, though its order says nothing."""
        return (self.count,)

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """The slots ``rows``, layers of attention, a recurrent cell and a perceptron."""
        torch = torch_for(self)
        nn = torch.nn
        return assemble(
            self,
            rows=nn.Parameter(torch.randn(self.count, width) * width**-0.5),
            places_norm=nn.LayerNorm(width),
            slots_norm=nn.LayerNorm(width),
            query=nn.Linear(width, width, bias=False),
            keys=nn.Linear(width, 2 * width, bias=False),
            cell=nn.GRUCell(width, width),
            feed=nn.Sequential(nn.LayerNorm(width), Gelu(hidden=2 * width).build(width)),
            out=nn.Linear(width, size),
        )

    def leave(self, module: Assembled, features: Features) -> Features:
        """What the slots hold after the last round."""
        places = module.places_norm(features.vectors)
        keys, values = module.keys(places).chunk(2, -1)
        slots = module.rows.expand(len(places), -1, -1).to(places.dtype)
        for _ in range(self.rounds):
            query = module.query(module.slots_norm(slots))
            scores = keys @ query.transpose(1, 2) * query.shape[-1] ** -0.5
            shares = scores.softmax(-1) + 1e-8  # of a place, over slots
            weights = shares / shares.sum(1, keepdim=True)
            read = weights.transpose(1, 2) @ values
            slots = module.cell(read.flatten(0, 1), slots.flatten(0, 1)).reshape(slots.shape)
            slots = slots + module.feed(slots)
        return Features(module.out(slots), (self.count,), taps=features.taps)
