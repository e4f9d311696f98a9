"""A small model that goes from each token to the next, so that codes become easy to predict.

Wang et al. 2024 (LARP), arXiv:2410.21264. Its inputs are the vectors of the codes, so that it also
changes what the encoder writes. Not here: scheduled sampling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.causal import Causal
from tokenry.signals.features import Features
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class NextCode:
    """Cross entropy of the first slot of the next token, in nats.

    Attributes:
        weight: among the other objectives.
        width: of the model.
        layers: of the model.
        heads: they divide the width.
    """

    weight: float = 0.06
    width: int = 64
    layers: int = 2
    heads: int = 4

    name: ClassVar[str] = "prior"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")
        at_least(self, 1, "width", "layers", "heads")

    def build(self, sizes: CodecSizes) -> Assembled:
        """The model ``head``: a trunk, and logits of codes."""
        nn = torch_for(self, "torch.nn")
        trunk = TransformerTrunk.vit(
            sizes.tokens, width=self.width, layers=self.layers, heads=self.heads,
            topology=Causal(),
        )  # fmt: skip
        layers = {
            "trunk": trunk.build(sizes.decoded_size, sizes.tokens),
            "out": nn.Linear(self.width, sizes.levels[0]),
        }
        return assemble(self, head=nn.ModuleDict(layers))

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Over all tokens but the first."""
        from torch.nn.functional import cross_entropy

        trunk, vectors = module.head["trunk"], passed.quantized.vectors[:, :-1]
        read: Features = trunk(trunk.part.embed(trunk, Features(vectors)))
        logits = module.head["out"](read.vectors)
        return cross_entropy(logits.flatten(0, 1), passed.quantized.codes[:, 1:, 0].flatten())
