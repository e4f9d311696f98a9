"""Train a generator, and what it is then: a sampler."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.extras import importing
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.step import Losses
from tokenry.neural.training.trainer import Trainer
from tokenry.progress import Progress, silent
from tokenry.seeds import derived
from tokenry.signals.generators.contract import ITEMS, LABELS, NO_LABEL, ItemGenerator

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, eq=False)
class TrainedGenerator:
    """A trained generator.

    Attributes:
        generator: its settings; another with the same module samples otherwise.
        module: its weights, in eval mode.
        shift, scale: of vectors: what they were divided by, for codes 0 and 1.
    """

    generator: ItemGenerator
    module: Assembled
    shift: float = 0.0
    scale: float = 1.0

    def sample(
        self, count: int, *, labels: NDArray[Any] | None = None, seed: int = 0, batch: int = 256
    ) -> NDArray[Any]:
        """New items, a function of labels and seed.

        Args:
            count: items.
            labels: a class for each; None: any.
            seed: of what is drawn.
            batch: items at a time.
        """
        import torch

        given = np.full(count, NO_LABEL) if labels is None else np.asarray(labels)
        if given.shape != (count,):
            raise SignalError(f"labels of shape {given.shape} for {count} items; expected as many")
        made = []
        with torch.no_grad():
            for start in range(0, count, batch):
                draw = torch.Generator().manual_seed(derived(seed, "sample", start))
                part = torch.as_tensor(given[start : start + batch]).long()
                made.append(self.generator.sampled(self.module, part, draw).numpy())
        found = np.concatenate(made)
        return found * self.scale + self.shift if found.dtype.kind == "f" else found


@dataclass(frozen=True)
class GeneratorStep:
    """A `TrainingStep` of a generator.

    Attributes:
        generator: whose losses they are.
    """

    generator: ItemGenerator

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """Those of the generator."""
        return self.generator.losses(model, batch)


def train_generator(
    generator: ItemGenerator,
    items: NDArray[Any],
    labels: NDArray[Any] | None = None,
    *,
    steps: int = 1_000,
    batch: int = 64,
    rate: float = 1e-3,
    seed: int = 0,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> TrainedGenerator:
    """Train a generator of codes or of vectors.

    Args:
        generator: what learns.
        items: codes, (n, tokens, slots) integers, or vectors, (n, tokens, size) floats, which are
            brought to mean 0 and spread 1.
        labels: of the items; None: none.
        steps: of the training.
        batch: items of a step.
        rate: of AdamW.
        seed: of weights, order and noise.
        folder: where it is kept, to go on after an interruption.
        progress: told how far it is.

    Raises:
        SignalError: items are of another shape, or there are more or fewer labels.
    """
    if items.ndim != 3 or not len(items):
        raise SignalError(f"items of shape {items.shape}; expected (items, tokens, slots or size)")
    told = np.full(len(items), NO_LABEL) if labels is None else np.asarray(labels, np.int64)
    if told.shape != (len(items),):
        raise SignalError(f"labels of shape {told.shape} for {len(items)} items; expected as many")
    shift, scale = 0.0, 1.0
    if items.dtype.kind == "f":
        shift, scale = float(items.mean()), float(items.std()) or 1.0
        items = ((items - shift) / scale).astype(np.float32)
    with importing("neural", "a generator"):
        import torch
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived(seed, "weights"))
        module = generator.build()
    digest = hashlib.sha256(np.ascontiguousarray(items).tobytes() + told.tobytes())

    def make(rows: NDArray[np.int64]) -> Batch:
        return Batch({ITEMS: items[rows], LABELS: told[rows]})

    batches = Shuffled(
        len(items), batch, make, seed=seed, passes=None, identity=digest.hexdigest()[:16]
    )
    trainer = Trainer(optimizer=AdamW(rate=rate, decay=0.03), budget=Steps(steps), seed=seed)
    trainer.fit(module, GeneratorStep(generator), batches, folder=folder, progress=progress)
    return TrainedGenerator(generator, module.eval(), shift, scale)
