"""A router that is trained: a residual network over what the small model says.

As in R2R (arXiv:2505.21600): the highest logits, the last vector, and the row of the likeliest id
go through linear maps into one vector, then through residual blocks to a score; the loss is the
binary cross entropy of divergent places, the fewer ones weighted up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tokenry.decoding.generation.routing.labels import Labelled, threshold_for_recall
from tokenry.decoding.generation.routing.router import RoutingEvidence
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.step import Losses


@dataclass(frozen=True, kw_only=True)
class RouterSizes:
    """How large the network is, and how long it learns.

    Attributes:
        logits: how many of the highest are read.
        width: of the network.
        blocks: residual ones.
        steps: of training.
        batch: places a step.
        rate: of AdamW.
        recall: share of divergent places that have to be sent to the large model.
    """

    logits: int = 100
    width: int = 256
    blocks: int = 2
    steps: int = 300
    batch: int = 128
    rate: float = 1e-3
    recall: float = 0.95


class RouterNetwork(nn.Module):
    """RoutingEvidence to a logit.

    Args:
        sizes: of it.
        hidden: width of the small model's vectors.
        rows: by which ids are read, shape (ids, width of a row); they do not learn.
    """

    def __init__(self, sizes: RouterSizes, hidden: int, rows: NDArray[np.float32]) -> None:
        super().__init__()
        self.sizes = sizes
        self.count = min(sizes.logits, len(rows))
        self.register_buffer("rows", torch.from_numpy(np.asarray(rows, np.float32)))
        self.of_logits = nn.Linear(self.count, sizes.width)
        self.of_hidden = nn.Linear(hidden, sizes.width)
        self.of_row = nn.Linear(rows.shape[1], sizes.width)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(sizes.width),
                nn.Linear(sizes.width, 4 * sizes.width),
                nn.GELU(),
                nn.Linear(4 * sizes.width, sizes.width),
            )
            for _ in range(sizes.blocks)
        )
        self.score = nn.Sequential(nn.LayerNorm(sizes.width), nn.Linear(sizes.width, 1))

    def forward(self, logits: Tensor, hidden: Tensor, ids: Tensor) -> Tensor:
        """Logits of divergence, shape (places,)."""
        rows: Any = self.rows
        top = logits.log_softmax(-1).topk(self.count).values.clamp(min=-30)
        x = self.of_logits(top) + self.of_hidden(hidden) + self.of_row(rows[ids])
        for block in self.blocks:
            x = x + block(x)
        found: Tensor = self.score(x)[:, 0]
        return found


@dataclass(frozen=True, eq=False)
class LearntRouter:
    """A trained network and its threshold, a probability."""

    network: RouterNetwork
    threshold: float

    @torch.no_grad()
    def scores(self, evidence: RoutingEvidence) -> NDArray[np.float64]:
        """Probabilities that an id is divergent."""
        found = self.network(*_tensors(evidence)).sigmoid()
        probabilities: NDArray[np.float64] = found.double().numpy()
        return probabilities


@dataclass(frozen=True)
class DivergenceStep:
    """The binary cross entropy; ``weight`` is what a divergent place counts."""

    weight: float

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over places."""
        found = model(batch["logits"], batch["hidden"], batch["ids"])
        total = functional.binary_cross_entropy_with_logits(
            found,
            batch["divergent"].float(),
            reduction="sum",
            pos_weight=found.new_tensor(self.weight),
        )
        return Losses(total, float(len(found)))


def train_router(
    learnt: Labelled,
    held: Labelled,
    rows: NDArray[np.float32],
    sizes: RouterSizes | None = None,
    seed: int = 0,
) -> LearntRouter:
    """Train a router, and choose its threshold on other places.

    Args:
        learnt: to train on.
        held: to choose the threshold on, for ``sizes.recall``.
        rows: of the small model's embedding, shape (ids, width).
        sizes: of the network and its training.
        seed: of weights and order.
    """
    from tokenry.neural.training.budgets.steps import Steps
    from tokenry.neural.training.optimizers.adamw import AdamW
    from tokenry.neural.training.trainer import Trainer

    sizes = sizes or RouterSizes()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = RouterNetwork(sizes, learnt.evidence.hidden.shape[1], rows)
    share = max(float(learnt.divergent.mean()), 1e-3)
    trainer = Trainer(optimizer=AdamW(rate=sizes.rate), budget=Steps(sizes.steps), seed=seed)
    trainer.fit(network, DivergenceStep((1 - share) / share), _batches(learnt, sizes.batch, seed))
    untuned = LearntRouter(network, 0.5)
    threshold = threshold_for_recall(untuned.scores(held.evidence), held.divergent, sizes.recall)
    return LearntRouter(network, threshold)


def _batches(labelled: Labelled, size: int, seed: int) -> Shuffled:
    evidence = labelled.evidence

    def make(numbers: NDArray[np.int64]) -> Batch:
        return Batch(
            {
                "logits": evidence.logits[numbers],
                "hidden": evidence.hidden[numbers],
                "ids": evidence.ids[numbers],
                "divergent": labelled.divergent[numbers],
            }
        )

    return Shuffled(len(evidence.ids), size, make, seed=seed, passes=None, identity="router")


def _tensors(evidence: RoutingEvidence) -> tuple[Tensor, Tensor, Tensor]:
    return (
        torch.from_numpy(evidence.logits),
        torch.from_numpy(evidence.hidden),
        torch.from_numpy(evidence.ids),
    )
