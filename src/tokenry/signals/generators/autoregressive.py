"""Codes one token after another, all slots of a token together.

ELM: Wang et al. 2024, "Elucidating the design space of language models for image generation",
arXiv:2410.16257; without slots the generator of VQGAN (Esser et al. 2021, arXiv:2012.09841).

1. A causal transformer reads the label and the tokens so far, and predicts the next.
2. A token of many bits is several slots with a head each, predicted at one step.
3. With guidance, logits with and without the label are extrapolated.

Not here: a cache of keys; a call reads all tokens so far, which is cheap for tens of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import at_least
from tokenry.neural.topologies.causal import Causal
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.generators.code_transformer import CodeTransformer
from tokenry.signals.generators.contract import ITEMS, LABELS, NO_LABEL, forgotten
from tokenry.signals.generators.drawing import drawn_codes, guided

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class NextCodes:
    """An `ItemGenerator` of codes.

    Attributes:
        model: causal.
        forget: share of labels that training leaves out.
        heat: of the distribution that is drawn from.
        best: only so many codes of a slot can be drawn; None: all.
        guidance: 1: none.
    """

    model: CodeTransformer
    forget: float = 0.1
    heat: float = 1.0
    best: int | None = None
    guidance: float = 1.0

    def __post_init__(self) -> None:
        at_least(self, 0, "forget", "heat", "guidance")
        at_least(self, 1, "best")

    @classmethod
    def sized(
        cls, levels: tuple[int, ...], tokens: int, *, classes: int = 0, width: int = 128,
        layers: int = 4, heads: int = 4,
    ) -> NextCodes:  # fmt: skip
        """With a model of this size."""
        sizes = {"width": width, "layers": layers, "heads": heads}
        model = CodeTransformer.sized(levels, tokens, Causal(), classes=classes, **sizes)
        return cls(model=model)

    def build(self) -> Assembled:
        """The model."""
        return self.model.build()

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Nats of a token."""
        codes, labels = batch[ITEMS].long(), forgotten(batch[LABELS].long(), self.forget)
        logits = module(codes[:, :-1], labels)
        return Losses(self.model.entropies(logits, codes).sum(), float(codes[..., 0].numel()))

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """Codes, shape (items, tokens, slots)."""
        import torch

        codes = labels.new_zeros(len(labels), 0, len(self.model.levels))
        for _ in range(self.model.tokens):
            logits = module(codes, labels)[:, -1]
            untold = None
            if self.guidance != 1.0:
                untold = module(codes, torch.full_like(labels, NO_LABEL))[:, -1]
            logits = guided(logits, untold, self.guidance)
            made, _ = drawn_codes(logits, self.model.levels, draw, heat=self.heat, best=self.best)
            codes = torch.cat([codes, made[:, None]], 1)
        return codes
