"""How something is trained, as data; `Trainer.fit` is the only loop in this library that learns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.extras import importing
from tokenry.neural.training.data.batch import Batches
from tokenry.neural.training.settings import Settings
from tokenry.neural.training.step import Phase, TrainingStep
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from torch import nn

    from tokenry.neural.training.report import Run


@dataclass(frozen=True, kw_only=True)
class Trainer(Settings):
    """An optimizer, a schedule, a budget and so on (`Settings`), and the loop over them."""

    def fit(
        self,
        model: nn.Module,
        step: TrainingStep | Sequence[Phase],
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
