"""What a training gives beside the trained model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.neural.training.spent import Spent


@dataclass(frozen=True, kw_only=True)
class Report:
    """What it cost and how it ended.

    Attributes:
        spent: steps, bytes, FLOPs and seconds.
        loss: of the last step, by phase.
        ended: ``budget`` or ``data``.
        parameters: of the model.
        trained: how many of them learn.
        peak_memory: bytes: of the GPU's allocations, or of the process (`memory.peak_memory`).
        device: where it was trained.
        processes: how many trained it together.
    """

    spent: Spent
    loss: dict[str, float]
    ended: str
    parameters: int
    trained: int
    peak_memory: int
    device: str
    processes: int


@dataclass(frozen=True)
class Run:
    """A finished training.

    Attributes:
        report: what it cost.
        average: averaged weights by name, for ``model.load_state_dict(..., strict=False)``; None
            where the trainer keeps no average.
    """

    report: Report
    average: dict[str, Any] | None = None
