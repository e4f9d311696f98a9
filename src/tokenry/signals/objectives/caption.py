"""A text told from the codes: a small causal model reads them, then the text byte by byte.

Wang et al. 2025 (ETT), arXiv:2505.10562: vectors of the codebook go through a projector into a
language model, whose loss trains the tokenizer. There the model is large and others trained it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import SignalError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.prefix import Prefix
from tokenry.signals.features import Features
from tokenry.signals.sources.text import IDS, NO_BYTE
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class Caption:
    """Cross entropy of the bytes of the fact ``text``, in nats a byte.

    Attributes:
        weight: among the other objectives.
        length: of texts, in bytes.
        width: of the model.
        layers: of the model.
        heads: they divide the width.
    """

    weight: float = 0.5
    length: int = 16
    width: int = 64
    layers: int = 2
    heads: int = 4

    name: ClassVar[str] = "caption"
    facts: ClassVar[tuple[str, ...]] = ("text",)

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")
        at_least(self, 1, "length", "width", "layers", "heads")

    def build(self, sizes: CodecSizes) -> Assembled:
        """The model ``head``: a projector, rows of bytes, a trunk, and logits of bytes."""
        nn = torch_for(self, "torch.nn")
        places, width = sizes.tokens + self.length, self.width
        trunk = TransformerTrunk.vit(
            places, width=width, layers=self.layers, heads=self.heads,
            topology=Prefix(length=sizes.tokens),
        )  # fmt: skip
        layers = {
            "project": nn.Sequential(
                nn.Linear(sizes.decoded_size, width), nn.GELU(), nn.Linear(width, width)
            ),
            "rows": nn.Embedding(IDS, width),
            "trunk": trunk.build(width, places),
            "out": nn.Linear(width, IDS),
        }
        return assemble(self, head=nn.ModuleDict(layers))

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Over bytes, and the first `NO_BYTE` behind them."""
        import torch
        from torch.nn.functional import cross_entropy

        if "text" not in passed.facts:
            raise SignalError("the objective caption needs the fact 'text' of each item")
        text, head = passed.facts["text"].long(), module.head
        tokens = head["project"](passed.quantized.vectors)
        x = torch.cat([tokens, head["rows"](text[:, :-1])], 1)
        read: Features = head["trunk"](head["trunk"].part.embed(head["trunk"], Features(x)))
        logits = head["out"](read.vectors[:, tokens.shape[1] - 1 :])
        ended = (text == NO_BYTE).cumsum(1) > 1
        return cross_entropy(logits.flatten(0, 1), text.where(~ended, -100).flatten())
