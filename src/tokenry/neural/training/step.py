"""What learns in a step: a function of a model and a batch to losses.

The loop, gradients and optimizers are the trainer's; a step has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.optimizers import Optimizer
from tokenry.neural.transformer import Transformer

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Losses:
    """What a batch lost.

    Of all batches of a step, on all processes, the totals are added and divided by the sum of
    their units. So a mean over tokens is the same however a step is cut into batches.

    Attributes:
        total: a sum over units, to be made smaller.
        units: what the sum is over, such as predicted ids; 1 for a loss that is a mean already.
        parts: other sums over the same units, by name, for the log alone.
    """

    total: Tensor
    units: Tensor | float = 1.0
    parts: Mapping[str, Tensor] = field(default_factory=dict)


class TrainingStep(Protocol):
    """A frozen dataclass, or any function."""

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The losses of a batch, whose tensors are on the model's device."""


@runtime_checkable
class CountsFlops(Protocol):
    """A step that knows what it costs; what others cost is measured as they first run."""

    def flops(self, model: Any, batch: Batch) -> float | None:
        """Of matrix products, forward and backward; None where it does not know after all."""


def step_flops(model: Any, rows: int, length: int) -> float | None:
    """Three forward passes of one of our transformers: one, and a backward pass of two.

    None where parts of the model do not learn, which costs less, and for other models.
    """
    config = getattr(model, "config", None)
    if not isinstance(config, Transformer) or not all(p.requires_grad for p in model.parameters()):
        return None
    return 3.0 * config.flops(length, batch=rows)


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One of several steps that take turns on the same batches: a generator and its critic.

    Attributes:
        step: what learns.
        name: in the log and in checkpoints.
        trains: patterns of the names of parameters that learn in it; others get no gradient.
        optimizer: of these; None: the trainer's.
        every: it runs in every n-th step of the training.
    """

    step: TrainingStep
    name: str = "train"
    trains: tuple[str, ...] = ("*",)
    optimizer: Optimizer | None = None
    every: int = 1
