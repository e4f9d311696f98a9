"""Slot: what encoder and decoder are told beside the item: its label, a text, frames before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled

Site = Literal["encoder", "decoder"]


class Conditioner(Protocol):
    """A frozen dataclass; its module has vectors for each site."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of what it needs to be told."""

    def places(self, site: Site) -> int:
        """Vectors that stand beside the others there."""

    def build(self, encoder: int, decoder: int) -> nn.Module:
        """The module, for vectors of these widths."""

    def vectors(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> Tensor | None:
        """Those beside the others, shape (batch, places, width), or of one item that stands for
        all; None where there are none.

        Raises:
            SignalError: a fact is missing.
        """

    def taps(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> dict[str, Tensor]:
        """What is told in other ways, by the name of the tap that has it."""
