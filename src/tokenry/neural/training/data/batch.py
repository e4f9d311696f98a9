"""A batch, and what gives batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol


@dataclass(frozen=True)
class Batch:
    """Arrays by name.

    Attributes:
        arrays: of numpy or torch, rows first; on the model's device when a step gets them.
        bytes: of the data that they stand for; None where that is not known.
        done: the share of the training's budget before this step, for what changes over a
            training; set by the trainer.
    """

    arrays: Mapping[str, Any]
    bytes: int | None = None
    done: float = 0.0

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name]

    def on(self, device: Any, done: float) -> Batch:
        """The same as tensors on a device."""
        import torch

        moved = {name: torch.as_tensor(each).to(device) for name, each in self.arrays.items()}
        return replace(self, arrays=moved, done=done)

    def shapes(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The shape of each array, by name."""
        return tuple((name, tuple(each.shape)) for name, each in self.arrays.items())


class Batches(Protocol):
    """A stream of batches whose position can be kept and taken up again."""

    def draw(self) -> Batch | None:
        """The next batch, or None at the end."""

    def state(self) -> dict[str, Any]:
        """The position, as JSON has it, and what tells this stream from others."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go to a position.

        Raises:
            TrainingError: it is one of another stream.
        """
