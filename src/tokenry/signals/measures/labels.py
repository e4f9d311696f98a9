"""Train a network of pictures to tell the classes of an album, and ask one what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.extras import importing
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.step import Losses
from tokenry.neural.training.trainer import Trainer
from tokenry.progress import Progress, silent
from tokenry.signals.measures.local_network import as_input
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Pixels

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

TURNS: Final = 4
_BATCH: Final = 256


class PictureNetwork(Protocol):
    """A frozen dataclass; its module takes pictures of shape (n, 3, height, width), -1 to 1."""

    def build(self, seed: int = 0) -> Assembled:
        """A module that gives logits of classes, shape (n, classes)."""


@dataclass(frozen=True)
class PictureLabel:
    """Cross entropy of the label of each picture."""

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over pictures, in nats; the part ``right`` is how many are labelled right."""
        from torch.nn import functional

        labels = batch["labels"].long()
        logits = model(as_input(batch["pixels"]))
        total = functional.cross_entropy(logits, labels, reduction="sum")
        right = (logits.argmax(-1) == labels).sum()
        return Losses(total, float(len(labels)), {"right": right})


def train_on_labels(
    network: PictureNetwork,
    album: Album,
    *,
    steps: int,
    batch: int = 64,
    rate: float = 3e-3,
    seed: int = 0,
    turns: bool = False,
    progress: Progress = silent,
) -> Assembled:
    """Train a network on labelled pictures, each mirrored half of the time.

    Args:
        network: of as many classes as the album has, or `TURNS`.
        album: pictures that nothing is measured on.
        steps: of the training.
        batch: pictures of a step.
        rate: of AdamW, down a cosine.
        seed: of weights and order.
        turns: learn which of four quarter turns a picture was given, not its label.
        progress: told how far it is.

    Returns:
        The module, in eval mode.
    """
    module = network.build(seed)

    def make(rows: NDArray[np.int64]) -> Batch:
        pixels, labels = album.pixels[rows], album.labels[rows]
        draw = np.random.default_rng([seed, int(rows[0]), int(rows[-1]), len(rows)])
        mirrored = draw.random(len(rows)) < 0.5
        pixels = np.where(mirrored[:, None, None, None], pixels[:, :, ::-1], pixels)
        if turns:
            labels = draw.integers(0, TURNS, len(rows))
            pixels = np.stack([np.rot90(p, k) for p, k in zip(pixels, labels, strict=True)])
        return Batch({"pixels": np.ascontiguousarray(pixels), "labels": labels})

    batches = Shuffled(
        len(album), batch, make, seed=seed, passes=None, identity=album.fingerprint[:16]
    )
    trainer = Trainer(optimizer=AdamW(rate=rate, decay=0.05), budget=Steps(steps), seed=seed)
    trainer.fit(module, PictureLabel(), batches, progress=progress)
    return module.eval()


def predicted(module: Assembled, pixels: Pixels) -> NDArray[np.int64]:
    """The likeliest class of each picture, shape (n,)."""
    return inferred(lambda each: module(each).argmax(-1), pixels)


def inferred(function: Callable[..., Tensor], *sets: Pixels) -> NDArray[Any]:
    """What a function of pictures gives for all, a batch at a time, without gradients."""
    with importing("signals", "measuring with a local network"):
        import torch
    with torch.no_grad():
        parts = [
            function(*(as_input(each[start : start + _BATCH]) for each in sets)).numpy()
            for start in range(0, len(sets[0]), _BATCH)
        ]
    return np.concatenate(parts)
