"""What a training is told that does not depend on what is trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tokenry.errors import PartError
from tokenry.neural.parts import above, at_least, to_json
from tokenry.neural.training.averages import Average
from tokenry.neural.training.budgets import Budget
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.optimizers import Optimizer
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.precisions import Precision
from tokenry.neural.training.precisions.full import Full
from tokenry.neural.training.schedules import Schedule
from tokenry.neural.training.schedules.cosine import Cosine
from tokenry.neural.training.schedules.warmup import Warmup


def _warm_cosine() -> Warmup:
    return Warmup(share=0.05, then=Cosine())


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How something is trained; `Trainer` adds the loop.

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


def described(part: Any) -> Any:
    """A part as checkpoints know it: as JSON where it is registered, else by what it prints."""
    try:
        return to_json(part)
    except (PartError, TypeError):
        return getattr(part, "__qualname__", None) or str(part)
