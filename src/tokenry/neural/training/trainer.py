"""How something is trained, as data; `Trainer.fit` is the only loop in this library that learns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.extras import importing
from tokenry.neural.parts import above, at_least, to_json
from tokenry.neural.training.averages import Average
from tokenry.neural.training.budgets import Budget
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batches
from tokenry.neural.training.optimizers import Optimizer
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.precisions import Precision
from tokenry.neural.training.precisions.full import Full
from tokenry.neural.training.schedules import Schedule
from tokenry.neural.training.schedules.cosine import Cosine
from tokenry.neural.training.schedules.warmup import Warmup
from tokenry.neural.training.step import Phase, Step
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from torch import nn

    from tokenry.neural.training.report import Run


def _warm_cosine() -> Warmup:
    return Warmup(share=0.05, then=Cosine())


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """What does not depend on what is trained.

    Attributes:
        optimizer: how weights follow gradients.
        schedule: how its rate changes.
        budget: when it ends; it also ends where the data do.
        accumulate: batches of a step, over all processes together.
        clip: the norm that gradients are scaled down to; None: as they are.
        precision: in which numbers losses are computed.
        average: of the weights over steps, kept beside them; None: none.
        seed: of what is random in the model, such as dropout.
    """

    optimizer: Optimizer = field(default_factory=AdamW)
    schedule: Schedule = field(default_factory=_warm_cosine)
    budget: Budget = field(default_factory=lambda: Steps(1_000))
    accumulate: int = 1
    clip: float | None = 1.0
    precision: Precision = field(default_factory=Full)
    average: Average | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        at_least(self, 1, "accumulate")
        above(self, 0, "clip")

    def fit(
        self,
        model: nn.Module,
        step: Step | Sequence[Phase],
        batches: Batches,
        *,
        folder: str | os.PathLike[str] | None = None,
        save_every: int = 200,
        log_every: int = 10,
        device: str | None = None,
        progress: Progress = silent,
    ) -> Run:
        """Train a model in place.

        The result is a function of the model's weights, this trainer and the data; into how many
        processes ``accumulate`` is divided changes nothing but the order of sums.

        Args:
            model: in train mode while it learns, in eval mode afterwards.
            step: what learns; or phases that take turns on each step's batches.
            batches: drawn from where they are.
            folder: where ``log.jsonl``, ``report.json`` and the last two checkpoints are written.
                A training that stopped, killed perhaps, goes on from the last checkpoint there,
                with the same losses as if it had not; one that was finished is loaded.
            save_every: steps from one checkpoint to the next.
            log_every: steps from one line of the log to the next.
            device: where to train: ``cpu``, ``cuda``, ``auto``; None: where the model is.
            progress: told the share of the budget that is done.

        Raises:
            TrainingError: a loss or gradient is not finite; or the folder holds another training.
            PartError: the parts do not fit the model or the data.
        """
        with importing("neural", "training"):
            from tokenry.neural.training.loop import Options, fit
        phases = tuple(step) if isinstance(step, Sequence) else (Phase(step=step),)
        options = Options(
            folder=folder,
            save_every=save_every,
            log_every=log_every,
            device=device,
            progress=progress,
        )
        return fit(self, model, phases, batches, options)


def described(part: Any) -> Any:
    """A part as checkpoints know it: as JSON where it is registered, else by what it prints."""
    try:
        return to_json(part)
    except (PartError, TypeError):
        return getattr(part, "__qualname__", None) or str(part)
