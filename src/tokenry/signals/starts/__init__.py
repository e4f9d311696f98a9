"""Slot: what the weights of a codec are before it is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tokenry.signals.network import CodecNetwork


class Start(Protocol):
    """A frozen dataclass."""

    def fill(self, network: CodecNetwork) -> None:
        """Change weights of a network that was just built; what is drawn, torch's seed decides."""
