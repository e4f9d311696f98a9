"""Slot: in which numbers a step is computed; weights and their sums stay as they are."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import torch


class Precision(Protocol):
    """A frozen dataclass."""

    def computing(self, device: torch.device) -> AbstractContextManager[Any]:
        """A context in which losses are computed.

        Raises:
            UnsupportedError: the device cannot.
        """
