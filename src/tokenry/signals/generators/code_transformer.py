"""A transformer over codes: each token is the sum of the rows of its slots, each slot has a head.

With one slot it is the usual one; with several, a token of many levels needs no row for each of
them (ELM: Wang et al. 2024, arXiv:2410.16257).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.parts import at_least
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies import Topology

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

HIDDEN = -1
"""A code that the model does not see."""


@dataclass(frozen=True, kw_only=True)
class CodeTransformer:
    """A vector for the label stands first, tokens behind it.

    Attributes:
        levels: how many codes each slot has.
        tokens: of an item.
        classes: labels; 0 where there are none.
        backbone: blocks and what each place sees.
    """

    levels: tuple[int, ...]
    tokens: int
    backbone: Backbone
    classes: int = 0

    def __post_init__(self) -> None:
        at_least(self, 1, "tokens")
        at_least(self, 0, "classes")
        if not self.levels or min(self.levels) < 1:
            raise PartError(f"levels of CodeTransformer are {self.levels}, expected 1 or more each")

    @classmethod
    def sized(
        cls, levels: tuple[int, ...], tokens: int, topology: Topology, *, classes: int = 0,
        width: int = 128, layers: int = 4, heads: int = 4,
    ) -> CodeTransformer:  # fmt: skip
        """Pre-norm blocks with learned positions."""
        backbone = backbone_of(tokens + 1, topology, width=width, layers=layers, heads=heads)
        return cls(levels=levels, tokens=tokens, classes=classes, backbone=backbone)

    def build(self) -> Assembled:
        """Rows of codes and labels, the stack, and one linear layer for all heads."""
        nn = torch_for(self, "torch.nn")
        width = self.backbone.width
        rows = [nn.Embedding(each + 1, width) for each in self.levels]
        told = nn.Embedding(self.classes + 1, width)
        for each in (*rows, told):
            nn.init.normal_(each.weight, std=0.02)
        return assemble(
            self,
            rows=nn.ModuleList(rows),
            told=told,
            stack=self.backbone.build(),
            out=nn.Linear(width, sum(self.levels)),
        )

    def forward(self, module: Assembled, codes: Tensor, labels: Tensor) -> Tensor:
        """Logits at the label and at each token, shape (batch, 1 + given tokens, all levels).

        Args:
            module: of this part.
            codes: the first tokens or all, (batch, n, slots); `HIDDEN` where one is not seen.
            labels: shape (batch,), -1 for none.
        """
        import torch

        first = module.told(labels + 1)[:, None]
        each = [rows(codes[..., slot] + 1) for slot, rows in enumerate(module.rows)]
        x = torch.cat([first, torch.stack(each).sum(0)], 1)
        logits: Tensor = module.out(module.stack(x).hidden)
        return logits

    def entropies(self, logits: Tensor, codes: Tensor) -> Tensor:
        """Cross entropy of codes in nats, added over slots, shape (batch, n)."""
        import torch
        from torch.nn import functional

        parts = zip(
            torch.split(logits.float(), list(self.levels), -1), codes.unbind(-1), strict=True
        )
        lost = [
            functional.cross_entropy(one.flatten(0, 1), code.flatten(), reduction="none")
            for one, code in parts
        ]
        return torch.stack(lost).sum(0).view(codes.shape[:-1])


def backbone_of(
    places: int, topology: Topology, *, width: int, layers: int, heads: int
) -> Backbone:
    """Pre-norm blocks with learned positions."""
    return Backbone(
        width=width,
        layers=layers,
        block=PreNorm(mixer=MultiHead(heads=heads, bias=True)),
        positions=Learned(context=places),
        topology=topology,
    )
