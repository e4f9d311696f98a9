"""Codes in a few rounds: all hidden at first, the surest stay in each.

MaskGIT: Chang et al. 2022, "MaskGIT: Masked Generative Image Transformer", arXiv:2202.04200.

1. In training a share of the tokens, cos(πr/2) for r of 0 to 1, is hidden and predicted.
2. A round draws all hidden tokens and keeps the surest, so many that the share that is hidden falls
   along the cosine. Sureness is the log probability with Gumbel noise that cools down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import at_least
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.generators.code_transformer import HIDDEN, CodeTransformer
from tokenry.signals.generators.contract import ITEMS, LABELS, NO_LABEL, forgotten
from tokenry.signals.generators.drawing import drawn_codes, guided

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class MaskedCodes:
    """An `ItemGenerator` of codes.

    Attributes:
        model: whose places see each other.
        rounds: of sampling.
        forget: share of labels that training leaves out.
        heat: of the distribution that is drawn from.
        noise: of sureness at first; it falls to 0.
        guidance: 1: none.
    """

    model: CodeTransformer
    rounds: int = 8
    forget: float = 0.1
    heat: float = 1.0
    noise: float = 4.5
    guidance: float = 1.0

    def __post_init__(self) -> None:
        at_least(self, 1, "rounds")
        at_least(self, 0, "forget", "heat", "noise", "guidance")

    @classmethod
    def sized(
        cls, levels: tuple[int, ...], tokens: int, *, classes: int = 0, width: int = 128,
        layers: int = 4, heads: int = 4,
    ) -> MaskedCodes:  # fmt: skip
        """With a model of this size."""
        sizes = {"width": width, "layers": layers, "heads": heads}
        model = CodeTransformer.sized(levels, tokens, Bidirectional(), classes=classes, **sizes)
        return cls(model=model)

    def build(self) -> Assembled:
        """The model."""
        return self.model.build()

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Nats of a hidden token."""
        import torch

        codes, labels = batch[ITEMS].long(), forgotten(batch[LABELS].long(), self.forget)
        share = torch.cos(torch.rand(len(codes), 1, device=codes.device) * math.pi / 2)
        hidden = torch.rand(codes.shape[:2], device=codes.device) < share
        hidden[:, 0] |= ~hidden.any(1)
        given = codes.masked_fill(hidden[..., None], HIDDEN)
        lost = self.model.entropies(module(given, labels)[:, 1:], codes)
        return Losses(lost[hidden].sum(), hidden.sum().float())

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """Codes, shape (items, tokens, slots)."""
        shape = len(labels), self.model.tokens, len(self.model.levels)
        return self.completed(module, labels.new_full(shape, HIDDEN), labels, draw)

    def completed(
        self, module: Assembled, codes: Tensor, labels: Tensor, draw: Generator
    ) -> Tensor:
        """The same of items of which some tokens are given, others `HIDDEN`."""
        import torch

        hidden = (codes == HIDDEN).any(-1)
        count = hidden.sum(1)
        for number in range(1, self.rounds + 1):
            logits = module(codes, labels)[:, 1:]
            untold = None
            if self.guidance != 1.0:
                untold = module(codes, torch.full_like(labels, NO_LABEL))[:, 1:]
            logits = guided(logits, untold, self.guidance)
            made, sure = drawn_codes(logits, self.model.levels, draw, heat=self.heat, best=None)
            left = (count * math.cos(math.pi / 2 * number / self.rounds)).floor().long()
            left = left if number < self.rounds else left * 0
            noise = torch.rand(sure.shape, generator=draw, device=sure.device).clamp(1e-9, 1 - 1e-9)
            noise = -(-noise.log()).log() * self.noise * (1 - number / self.rounds)
            sure = (sure + noise).masked_fill(~hidden, torch.inf)
            rank = sure.argsort(1).argsort(1)  # the least sure come first
            stay = hidden & (rank >= left[:, None])
            codes = torch.where(stay[..., None], made, codes)
            hidden = hidden & ~stay
        return codes
