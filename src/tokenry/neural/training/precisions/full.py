"""Full: in the dtype of the weights, which is float32 unless the model was built otherwise."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Full:
    """What CPUs do best."""

    def computing(self, device: torch.device) -> AbstractContextManager[Any]:
        """Nothing changes."""
        return nullcontext()
