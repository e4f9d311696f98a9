"""A text: its bytes through a small transformer.

In place of the text encoders of publications, which others trained: Zha et al. 2024 (TexTok),
arXiv:2412.05796, tells a tokenizer what the caption says, so that tokens are left for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

NO_BYTE: Final = 256
IDS: Final = NO_BYTE + 1


def text_ids(texts: Iterable[str], length: int) -> NDArray[np.int64]:
    """Bytes of texts, cut or filled up with `NO_BYTE`, shape (texts, length)."""
    rows = [text.encode()[:length] for text in texts]
    filled = [[*row, *[NO_BYTE] * (length - len(row))] for row in rows]
    return np.array(filled, np.int64).reshape(len(rows), length)


@dataclass(frozen=True, kw_only=True)
class Text:
    """The fact ``text``: ids of `text_ids`, shape (items, length).

    Attributes:
        length: in bytes.
        width: of the transformer.
        layers: of the transformer; 0: rows of bytes alone.
        heads: they divide the width.
    """

    length: int = 16
    width: int = 64
    layers: int = 1
    heads: int = 4

    facts = ("text",)

    def __post_init__(self) -> None:
        at_least(self, 1, "length", "width", "heads")
        at_least(self, 0, "layers")

    @property
    def places(self) -> int:
        """A byte each."""
        return self.length

    def build(self, width: int) -> Assembled:
        """The table ``rows``, the ``trunk`` and the linear layer ``out``."""
        nn = torch_for(self, "torch.nn")
        trunk = TransformerTrunk.vit(
            self.length, width=self.width, layers=self.layers, heads=self.heads
        )
        return assemble(
            self,
            rows=nn.Embedding(IDS, self.width),
            trunk=trunk.build(self.width, self.length),
            out=nn.Linear(self.width, width),
        )

    def forward(self, module: Assembled, facts: Mapping[str, Tensor]) -> Tensor:
        """A vector a byte; those behind the end know that it is one."""
        rows = module.rows(facts["text"].long().clamp(0, NO_BYTE))
        trunk = module.trunk
        read: Features = trunk(trunk.part.embed(trunk, Features(rows, (self.length,))))
        out: Tensor = module.out(read.vectors)
        return out
