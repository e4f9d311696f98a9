"""How large a small model is, and how long it learns: the few figures that comparisons name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tokenry.neural.heads.pooled import PooledClasses
from tokenry.neural.initialisers.normal import Normal
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.schedules.cosine import Cosine
from tokenry.neural.training.schedules.warmup import Warmup
from tokenry.neural.training.trainer import Trainer
from tokenry.neural.transformer import Transformer


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes: about ``12 * layers * width**2`` parameters beside the rows of ids.

    Attributes:
        context: tokens that the model reads at a time.
        spread: standard deviation of the weights at the start (`initialisers.normal.Normal`).
    """

    width: int = 128
    layers: int = 3
    heads: int = 4
    context: int = 128
    spread: float = 0.02

    def __post_init__(self) -> None:
        at_least(self, 1, "context")

    def causal(self, vocab_size: int) -> Transformer:
        """A language model over ids below ``vocab_size``."""
        config = Transformer.small(
            vocab_size, width=self.width, layers=self.layers, heads=self.heads
        )
        return replace(config, initialiser=Normal(spread=self.spread))

    def classifier(self, vocab_size: int, classes: int) -> Transformer:
        """A two-way reader of whole texts."""
        config = self.causal(vocab_size)
        backbone = replace(config.backbone, topology=Bidirectional())
        return replace(config, backbone=backbone, head=PooledClasses(classes=classes))


@dataclass(frozen=True, kw_only=True)
class Passes:
    """How it learns: AdamW, warm-up, then a cosine down to a tenth of ``rate``.

    Attributes:
        passes: times over the data.
        batch: sequences a step.
        warmup: share of the steps.
    """

    rate: float = 3e-3
    batch: int = 16
    passes: int = 1
    warmup: float = 0.05
    decay: float = 0.05
    clip: float = 1.0

    def trainer(self, steps: int, seed: int) -> Trainer:
        """The trainer of so many steps."""
        return Trainer(
            optimizer=AdamW(rate=self.rate, decay=self.decay),
            schedule=Warmup(share=self.warmup, then=Cosine()),
            budget=Steps(steps),
            clip=self.clip,
            seed=seed,
        )
