"""A transformer as data: an embedding, a backbone, a head, and how weights start.

Vaswani et al. 2017, arXiv:1706.03762.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.extras import importing
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.embeddings import Embedding
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.heads import Head
from tokenry.neural.heads.tied import TiedRows
from tokenry.neural.initialisers import Initialiser
from tokenry.neural.initialisers.normal import Normal
from tokenry.neural.mixers.multi_head import MultiHead

if TYPE_CHECKING:
    from tokenry.neural.model import Model


@dataclass(frozen=True, kw_only=True)
class Transformer:
    """Ids to what its head says of them: logits over ids, or over classes.

    Attributes:
        embedding: ids to vectors.
        backbone: vectors to vectors.
        head: vectors to logits.
        initialiser: what weights are before training.
    """

    embedding: Embedding
    backbone: Backbone = field(default_factory=Backbone)
    head: Head = field(default_factory=TiedRows)
    initialiser: Initialiser = field(default_factory=Normal)

    @classmethod
    def small(
        cls, vocab_size: int, *, width: int = 128, layers: int = 3, heads: int = 4
    ) -> Transformer:
        """A causal one that trains on two cores in minutes: pre-norm, rotary, tied rows.

        It has about ``12 * layers * width**2`` parameters beside the rows of ids.
        """
        block = PreNorm(mixer=MultiHead(heads=heads))
        return cls(
            embedding=TokenRows(vocab_size=vocab_size),
            backbone=Backbone(width=width, layers=layers, block=block),
        )

    def build(self, *, seed: int = 0, dtype: str = "float32", device: str = "cpu") -> Model:
        """The module, with weights that depend on the seed alone.

        Args:
            dtype: of the weights, by torch's name. They are drawn in float32.
            device: where they are; they are drawn on the CPU. ``meta``: nowhere, which costs
                nothing and is enough to count them.

        Raises:
            MissingExtraError: torch is not installed.
        """
        with importing("neural", "a Transformer"):
            from tokenry.neural.model import Model, made

        def make() -> Model:
            width = self.backbone.width
            head = self.head.build(width, self.embedding.vocab_size)
            return Model(self, self.embedding.build(width), self.backbone.build(), head)

        return made(make, self.initialiser.fill, seed=seed, dtype=dtype, device=device)

    def flops(self, queries: int, keys: int | None = None, *, batch: int = 1) -> int:
        """Of one forward pass: two for each product and its sum, of matrix products alone.

        Scores that a mask hides are counted, as torch's counter does; a training step costs three
        times as much.

        Args:
            queries: places that are computed.
            keys: places that they look at, those of a cache included; None: as many.
        """
        width = self.backbone.width
        head = self.head.flops(width, self.embedding.vocab_size, queries)
        return batch * (self.backbone.flops(queries, keys) + head)
