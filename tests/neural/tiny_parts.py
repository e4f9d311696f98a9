"""An example of every registered part, and a tiny transformer that has it in its slot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tokenry.neural import PARTS, Backbone, Transformer
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.initialisers.normal import Normal
from tokenry.neural.topologies.causal import Causal
from tokenry.neural.topologies.window import SlidingWindow
from tokenry.neural.training.averages.ema import Ema
from tokenry.neural.training.budgets.minutes import Minutes
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.optimizers.group import Group

VOCAB, WIDTH, LAYERS, LENGTH = 11, 16, 2, 9

GIVEN: dict[str, dict[str, Any]] = {
    "transformer": {"embedding": TokenRows(vocab_size=VOCAB)},
    "backbone": {"width": WIDTH, "layers": LAYERS},
    "embeddings/rows": {"vocab_size": VOCAB},
    "positions/learned": {"context": 24},
    "topologies/window": {"window": 3},
    "topologies/blocks": {"size": 3, "first": (1, 2)},
    "topologies/prefix": {"length": 4},
    "topologies/tree": {"parents": (-1, 0, 0, 1, 2, -1)},
    "topologies/adjacency": {"rows": ((0,), (0, 1), (2,), (0, 2, 3), (1, 4))},
    "positions/normed": {"context": 24},
    "topologies/registers": {"others": 5},
    "topologies/segments": {"lengths": (3, 2)},
    "topologies/both": {"first": Causal(), "second": SlidingWindow(window=2)},
    "mixers/grouped-query": {"heads": 4, "groups": 2, "head_size": 6, "bias": True},
    "heads/pooled": {"classes": 3},
    "trainer": {"average": Ema(decay=0.9), "optimizer": AdamW(groups=(Group(names="*.bias"),))},
    "optimizers/group": {"names": "*.bias"},
    "budgets/steps": {"count": 100},
    "budgets/bytes": {"count": 1_000},
    "budgets/flops": {"count": 1e5},
    "steps/mixed": {"steps": 2},
    "steps/nested": {"depths": (1, 2)},
    "budgets/minutes": {"count": 10.0},
    "budgets/first": {"budgets": (Steps(100), Minutes(5.0))},
}
"""What parts need that are not made without arguments, or are better tested with some."""

BLOCK_SLOTS = {"mixers": "mixer", "feedforwards": "feedforward", "norms": "norm"}
BACKBONE_SLOTS = {"positions": "positions", "topologies": "topology", "blocks": "block"}
MODEL_SLOTS = {"embeddings": "embedding", "heads": "head", "initialisers": "initialiser"}
MODEL_PARTS = [
    name
    for name in PARTS
    if name.partition("/")[0] in {*BLOCK_SLOTS, *BACKBONE_SLOTS, *MODEL_SLOTS, "transformer"}
]


def example(name: str) -> Any:
    """One of each part."""
    return PARTS.load(name)(**GIVEN.get(name, {}))


def model_with(name: str) -> Transformer:
    """A tiny transformer with the part in its slot."""
    slot, part = name.partition("/")[0], example(name)
    block = PreNorm()
    backbone = Backbone(width=WIDTH, layers=LAYERS)
    # Wide weights make a difference of one id visible in all logits.
    model = Transformer(
        embedding=TokenRows(vocab_size=VOCAB), backbone=backbone, initialiser=Normal(spread=0.3)
    )
    if slot in BLOCK_SLOTS:
        backbone = replace(backbone, block=replace(block, **{BLOCK_SLOTS[slot]: part}))
        return replace(model, backbone=backbone)
    if slot in BACKBONE_SLOTS:
        return replace(model, backbone=replace(backbone, **{BACKBONE_SLOTS[slot]: part}))
    return replace(model, **{MODEL_SLOTS[slot]: part}) if slot in MODEL_SLOTS else model
