"""Select and merge: tokens that are kept first read those that are not.

Jin et al. 2023 (LaVIT), arXiv:2309.04669: blocks of causal attention among the kept, and of
attention from them to the dropped alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.parts import at_least
from tokenry.signals.features import Grid, Kept
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.selector import Selector

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class SelectAndMerge:
    """A selector's choice; what is added to kept latents is of the width of the blocks within.

    Attributes:
        selector: that chooses.
        width: of the blocks.
        layers: blocks.
        heads: they divide the width.
    """

    selector: Selector = field(default_factory=Selector)
    width: int = 64
    layers: int = 2
    heads: int = 4

    prefix = False
    hidden = False
    variable = True

    def __post_init__(self) -> None:
        at_least(self, 1, "width", "layers", "heads")

    def build(self, grid: Grid, tokens: int, size: int) -> Assembled:
        """The ``selector``; layers ``into`` and ``out``; ``among``, ``read``, ``feeds``."""
        torch = torch_for(self)
        nn = torch.nn
        from tokenry.signals.cross_attention import CrossAttention

        def attention() -> CrossAttention:
            return CrossAttention(self.width, self.width, self.heads, gate=1.0)

        feeds = [
            nn.Sequential(nn.LayerNorm(self.width), Gelu().build(self.width))
            for _ in range(self.layers)
        ]
        return assemble(
            self,
            selector=self.selector.build(grid, tokens, size),
            into=nn.Linear(size, self.width),
            out=nn.Linear(self.width, size),
            nothing=nn.Parameter(torch.zeros(1, 1, self.width)),
            among=nn.ModuleList(attention() for _ in range(self.layers)),
            read=nn.ModuleList(attention() for _ in range(self.layers)),
            feeds=nn.ModuleList(feeds),
        )

    def merged(
        self, module: Assembled, latents: Tensor, asking: Asking | None, done: float
    ) -> tuple[Tensor, Kept]:
        """Latents after the blocks; those of dropped tokens do not matter."""
        import torch

        kept: Kept = module.selector(latents, latents.shape[1], asking, done)
        places = latents.shape[1]
        x = module.into(latents)
        nothing = module.nothing.to(x.dtype).expand(len(x), -1, -1)
        dropped = torch.cat([x, nothing], 1)  # all can see ``nothing``, so no row is empty
        seen = torch.cat([~kept.mask, kept.mask.new_ones(len(x), 1)], 1)[:, None, None]
        order = torch.ones(places, places, dtype=torch.bool, device=x.device).tril()
        own = torch.eye(places, dtype=torch.bool, device=x.device)
        before = (order & kept.mask[:, None] | own)[:, None]
        for among, read, feed in zip(module.among, module.read, module.feeds, strict=True):
            x = read(among(x, x, before), dropped, seen.expand(-1, -1, places, -1))
            x = x + feed(x)
        return latents + module.out(x), kept

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """The selector's choice."""
        if latents.shape[1] != tokens:
            raise PartError("SelectAndMerge needs a token for each place")
        return self.merged(module, latents, asking, done)[1]
